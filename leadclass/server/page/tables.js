// A table in, its first rows tagged on the page, the whole of it tagged as a download.

import { askWithFile, save } from "./asking.js";

const SHAPES = { leadership: "▲", management: "■", both: "◆", neither: "·" };
const byId = (id) => document.getElementById(id);

let file = null;
let encoding = "";
let tagging = null;

export function start(open) {
  byId("table").addEventListener("change", (event) => {
    open([...event.target.files]);
    event.target.value = "";
  });
  byId("column").addEventListener("change", (event) => look(event.target.value));
  byId("tag-form").addEventListener("submit", (event) => {
    event.preventDefault();
    tag();
  });
  byId("stop").addEventListener("click", () => tagging?.abort());
}

export function openTable(chosen) {
  file = chosen;
  encoding = "";
  byId("tag-form").hidden = true;
  look("");
}

async function look(column) {
  trouble("");
  const asked = file;
  try {
    const response = await askWithFile("/api/v1/tag/look", file, { column, encoding });
    const table = await response.json();
    if (asked === file) show(table);
  } catch (error) {
    if (asked === file) trouble(error.message, error.encoding);
  }
}

function show({ name, columns, text, rows, tagged }) {
  const choice = byId("column");
  choice.replaceChildren(
    ...columns.map((column) => {
      const option = new Option(column.name, column.name, false, column.name === text);
      option.disabled = !column.is_text;
      return option;
    }),
  );
  byId("table-name").textContent = name;
  byId("preview-text").textContent = text ?? "";
  const place = columns.findIndex((column) => column.name === text);
  byId("preview").replaceChildren(...tagged.map((cells, row) => previewRow(rows[row][place], cells)));
  byId("tag").disabled = place < 0;
  progress(place < 0 ? "No column of this table holds text." : "");
  byId("tag-form").hidden = false;
  byId("choose-table").classList.remove("main");
}

function previewRow(text, [label, leadership, management, traits]) {
  const row = document.createElement("tr");
  row.className = label;
  const shape = Object.assign(document.createElement("span"), {
    className: `shape ${label}`,
    textContent: SHAPES[label],
    ariaHidden: "true",
  });
  const cells = [
    [text ?? ""],
    [shape, ` ${label}`],
    [percent(leadership)],
    [percent(management)],
    [traits.replaceAll("_", " ").replaceAll(";", ", ")],
  ].map((content, place) => {
    const cell = document.createElement("td");
    cell.append(...content);
    if (place === 2 || place === 3) cell.className = "figure";
    return cell;
  });
  row.append(...cells);
  return row;
}

function percent(probability) {
  return probability === null ? "" : `${Math.round(100 * probability)}%`;
}

async function tag() {
  trouble("");
  tagging = new AbortController();
  busy(true);
  progress(`Tagging ${file.name}. A hundred thousand rows take about a minute.`);
  const fields = { column: byId("column").value, unit: byId("unit").value, encoding };
  try {
    const response = await askWithFile("/api/v1/tag", file, fields, tagging.signal);
    const name = tagged(file.name);
    save(await response.blob(), name);
    progress(`Done: ${name} is with your downloads.`);
  } catch (error) {
    progress("");
    if (error.name === "AbortError") progress("Stopped; nothing was written.");
    else trouble(error.message, error.encoding);
  } finally {
    busy(false);
  }
}

function tagged(name) {
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-tagged${name.slice(dot)}`;
}

function busy(is) {
  byId("tag").disabled = is;
  byId("stop").hidden = !is;
  byId("tag-progress").classList.toggle("busy", is);
}

function progress(text) {
  byId("tag-progress").textContent = text;
}

function trouble(text, other) {
  const place = byId("table-trouble");
  place.replaceChildren(text);
  if (!other) return;
  const again = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button",
    textContent: `Read it as ${other}`,
  });
  again.addEventListener("click", () => {
    encoding = other;
    look("");
  });
  place.append(" ", again);
}
