// The page: its two panels, and files that are dropped on it.

import { openDocuments, start as startDocuments } from "./documents.js";
import { openTable, start as startTables } from "./tables.js";

const TABLE = /\.(csv|tsv|tab|jsonl|ndjson|parquet|pq|xlsx)$/i;

const tabs = [...document.querySelectorAll("[role=tab]")];

function show(tab) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
    show(other);
    other.focus();
  });
}

function open(files) {
  const tables = files.filter((file) => TABLE.test(file.name));
  const documents = files.filter((file) => !TABLE.test(file.name));
  if (documents.length) {
    show(document.getElementById("tab-documents"));
    openDocuments(documents);
  }
  if (tables.length) {
    if (!documents.length) show(document.getElementById("tab-tables"));
    openTable(tables[0]);
  }
}

const curtain = document.getElementById("drop");
const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");
let inside = 0;

document.addEventListener("dragenter", (event) => {
  if (!bringsFiles(event)) return;
  inside += 1;
  curtain.hidden = false;
});
document.addEventListener("dragleave", (event) => {
  if (!bringsFiles(event)) return;
  inside -= 1;
  if (inside <= 0) curtain.hidden = true;
});
document.addEventListener("dragover", (event) => {
  if (bringsFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  inside = 0;
  curtain.hidden = true;
  open([...event.dataTransfer.files]);
});

startDocuments(open);
startTables(open);
