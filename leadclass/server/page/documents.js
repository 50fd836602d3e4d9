// Documents in, a report of each that follows as its text is changed.

import { askFor, askJson, askWithFile, save } from "./asking.js";
import { editing, watchStatements } from "./statements.js";

// Long enough that a word is whole, short enough that the report seems to follow.
const PAUSE = 150;
const NAMELESS = "Your text";
// A screen reader is told when typing has stopped.
const SILENCE = 1200;

const byId = (id) => document.getElementById(id);

let pile = [];
let current = null;
let asked = null;
let typing = 0;
let speaking = 0;

export function start(open) {
  byId("text").addEventListener("input", (event) => {
    if (current) current.text = event.target.value;
    else add({ name: NAMELESS, text: event.target.value });
    clearTimeout(typing);
    typing = setTimeout(refresh, PAUSE);
  });
  byId("files").addEventListener("change", (event) => {
    open([...event.target.files]);
    event.target.value = "";
  });
  byId("example").addEventListener("click", tryExample);
  byId("clear").addEventListener("click", clear);
  byId("save").addEventListener("click", saveReport);
  watchStatements(byId("article"), () => current?.text ?? "", replaceText);
}

export async function openDocuments(files) {
  trouble([]);
  const troubles = [];
  const opened = [];
  for (const file of files) {
    say(files.length > 1 ? `Reading ${file.name}` : "");
    try {
      const response = await askWithFile("/page/article", file);
      opened.push(await response.json());
    } catch (error) {
      troubles.push(error.message);
    }
  }
  trouble(troubles);
  if (!opened.length) return;
  drop(current && !current.text.trim() ? current : null);
  for (const found of opened) pile.push({ name: found.name, text: found.text, found });
  rank();
  choose(pile.find((one) => one.found === opened[0]) ?? pile[0]);
  toReport();
}

async function tryExample() {
  const response = await fetch("/page/example.txt");
  drop(current && !current.text.trim() ? current : null);
  add({ name: "An example", text: await response.text() });
  byId("text").value = current.text;
  await refresh();
  toReport();
}

function add(one) {
  pile.push(one);
  current = one;
}

function drop(one) {
  pile = pile.filter((other) => other !== one);
  if (current === one) current = null;
}

function choose(one) {
  asked?.abort();
  current = one;
  byId("text").value = one?.text ?? "";
  if (one?.found) show();
  else refresh();
}

function clear() {
  asked?.abort();
  clearTimeout(typing);
  pile = [];
  current = null;
  byId("text").value = "";
  trouble([]);
  show();
  byId("text").focus();
}

async function refresh() {
  clearTimeout(typing);
  asked?.abort();
  const one = current;
  if (!one?.text.trim()) {
    if (one) one.found = null;
    show();
    return;
  }
  asked = new AbortController();
  try {
    const found = await askJson("/page/article", { name: one.name, text: one.text }, asked.signal);
    one.found = found;
    trouble([]);
    if (one === current) show();
  } catch (error) {
    if (error.name !== "AbortError") trouble([error.message]);
  }
}

function show() {
  rank();
  const found = current?.found;
  byId("welcome").hidden = Boolean(found);
  byId("toolbar").hidden = !found;
  byId("clear").hidden = !pile.length;
  byId("example").hidden = Boolean(found);
  byId("note").textContent = found?.note ? `${found.note}.` : "";
  byId("text-label").textContent = current?.name ?? NAMELESS;
  showPile();
  if (editing()) return;
  byId("article").innerHTML = found?.article ?? ""; // made by the server, which escapes every text
  if (!found) return;
  bringTextUp(byId("article"));
  clearTimeout(speaking);
  speaking = setTimeout(() => say(found.summary), SILENCE);
}

// One who writes wants the marked text before the figures.
function bringTextUp(article) {
  const text = article.querySelector(".text");
  const before = article.querySelector("h3");
  const part = [text];
  while (part[0] && !part[0].matches("h3")) part.unshift(part[0].previousElementSibling);
  if (part[0] && part[0] !== before) before.before(...part);
}

async function replaceText(text) {
  current.text = text;
  byId("text").value = text;
  await refresh();
  return current.found;
}

function rank() {
  const key = (one) => one.found?.balance ?? -2;
  pile.sort((one, other) => key(other) - key(one) || one.name.localeCompare(other.name));
}

function showPile() {
  byId("pile").hidden = pile.length < 2;
  byId("pile-list").replaceChildren(...pile.map(pileEntry));
}

function pileEntry(one) {
  const entry = document.createElement("li");
  const open = document.createElement("button");
  open.type = "button";
  open.className = "entry";
  open.title = one.name;
  if (one === current) open.setAttribute("aria-current", "true");
  const name = Object.assign(document.createElement("span"), { className: "entry-name", textContent: one.name });
  const balance = one.found?.balance ?? null;
  const figures = Object.assign(document.createElement("span"), {
    className: "entry-figures",
    textContent: balance === null ? "neither" : signed(balance),
  });
  open.append(name, scale(balance), figures);
  open.addEventListener("click", () => {
    choose(one);
    toReport();
    byId("pile-list").querySelector("[aria-current]")?.focus();
  });
  const remove = Object.assign(document.createElement("button"), {
    type: "button",
    className: "remove",
    textContent: "×",
    ariaLabel: `Remove ${one.name}`,
  });
  remove.addEventListener("click", () => {
    const wasCurrent = one === current;
    drop(one);
    if (wasCurrent) choose(pile[0] ?? null);
    else show();
    byId("pile-list").querySelector("[aria-current]")?.focus();
  });
  entry.append(open, remove);
  return entry;
}

function scale(balance) {
  const side = balance > 0 ? "leadership" : balance < 0 ? "management" : "both";
  const x = 50 + 46 * (balance ?? 0);
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "entry-scale");
  picture.setAttribute("viewBox", "0 0 100 12");
  picture.setAttribute("aria-hidden", "true");
  const draw = (name, attributes) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    picture.append(part);
  };
  draw("line", { class: "axis", x1: 4, x2: 96, y1: 6, y2: 6 });
  draw("line", { class: "axis", x1: 50, x2: 50, y1: 2, y2: 10 });
  if (balance !== null) {
    draw("line", { class: `reach ${side}`, x1: 50, x2: x, y1: 6, y2: 6 });
    draw("circle", { class: `dot ${side}`, cx: x, cy: 6, r: 4.5 });
  }
  return picture;
}

function signed(balance) {
  const text = Math.abs(balance).toFixed(2);
  return balance < 0 ? `−${text}` : `+${text}`;
}

async function saveReport() {
  const documents = pile
    .filter((one) => one.text.trim())
    .map(({ name, text }) => ({ name, text }));
  try {
    save(await askFor("/page/report", { documents }), "leadclass-report.html");
    say("The report is with your downloads.");
  } catch (error) {
    trouble([error.message]);
  }
}

// On a phone the report is below what was pressed; elsewhere one may be far down another.
function toReport() {
  const { top } = byId("reading").getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.8) byId("reading").scrollIntoView();
}

function trouble(messages) {
  byId("document-trouble").replaceChildren(
    ...messages.map((message) =>
      Object.assign(document.createElement("p"), { textContent: message }),
    ),
  );
}

export function say(text) {
  byId("said").textContent = text;
}
