/** A call of Prisma Client as its source text tells it: which model, which operation, and its argument as a tree of values. */
import type { Span } from "../text/span.ts";
import type { CallOperation } from "./operations.ts";

export interface PrismaCall {
  /** Name of the model in the Prisma schema. */
  readonly model: string;
  readonly operation: CallOperation;
  /** The whole call, from the client's name to the closing parenthesis. */
  readonly span: Span;
  /** The name of the operation: where a problem with the call as a whole is shown. */
  readonly nameSpan: Span;
  /** The call as it stands in the file. */
  readonly text: string;
  /** An empty object where the call has no argument. */
  readonly argument: ObjectArgument;
  /** Relations that follow the call: `findUnique(…).posts()` is `["posts"]` with its own argument. */
  readonly fluent: readonly { readonly name: string; readonly argument: ObjectArgument }[];
  /** What was taken for granted where only the running program knows, in the order of the text. */
  readonly assumptions: readonly Assumption[];
}

export interface Assumption {
  readonly span: Span;
  /** A sentence. */
  readonly text: string;
}

export type CallArgument = LiteralArgument | TaggedArgument | ObjectArgument | ListArgument | RuntimeArgument | AbsentArgument;

export interface LiteralArgument {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

/** A value that JSON has no notation for. */
export interface TaggedArgument {
  readonly kind: "tagged";
  /** `Enum` is `Prisma.JsonNull` and its like; `FieldRef` is a column, `Model.field`. */
  readonly type: "DateTime" | "BigInt" | "Decimal" | "Enum" | "FieldRef";
  readonly value: string;
  readonly span: Span;
}

export interface ObjectArgument {
  readonly kind: "object";
  /** In the order of the text; of two with one name the later holds. */
  readonly entries: readonly ArgumentEntry[];
  /** What is spread into it and known only to the running program. */
  readonly unread: readonly RuntimeArgument[];
  readonly span: Span;
}

export interface ArgumentEntry {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: CallArgument;
}

export interface ListArgument {
  readonly kind: "list";
  readonly items: readonly CallArgument[];
  readonly span: Span;
}

/** Known only to the running program; `text` is the expression. */
export interface RuntimeArgument {
  readonly kind: "runtime";
  readonly text: string;
  readonly span: Span;
}

/** `undefined` and `Prisma.skip`: as if it was not there. */
export interface AbsentArgument {
  readonly kind: "absent";
  readonly span: Span;
}

/** The entry that holds under this name. */
export function entryNamed(object: ObjectArgument, name: string): ArgumentEntry | undefined {
  return object.entries.findLast((entry) => entry.name === name);
}

/** The entries that hold, one a name, in the order in which their names were first written. */
export function entriesOf(object: ObjectArgument): readonly ArgumentEntry[] {
  const last = new Map<string, ArgumentEntry>();
  for (const entry of object.entries) last.set(entry.name, entry);
  return [...last.values()];
}
