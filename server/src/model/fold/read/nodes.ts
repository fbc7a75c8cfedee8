/** Small questions to PostgreSQL's parse tree, whose fields are all optional and whose lists are wrapped nodes. */
import type { DefElem, Node, RangeVar } from "@pgsql/types";

/** The strings of a list of String nodes; anything else is left out. */
export function stringsOf(nodes: readonly Node[] | undefined): string[] {
  const strings: string[] = [];
  for (const node of nodes ?? []) if ("String" in node) strings.push(node.String.sval ?? "");
  return strings;
}

export function stringOf(node: Node | undefined): string | undefined {
  return node !== undefined && "String" in node ? (node.String.sval ?? "") : undefined;
}

/** The items of a List node; the node itself when it is none. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return "List" in node ? (node.List.items ?? []) : [node];
}

/** The parts of a name that the tree gives as a list, a String or a TypeName. */
export function pathOf(node: Node | undefined): string[] {
  if (node === undefined) return [];
  if ("List" in node) return stringsOf(node.List.items);
  if ("String" in node) return [node.String.sval ?? ""];
  if ("TypeName" in node) return stringsOf(node.TypeName.names);
  return [];
}

/** The path as a range variable: the last part names the relation, the one before it its schema. */
export function rangeVarOf(path: readonly string[]): RangeVar {
  const relname = path.at(-1) ?? "";
  const schemaname = path.at(-2);
  return schemaname === undefined ? { relname } : { schemaname, relname };
}

/** The options of a statement by name; of a repeated one the last. */
export function optionsOf(nodes: readonly Node[] | undefined): Map<string, DefElem> {
  const options = new Map<string, DefElem>();
  for (const node of nodes ?? []) {
    if ("DefElem" in node && node.DefElem.defname !== undefined) options.set(node.DefElem.defname, node.DefElem);
  }
  return options;
}

/** The value of an option as text: a word, a string, a number, a type or a name. */
export function textOfValue(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ("String" in node) return node.String.sval ?? "";
  if ("Integer" in node) return String(node.Integer.ival ?? 0);
  if ("Float" in node) return node.Float.fval ?? "";
  if ("Boolean" in node) return String(node.Boolean.boolval ?? false);
  if ("TypeName" in node) return stringsOf(node.TypeName.names).join(".");
  if ("List" in node) return (node.List.items ?? []).map((item) => textOfValue(item) ?? "").join(", ");
  if ("A_Const" in node) return textOfConstant(node);
  if ("ColumnRef" in node) return stringsOf(node.ColumnRef.fields).join(".");
  return undefined;
}

/** A literal's text, without quotes; undefined for NULL and for what is no literal. */
export function textOfConstant(node: Node): string | undefined {
  if (!("A_Const" in node)) return undefined;
  const { ival, fval, boolval, sval, bsval, isnull } = node.A_Const;
  if (isnull) return undefined;
  if (sval !== undefined) return sval.sval ?? "";
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return fval.fval ?? "0";
  if (boolval !== undefined) return String(boolval.boolval ?? false);
  return bsval?.bsval;
}

/**
 * Visits every node below `value`, in the order of the text and outermost first, except below a node for which `visit`
 * answers false. Parts of a node that the tree does not wrap, such as a TypeCast's TypeName, are not visited themselves.
 * However deeply the tree nests, the stack does not.
 */
export function eachNode(value: unknown, visit: (node: Node) => boolean): void {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current !== "object" || current === null) continue;
    if (!Array.isArray(current) && isNode(current) && !visit(current)) continue;
    const parts: unknown[] = Object.values(current);
    for (let i = parts.length - 1; i >= 0; i--) if (typeof parts[i] === "object") open.push(parts[i]);
  }
}

/** A wrapped node is an object with its type's name as the only key; field names start in lower case. */
export function isNode(value: object): value is Node {
  for (const key in value) return /^[A-Z]/.test(key);
  return false;
}
