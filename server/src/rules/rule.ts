/**
 * The shape of a rule: metadata, one pure generator, examples. Rules know the model and intents, never syntax;
 * they have no state, no clock, no settings lookup and do no I/O.
 */
import type { Intent } from "../edits/intent.ts";
import type { Origins, Schema } from "../model/schema.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** `safe` keeps meaning and data; `review` is offered but never part of fix-all. */
export type Safety = "safe" | "review";

export interface Fix {
  /** Imperative: "Add an index on account_id". */
  readonly title: string;
  readonly safety: Safety;
  readonly intent: Intent;
}

/** A further place that explains a finding. */
export interface Related {
  readonly at: Origins;
  readonly message: string;
}

/** What a rule yields; `run.ts` makes a `Finding` of it. */
export interface RuleFinding {
  /** Where it is shown is the first text origin. */
  readonly at: Origins;
  /** Stable across edits, in database names: `schema.table`, `schema.table(column, column)`, `schema.table.constraint_or_index`. */
  readonly subject: string;
  /** At most 120 characters, names the object, says what. */
  readonly message: string;
  readonly fix?: Fix | undefined;
  readonly related?: readonly Related[];
  /** Why it may not hold: something that could contradict it was not read. It then counts one severity less. */
  readonly doubt?: string | undefined;
}

/** One example. Markers under a line say where and what: `//  ^^^^ message` in Prisma, `--  ^^^^ message` in SQL. */
export interface Example {
  /** What this example shows, for the rule's page. */
  readonly title?: string;
  /** Exactly one of `prisma` and `sql`. The Prisma text needs no datasource or generator. */
  readonly prisma?: string;
  readonly sql?: string;
  /** The text after the first finding's fix; required in a bad example of a rule with a fix. */
  readonly fixed?: string;
}

export type OptionValue = string | number | boolean | readonly string[];

export interface RuleOption<T extends OptionValue = OptionValue> {
  readonly default: T;
  readonly description: string;
}

export interface RuleMetadata {
  /** `no-x` forbids, `require-x` demands, `prefer-x` offers better. */
  readonly id: string;
  /** Earlier or catalogue names. */
  readonly aliases?: readonly string[];
  readonly group: "schema" | "migration" | "query" | "code" | "live" | "suppression";
  readonly severity: Severity;
  readonly since: string;
  /** One sentence, imperative. */
  readonly summary: string;
  /** What happens otherwise. */
  readonly why: string;
  /** Addresses of the manual pages a claim rests on. */
  readonly sources: readonly string[];
  readonly options?: Readonly<Record<string, RuleOption>>;
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] };
}

export type OptionValues = Readonly<Record<string, OptionValue>>;

export interface SchemaRule extends RuleMetadata {
  readonly group: "schema";
  check(schema: Schema, options: OptionValues): Iterable<RuleFinding>;
}

/** About the comments that suppress findings; `suppress.ts` checks all of them in one pass over the texts. */
export interface SuppressionRule extends RuleMetadata {
  readonly group: "suppression";
}

/** Grows with the groups: migration, query, code and live rules each bring their own `check`. */
export type Rule = SchemaRule | SuppressionRule;

export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}

/** What the product reports: one per rule and place. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly subject: string;
  readonly at: Origins;
  readonly fix: Fix | undefined;
  readonly related: readonly Related[];
  /** Why it may not hold; the severity is already lowered by one. */
  readonly doubt: string | undefined;
}
