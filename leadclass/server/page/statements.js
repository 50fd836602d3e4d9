// A report's statements, each of which can be reworded in its place.

// The statement that is being reworded: its element, what it was, and what was shown.
let open = null;

export const editing = () => open !== null;

export function watchStatements(place, textOf, replaceText) {
  const statementAt = (event) => event.target.closest?.("[data-start]");
  const keep = () => close(place, textOf, replaceText);

  place.addEventListener("click", (event) => {
    const statement = statementAt(event);
    if (!statement || open?.element === statement || !getSelection().isCollapsed) return;
    begin(statement, textOf());
  });
  place.addEventListener("keydown", (event) => {
    const statement = statementAt(event);
    if (!statement || event.isComposing) return;
    if (open) {
      if (event.key === "Enter") keep();
      else if (event.key === "Escape") leave();
      else return;
    } else if (event.key === "Enter") begin(statement, textOf());
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      beside(place, statement, event.key === "ArrowDown" ? 1 : -1)?.focus();
    } else return;
    event.preventDefault();
  });
  place.addEventListener("focusout", (event) => {
    if (open && event.target === open.element) keep();
  });
  // Statements that are not marked are reached with the arrow keys, not with Tab.
  new MutationObserver(() => {
    const statements = [...place.querySelectorAll("[data-start]")];
    for (const one of statements) if (!one.hasAttribute("tabindex")) one.tabIndex = -1;
    if (statements.length && !statements.some((one) => one.tabIndex === 0)) statements[0].tabIndex = 0;
  }).observe(place, { childList: true });
}

function beside(place, statement, step) {
  const all = [...place.querySelectorAll("[data-start]")];
  return all[all.indexOf(statement) + step];
}

// Places count whole characters, of which some are two of JavaScript's.
function cut(text, element) {
  const characters = Array.from(text);
  const start = Number(element.dataset.start);
  const end = Number(element.dataset.end);
  return {
    before: characters.slice(0, start).join(""),
    words: characters.slice(start, end).join("").split(/\s+/).join(" ").trim(),
    after: characters.slice(end).join(""),
  };
}

function begin(element, text) {
  const shown = [...element.childNodes];
  open = { element, text, shown, ...cut(text, element) };
  element.textContent = open.words;
  try {
    element.contentEditable = "plaintext-only";
  } catch {
    element.contentEditable = "true"; // of what is pasted the text alone is read all the same
  }
  element.classList.add("editing");
  element.setAttribute("role", "textbox");
  element.setAttribute("aria-label", "Reword this statement; Enter keeps it, Escape leaves it");
  element.focus();
  getSelection().selectAllChildren(element);
  getSelection().collapseToEnd();
}

function leave() {
  const { element, shown } = open;
  open = null;
  settle(element);
  element.replaceChildren(...shown);
  element.focus();
}

async function close(place, textOf, replaceText) {
  const { element, words, before, after, text } = open;
  const reworded = element.textContent.split(/\s+/).join(" ").trim();
  if (reworded === words || text !== textOf()) {
    leave();
    return;
  }
  open = null;
  settle(element);
  await replaceText(before + reworded + after);
  const again = place.querySelector(`[data-start="${element.dataset.start}"]`);
  // The focus went with the old report, unless it had moved on.
  if (document.activeElement === document.body) again?.focus();
  again?.classList.add("rescored");
}

function settle(element) {
  element.removeAttribute("contenteditable");
  element.removeAttribute("role");
  element.removeAttribute("aria-label");
  element.classList.remove("editing");
}
