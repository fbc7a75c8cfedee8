/**
 * JSON as people keep settings in it: with comments and trailing commas, half-typed while they type. What can be
 * understood is read, what cannot is a problem, and every value knows its place.
 */
import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";

export interface Jsonc {
  /** Undefined for a text without any value. */
  readonly value: unknown;
  /** Where the text is no JSON, or says the same twice. */
  readonly problems: readonly Problem[];
  /** Of a value, or of the key that it stands under; of the innermost part of `path` that there is. */
  spanOf(path: readonly (string | number)[], part: "key" | "value"): Span;
}

export function readJsonc(text: string): Jsonc {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    // A byte order mark stays in the count.
    root = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true, allowEmptyContent: true });
  } catch {
    // The parser calls itself for what is nested.
    return { value: undefined, problems: [problemAt({ offset: 0, length: 1 }, "This is nested too deeply.")], spanOf: () => nowhere };
  }
  // What is open at the end is missing as often as it was opened.
  const places = errors.filter(({ offset }, at) => offset !== errors[at - 1]?.offset);
  const problems = places.map((error) => problemAt(error, `This is not JSON: ${wordsOf(printParseErrorCode(error.error))}.`));
  if (root === undefined) return { value: undefined, problems, spanOf: () => nowhere };
  const tree = root;
  return {
    value: getNodeValue(tree),
    problems: [...problems, ...repeatedKeys(tree).map((key) => problemAt(key, `${JSON.stringify(key.value)} is set twice; this one holds.`))],
    spanOf(path, part) {
      const node = innermost(tree, path);
      return spanOf(part === "key" && node.parent?.type === "property" ? (node.parent.children?.[0] ?? node) : node);
    },
  };
}

const nowhere: Span = { start: 0, end: 0 };

function innermost(root: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function repeatedKeys(root: Node): readonly Node[] {
  const found: Node[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const known = new Set<unknown>();
    for (const child of node.children ?? []) {
      open.push(child);
      const key = child.type === "property" ? child.children?.[0] : undefined;
      if (key === undefined) continue;
      if (known.has(key.value)) found.push(key);
      known.add(key.value);
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

function problemAt(place: { readonly offset: number; readonly length: number }, message: string): Problem {
  return { span: spanOf(place), message, severity: "error", code: "json-syntax" };
}

function spanOf({ offset, length }: { readonly offset: number; readonly length: number }): Span {
  return { start: offset, end: offset + length };
}

/** `CommaExpected` as `comma expected`. */
function wordsOf(code: string): string {
  return code.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}
