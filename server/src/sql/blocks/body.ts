/** The body of a DO statement: its text, and where that stands in the statement. */
import type { Node } from "@pgsql/types";

export interface BlockBody {
  readonly language: string;
  readonly text: string;
  /** UTF-16 offsets of the body in the statement. When it is quoted with doubled quotes, they are near enough for a message. */
  readonly start: number;
  readonly end: number;
}

/** Undefined when the node is no DO statement. */
export function blockBody(node: Node, text: string): BlockBody | undefined {
  if (!("DoStmt" in node)) return undefined;
  let language = "plpgsql";
  let body: string | undefined;
  for (const argument of node.DoStmt.args ?? []) {
    if (!("DefElem" in argument)) continue;
    const { defname, arg } = argument.DefElem;
    const value = arg !== undefined && "String" in arg ? (arg.String.sval ?? "") : undefined;
    if (defname === "language") language = value?.toLowerCase() ?? language;
    if (defname === "as") body = value;
  }
  if (body === undefined) return undefined;
  const found = text.indexOf(body);
  const start = found >= 0 ? found : text.indexOf("'") + 1;
  return { language, text: body, start, end: Math.min(start + body.length, text.length) };
}
