/** EXPLAIN's YAML and XML, turned into what FORMAT JSON would have written. A sentence when the text is not whole. */
import { isObject } from "./planObject.ts";

/** More levels than PostgreSQL's own stack allows, three for each level of a plan. */
const deepest = 3_000;

type Writable = Record<string, unknown>;

// ---------------------------------------------------------------------------------------------------- YAML

interface Line {
  readonly indent: number;
  readonly content: string;
}

/** PostgreSQL writes a small part of YAML: maps and lists by indentation, strings as JSON has them. */
export function yamlValue(text: string): unknown {
  const lines = text.split(/\r?\n/).flatMap((line): Line[] => (line.trim() === "" ? [] : [{ indent: line.length - line.trimStart().length, content: line.trim() }]));
  return new YamlReader(lines).block(lines[0]?.indent ?? 0, 0);
}

class YamlReader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  block(indent: number, depth: number): unknown {
    const first = this.#lines[this.#at];
    if (first === undefined || depth > deepest) return null;
    return isItem(first) ? this.#list(indent, depth) : this.#map(indent, depth);
  }

  #list(indent: number, depth: number): unknown[] {
    const list: unknown[] = [];
    for (let line = this.#lines[this.#at]; line !== undefined && line.indent === indent && isItem(line); line = this.#lines[this.#at]) {
      const content = line.content.slice(1).trim();
      if (keyOf(content) === undefined) {
        this.#at++;
        list.push(scalar(content));
      } else list.push(this.#map(indent + 2, depth + 1, content));
    }
    return list;
  }

  /** `first`: the entry that stands behind a list's dash. */
  #map(indent: number, depth: number, first?: string): Writable {
    const map: Writable = {};
    let content = first;
    while (true) {
      const line = this.#lines[this.#at];
      if (line === undefined || (content === undefined && (line.indent !== indent || isItem(line)))) return map;
      const entry = content ?? line.content;
      content = undefined;
      this.#at++;
      const key = keyOf(entry);
      if (key === undefined) continue;
      const value = entry.slice(key.length + 1).trim();
      const next = this.#lines[this.#at];
      if (value !== "") map[key] = scalar(value);
      else map[key] = next !== undefined && next.indent > indent - (isItem(next) ? 1 : 0) ? this.block(next.indent, depth + 1) : [];
    }
  }
}

function isItem({ content }: Line): boolean {
  return content === "-" || content.startsWith("- ");
}

function keyOf(content: string): string | undefined {
  return /^([A-Za-z][^":]*):(?: |$)/.exec(content)?.[1];
}

function scalar(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

// ---------------------------------------------------------------------------------------------------- XML

interface Element {
  readonly name: string;
  readonly children: { readonly name: string; readonly value: unknown }[];
  text: string;
}

/** The list that FORMAT JSON would be: an object for each `<Query>`. */
export function xmlValue(text: string): unknown {
  const open: Element[] = [{ name: "", children: [], text: "" }];
  for (const [, closing, name, empty, characters] of text.matchAll(/<(\/?)([\w.:-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)/g)) {
    const top = open.at(-1);
    if (top === undefined) break;
    if (characters !== undefined) top.text += characters;
    else if (name === undefined) continue;
    else if (closing === "/") {
      if (open.length > 1 && top.name === name) close(open);
    } else {
      open.push({ name, children: [], text: "" });
      if (open.length > deepest) return [];
      if (empty === "/") close(open);
    }
  }
  // A text that ends too early has what came before.
  while (open.length > 1) close(open);
  const explained = open[0]?.children.find(({ name }) => name === "explain")?.value ?? objectOf(open[0]?.children ?? []);
  const queries = isObject(explained) ? explained["Query"] : undefined;
  return Array.isArray(queries) ? queries : [queries];
}

const lists = new Set(["Plans", "Workers", "Triggers", "Sort Methods Used", "Grouping Sets"]);
const expressions = /^(?!Rows ).*(?:Filter|Cond|Key|Text|Output|Name|SQL|Alias)/;

function close(open: Element[]): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined) return;
  const name = jsonName(element.name);
  const { children } = element;
  const isList = lists.has(name) || (children.length > 0 && children.every((child) => child.name === "Item"));
  const value = isList ? children.map((child) => child.value) : children.length > 0 ? objectOf(children) : valueOf(name, unescaped(element.text).trim());
  parent.children.push({ name, value });
}

function objectOf(children: Element["children"]): Writable {
  const object: Writable = {};
  for (const { name, value } of children) {
    const before = object[name];
    object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return object;
}

/** An XML name has no blanks and no slashes. */
function jsonName(name: string): string {
  return name
    .replaceAll("-", " ")
    .replace("I O ", "I/O ")
    .replace(/^(One|Full|Pre) (Time|sort|sorted)\b/, "$1-$2");
}

function valueOf(name: string, text: string): unknown {
  if (expressions.test(name)) return text;
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll(/&#x([0-9a-fA-F]{1,6});/g, (whole, digits: string) => (Number.parseInt(digits, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(digits, 16)) : whole))
    .replaceAll("&amp;", "&");
}
