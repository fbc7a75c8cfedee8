/** What the statements behind ALTER TYPE … ADD VALUE write: the new value among it is refused until the transaction ends. */
import type { Statement } from "../../../sql/syntax.ts";
import type { StatementChange } from "../../changes.ts";
import { eachNode, textOfConstant } from "../read/nodes.ts";

/** The changes of a file, with its literals where it adds values to an enum. Costs nothing where it does not. */
export function withMentions(statements: readonly Statement[], uri: string, changes: readonly StatementChange[]): readonly StatementChange[] {
  const isAddition = ({ changes: all }: StatementChange): boolean => all.some((change) => change.do === "addEnumValue");
  if (!changes.some(isAddition)) return changes;
  const byAnchor = new Map<object | undefined, StatementChange[]>();
  for (const change of changes) {
    const [first] = change.at;
    const anchor = first.kind === "sql" ? first.anchor : undefined;
    byAnchor.set(anchor, [...(byAnchor.get(anchor) ?? []), change]);
  }
  let isBehind = false;
  return statements.flatMap((statement) => {
    const own = byAnchor.get(statement.anchor) ?? [];
    const mention = isBehind ? mentionOf(statement, uri) : undefined;
    isBehind ||= own.some(isAddition);
    return mention === undefined ? own : [...own, mention];
  });
}

const mentions = new WeakMap<object, { readonly uri: string; readonly mention: StatementChange | undefined }>();

function mentionOf(statement: Statement, uri: string): StatementChange | undefined {
  const known = mentions.get(statement.anchor);
  if (known?.uri === uri) return known.mention;
  const mention = readMention(statement, uri);
  mentions.set(statement.anchor, { uri, mention });
  return mention;
}

/** Functions keep their text until they are called, and comments say anything. */
function readMention({ tree, anchor, text }: Statement, uri: string): StatementChange | undefined {
  if (tree === undefined || "CreateFunctionStmt" in tree || "CommentStmt" in tree || "AlterEnumStmt" in tree) return undefined;
  const literals = new Set<string>();
  eachNode(tree, (node) => {
    const literal = textOfConstant(node);
    if (literal !== undefined) literals.add(literal);
    return true;
  });
  if (literals.size === 0) return undefined;
  const nameSpan = { start: 0, end: /^\w*/.exec(text)?.[0].length ?? 0 };
  const at = [{ kind: "sql", uri, anchor, span: { start: 0, end: text.length }, nameSpan }] as const;
  return { at, changes: [{ do: "mention", at, literals: [...literals] }], isInBlock: false };
}
