/** Diagrams in the formats of others, read by their own parsers; SVG by a strict one of ours. */
import assert from "node:assert/strict";
import { Parser } from "@dbml/core";
import mermaid from "mermaid";
import * as v from "valibot";

export interface ReadTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly notes: readonly (string | null)[];
}

/** As DBML's own parser reads it. `doubled` are those that it refuses, which stand as comments. */
export function dbmlTables(text: string): { readonly tables: readonly ReadTable[]; readonly references: number; readonly doubled: number; readonly enumValues: readonly string[] } {
  const { schemas } = new Parser().parse(text, "dbmlv2");
  const tables = schemas.flatMap((schema) =>
    schema.tables.map((table) => ({
      name: table.name,
      line: table.token.start.line,
      columns: table.fields.map(({ name }) => name),
      notes: table.fields.map(({ note }) => note),
    })),
  );
  assert.equal(tables.length, [...text.matchAll(/^Table /gm)].length);
  return {
    tables: tables.sort((a, b) => a.line - b.line),
    references: schemas.reduce((count, { refs }) => count + refs.length, 0),
    doubled: [...text.matchAll(/^\/\/ Ref /gm)].length,
    enumValues: schemas.flatMap(({ enums }) => enums.flatMap(({ values }) => values.map(({ name }) => name))),
  };
}

/** As Mermaid's own parser reads it. */
export async function mermaidTables(text: string): Promise<readonly { readonly name: string; readonly columns: number }[]> {
  const entities: unknown = await askMermaid(text, "getEntities");
  return [...v.parse(entitiesShape, entities)].map(([word, { alias, attributes }]) => ({
    name: withCharacters(alias === "" ? word : alias),
    columns: attributes.length,
  }));
}

export async function mermaidRelations(text: string): Promise<number> {
  return v.parse(v.array(v.unknown()), await askMermaid(text, "getRelationships")).length;
}

async function askMermaid(text: string, question: "getEntities" | "getRelationships"): Promise<unknown> {
  // Mermaid learns its kinds of diagrams when it is first asked to parse.
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const ask: unknown = Reflect.get(db, question);
  assert.ok(typeof ask === "function");
  return ask.call(db);
}

const entitiesShape = v.map(v.string(), v.object({ alias: v.string(), attributes: v.array(v.unknown()) }));

/** Mermaid keeps `#quot;` as `ﬂ°quot¶ß` and `#35;` as `ﬂ°°35¶ß` until it draws. */
function withCharacters(text: string): string {
  return text
    .replaceAll(/ﬂ°°(\d+)¶ß/g, (_match, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/ﬂ°(quot|lt|gt)¶ß/g, (_match, name: string) => ({ quot: '"', lt: "<", gt: ">" })[name] ?? "");
}

export interface XmlElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of it and what is in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** One element and nothing beside it. @throws an assertion for whatever is not well-formed XML. */
export function readXml(written: string): XmlElement {
  const tokens = /<(?<end>\/?)(?<tag>[A-Za-z][\w-]*)(?<attributes>(?:\s+[A-Za-z_][\w:-]*="[^"<]*")*)\s*(?<empty>\/?)>|(?<text>[^<]+)/gy;
  const open: { tag: string; attributes: Map<string, string>; text: string; children: XmlElement[] }[] = [{ tag: "", attributes: new Map(), text: "", children: [] }];
  while (tokens.lastIndex < written.length) {
    const { lastIndex } = tokens;
    const { end, tag = "", attributes = "", empty, text } = tokens.exec(written)?.groups ?? {};
    const inner = open.at(-1);
    assert.ok(inner !== undefined && (tag !== "" || text !== undefined), `no XML: ${JSON.stringify(written.slice(lastIndex, lastIndex + 200))}`);
    if (text !== undefined) {
      assert.ok(open.length > 1 || text.trim() === "", `beside the document's element: ${text}`);
      inner.text += withReferences(text);
    } else if (end === "/") {
      assert.equal(inner.tag, tag);
      open.pop();
      const outer = open.at(-1);
      outer?.children.push(inner);
      if (outer !== undefined) outer.text += inner.text;
    } else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, withReferences(value)] as const);
      const element = { tag, attributes: new Map(pairs), text: "", children: [] };
      assert.equal(element.attributes.size, pairs.length, `an attribute twice: ${attributes}`);
      if (empty === "/") inner.children.push(element);
      else open.push(element);
    }
  }
  const [whole] = open;
  assert.equal(open.length, 1, `<${open.at(-1)?.tag ?? ""}> has no end`);
  const [root, ...others] = whole?.children ?? [];
  assert.ok(root !== undefined && others.length === 0, "a document has one element");
  return root;
}

/** An element and everything in it. */
export function* elementsOf(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* elementsOf(child);
}

function withReferences(text: string): string {
  // Characters that XML 1.0 has not.
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  return text.replaceAll(/&(\w*;?)/g, (_all, name: string) => {
    const character = { "amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"' }[name];
    assert.ok(character !== undefined, `no reference: &${name}`);
    return character;
  });
}
