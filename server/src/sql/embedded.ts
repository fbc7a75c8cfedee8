/** SQL inside TypeScript and JavaScript: Prisma's raw queries and `sql` templates. Never throws. */
import type { Span } from "../text/span.ts";

export interface EmbeddedQuery {
  /** `$queryRaw`, `$executeRaw`, `$queryRawUnsafe`, `$executeRawUnsafe`, `Prisma.sql` or `sql`. */
  readonly tag: string;
  /** The SQL, with `$1`, `$2`… where the source has `${…}`. */
  readonly sql: string;
  /** What stands between the delimiters in the source. */
  readonly span: Span;
  /** One for each `${…}`, in order. */
  readonly parameters: readonly { readonly expression: Span }[];
  /** The source offset of an offset in `sql`; inside a `$1` it is the start of its `${…}`. */
  sourceOffset(offset: number): number;
}

export function embeddedSql(_uri: string, _text: string): EmbeddedQuery[] {
  return [];
}
