// Questions to the server in, its answers out; what goes wrong is an Error whose message can be shown.

const UNREACHABLE = "leadclass does not answer. Is it still running in its terminal?";

export async function askJson(address, fields, signal) {
  const response = await ask(address, {
    body: JSON.stringify(fields),
    headers: { "Content-Type": "application/json" },
    signal,
  });
  return response.json();
}

export async function askWithFile(address, file, fields = {}, signal) {
  const body = new FormData();
  body.append("file", file);
  for (const [name, value] of Object.entries(fields)) {
    if (value) body.append(name, value);
  }
  return ask(address, { body, signal });
}

export async function askFor(address, fields) {
  const response = await ask(address, {
    body: JSON.stringify(fields),
    headers: { "Content-Type": "application/json" },
  });
  return response.blob();
}

export class Refusal extends Error {
  constructor(error, name) {
    super(sentence(error, name));
    this.encoding = /encoding with (\S+)/.exec(error.remedy ?? "")?.[1];
  }
}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { method: "POST", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(UNREACHABLE);
  }
  if (response.ok) return response;
  const name = options.body instanceof FormData ? options.body.get("file").name : "";
  let said;
  try {
    said = (await response.json()).error;
  } catch {
    throw new Error(UNREACHABLE);
  }
  throw new Refusal(said, name);
}

function sentence({ problem, row, line, column, remedy }, name) {
  const place = [
    name,
    row ? `row ${row}` : line ? `line ${line}` : "",
    column && column !== "text" && column !== "documents" ? `column “${column}”` : "",
  ].filter(Boolean);
  const what = place.length ? `${place.join(", ")}: ${problem}.` : capital(`${problem}.`);
  const instead = (remedy ?? "").replace(/the field encoding with (\S+)/, "reading it as $1");
  return instead ? `${what} ${capital(instead)}.` : what;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
