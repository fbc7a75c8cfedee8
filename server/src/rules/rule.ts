/**
 * The shape of a rule: metadata, one or two pure generators, examples. Rules know the model and intents, never syntax;
 * they have no state, no clock, no settings lookup and do no I/O.
 */
import type { Intent } from "../edits/intent.ts";
import type { Migration, MigrationStatement, Sending } from "../model/migration/migration.ts";
import type { Origins, Schema, Table } from "../model/schema.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** `safe` keeps meaning and data; `review` is offered but never part of fix-all. */
export type Safety = "safe" | "review";

export interface Fix {
  /** Imperative: "Add an index on account_id". */
  readonly title: string;
  readonly safety: Safety;
  readonly intent: Intent;
}

/**
 * A fix that depends on more than the finding does, such as every column that is tied to this one: made when somebody
 * asks for it, of the schema of that moment. Undefined when there is none after all.
 */
export type FixOnDemand = (schema: Schema) => Fix | undefined;

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
  readonly fix?: Fix | FixOnDemand | undefined;
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
  /** Options that it needs, where the defaults find nothing. */
  readonly options?: OptionValues;
  /** SQL of the migrations behind `prisma`, joined to it; without markers. */
  readonly history?: string;
  /** How the example, a migration over `history`, is sent; all at once unless said, as Prisma sends it. */
  readonly sending?: Sending;
  /** Other migrations have a way back, and this one has none. */
  readonly lacksWayBack?: boolean;
  /** The PostgreSQL it is for; 15 unless said. */
  readonly postgresVersion?: number;
  /** The text after the first finding's fix; required in a bad example of a rule with a fix. */
  readonly fixed?: string;
  /** What the first finding's fix adds to `history`: instead of `fixed`, or behind it. Several files follow one another. */
  readonly migration?: string;
}

export type OptionValue = string | number | boolean | readonly string[];

export interface RuleOption<T extends OptionValue = OptionValue> {
  readonly default: T;
  readonly description: string;
}

export const categories = ["keys", "types", "design", "relations", "indexes", "security", "privacy", "locks", "changes", "documentation", "suppression"] as const;

/** The folder a rule lies in, and its heading in the table of rules. */
export type Category = (typeof categories)[number];

export const presets = ["recommended", "strict", "all"] as const;

/** How much is switched on: what nearly everybody wants, house rules of careful teams too, or everything there is. */
export type Preset = (typeof presets)[number];

export interface RuleMetadata {
  /** `no-x` forbids, `require-x` demands, `prefer-x` offers better. */
  readonly id: string;
  /** Earlier or catalogue names. */
  readonly aliases?: readonly string[];
  readonly group: "schema" | "migration" | "query" | "code" | "live" | "suppression";
  readonly category: Category;
  /** An error only for what fails or loses data; opinions are information. */
  readonly severity: Severity;
  /** The smallest preset that has it on; `recommended` unless said. */
  readonly preset?: Preset;
  /** Where such a thing can be written; in both languages unless said. */
  readonly languages?: readonly ("prisma" | "sql")[];
  /** Major versions of PostgreSQL that it holds for, both inclusive; all of them unless said. */
  readonly postgres?: { readonly from?: number; readonly to?: number };
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

/** What a rule is run with, besides the schema. */
export interface RuleContext {
  readonly options: OptionValues;
  /** Major version of the PostgreSQL that the schema is for. */
  readonly postgresVersion: number;
}

/** At least one of the two generators. */
export interface SchemaRule extends RuleMetadata {
  readonly group: "schema";
  /**
   * What is to say about one table, for each table that somebody can change (none of implied ones). Runs again only when
   * this table changes, or something that was looked up through `schema`: look up what is needed by its key, with
   * `schema.tables.get` and the questions of `model/queries.ts`; going through all tables makes it run at every edit.
   */
  checkTable?(table: Table, schema: Schema, context: RuleContext): Iterable<RuleFinding>;
  /** What is to say about everything else: views, types, routines, grants. Runs again when one of the maps it went through changes. */
  checkSchema?(schema: Schema, context: RuleContext): Iterable<RuleFinding>;
}

/** About what a migration does to a database in use. At least one of the two generators. */
export interface MigrationRule extends RuleMetadata {
  readonly group: "migration";
  /**
   * What is to say about one statement; `migration` is the file around it. Statements that concern nothing but what the
   * same file made come without changes. Runs again when something in the file changes.
   */
  checkStatement?(statement: MigrationStatement, migration: Migration, context: RuleContext): Iterable<RuleFinding>;
  /** What is to say about the file as a whole, once. */
  checkFile?(migration: Migration, context: RuleContext): Iterable<RuleFinding>;
}

/** About the comments that suppress findings; `suppress.ts` checks all of them in one pass over the texts. */
export interface SuppressionRule extends RuleMetadata {
  readonly group: "suppression";
}

/** Grows with the groups: query, code and live rules each bring their own `check`. */
export type Rule = SchemaRule | MigrationRule | SuppressionRule;

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
  readonly fix: Fix | FixOnDemand | undefined;
  readonly related: readonly Related[];
  /** Why it may not hold; the severity is already lowered by one. */
  readonly doubt: string | undefined;
}

/** The fix of a finding, for the schema it was found in. */
export function fixIn(schema: Schema, { fix }: Pick<Finding, "fix">): Fix | undefined {
  return typeof fix === "function" ? fix(schema) : fix;
}
