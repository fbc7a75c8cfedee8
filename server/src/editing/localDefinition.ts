/** Where a statement itself defines a name that it uses: a common table expression. */
import { referencesOf } from "../sql/references.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { shift, type Span } from "../text/span.ts";
import { statementAt } from "./objectAt.ts";

/** The name behind WITH, for the name of a common table expression at an offset. */
export function localDefinition(file: SqlFile, offset: number): Span | undefined {
  const statement = statementAt(file, offset);
  if (statement === undefined) return undefined;
  const within = offset - statement.span.start;
  const references = referencesOf(statement);
  const used = references.find(({ kind, isLocal, span }) => kind === "relation" && isLocal && span.start <= within && within <= span.end);
  if (used === undefined) return undefined;
  const [name] = used.path;
  // The nearest one in front: an inner query may call something else by the same name.
  const defined = references.findLast(
    (one) => one.role === "defines" && one.isLocal && one.path[0] === name && one.span.start <= used.span.start,
  );
  return defined === undefined ? undefined : shift(defined.span, statement.span.start);
}
