/** What was computed and may be used again: a memory of one for every step on the way from texts to findings. */
import type { NameCheck } from "../editing/undefinedNames.ts";
import { schemaRules } from "../rules/registry.ts";
import type { SchemaRule } from "../rules/rule.ts";
import type { MigrationRun } from "../rules/runMigrations.ts";
import type { RuleRun } from "../rules/run.ts";
import type { RuleSettings } from "../rules/settings.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { Query } from "../sql/queries/query.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { FoldedSql } from "../model/fromSql.ts";
import type { Schema } from "../model/schema.ts";
import type { Problem } from "../text/problem.ts";
import type { FileText } from "../text/fileHost.ts";
import { type Counters, newCounters } from "./counters.ts";
import type { CheckedProject, ReadSql } from "./checkedProject.ts";
import type { ReadConfiguration } from "./configuration.ts";
import type { Discovery } from "./discover.ts";
import { LastCall } from "./lastCall.ts";
import type { RulesInForce } from "./rulesInForce.ts";
import type { TextFile } from "./textFile.ts";
import type { WayBackCheck } from "./wayBackCheck.ts";

export type Tree = { readonly kind: "prisma"; readonly file: PrismaFile } | { readonly kind: "sql"; readonly file: SqlFile };

/** Told about faults of ours; they never reach the person as such. */
export type Log = (what: string, error: unknown) => void;

export class Memory {
  readonly log: Log;
  readonly rules: readonly SchemaRule[];
  readonly counters: Counters = newCounters();
  readonly discovery = new LastCall<Discovery>();
  readonly rulesInForce = new LastCall<RulesInForce>();
  /** A text that was read from the disk, with its lines. */
  readonly texts = new WeakMap<FileText, TextFile>();
  /** How often a large statement of a file was read in the background, by URI: each time its tree is made again. */
  readonly statementsRead = new Map<string, number>();
  /** Names of what failed: its results are missing, and people are told. */
  readonly faults = new Set<string>();
  readonly #names = new Map<string, LastCall<readonly Problem[]>>();
  readonly #nameChecks = new Map<string, LastCall<NameCheck>>();
  readonly #wayBackStarts = new Map<string, LastCall<FoldedSql>>();
  readonly #wayBackChecks = new Map<string, LastCall<WayBackCheck>>();
  readonly #queries = new Map<string, LastCall<readonly Query[]>>();
  readonly #configurations = new Map<string, LastCall<ReadConfiguration>>();
  readonly #prisma = new Map<string, LastCall<PrismaFile>>();
  readonly #sql = new Map<string, LastCall<SqlFile>>();
  readonly #projects = new Map<string, ProjectMemory>();

  constructor(log: Log, rules: readonly SchemaRule[] = schemaRules) {
    this.log = log;
    this.rules = rules;
  }

  prismaFile(uri: string): LastCall<PrismaFile> {
    return cell(this.#prisma, uri, () => new LastCall());
  }

  sqlFile(uri: string): LastCall<SqlFile> {
    return cell(this.#sql, uri, () => new LastCall());
  }

  /** What is undefined in a file that mentions names of a project, by both. */
  names(uri: string, project: string): LastCall<readonly Problem[]> {
    return cell(this.#names, `${uri}\n${project}`, () => new LastCall());
  }

  /** The same of an SQL file, where an edit costs what it changes. */
  nameChecks(uri: string, project: string): LastCall<NameCheck> {
    return cell(this.#nameChecks, `${uri}\n${project}`, () => new LastCall());
  }

  /** What a history is before a migration, for the file that leads back from it. */
  wayBackStarts(uri: string, project: string): LastCall<FoldedSql> {
    return cell(this.#wayBackStarts, `${uri}\n${project}`, () => new LastCall());
  }

  wayBackChecks(uri: string, project: string): LastCall<WayBackCheck> {
    return cell(this.#wayBackChecks, `${uri}\n${project}`, () => new LastCall());
  }

  /** The queries of a document, by its URI. */
  queries(uri: string): LastCall<readonly Query[]> {
    return cell(this.#queries, uri, () => new LastCall());
  }

  /** A configuration file, by its URI. */
  configuration(uri: string): LastCall<ReadConfiguration> {
    return cell(this.#configurations, uri, () => new LastCall());
  }

  project(id: string): ProjectMemory {
    return cell(this.#projects, id, () => new ProjectMemory());
  }

  /** Forgets every tree and every project but these. */
  keep(uris: ReadonlySet<string>, projects: ReadonlySet<string>): void {
    for (const known of [this.#queries, this.#configurations, this.#prisma, this.#sql]) for (const uri of known.keys()) if (!uris.has(uri)) known.delete(uri);
    for (const cells of [this.#names, this.#nameChecks, this.#wayBackStarts, this.#wayBackChecks])
      for (const key of cells.keys()) if (!uris.has(key.split("\n", 1)[0] ?? "")) cells.delete(key);
    for (const id of this.#projects.keys()) if (!projects.has(id)) this.#projects.delete(id);
  }

  /** A fault of ours in `what`: logged in full, told once. */
  fault(what: string, error: unknown): void {
    this.faults.add(what);
    this.log(what, error);
  }
}

export class ProjectMemory {
  readonly prismaLayer = new LastCall<Schema>();
  readonly sqlLayer = new LastCall<ReadSql>();
  readonly schema = new LastCall<Schema>();
  /** What the rules are run with. */
  readonly runs = new LastCall<readonly RuleSettings[]>();
  readonly #rules: LastCall<RuleRun>[] = [];
  readonly #migrationRules: LastCall<MigrationRun>[] = [];
  readonly checked = new LastCall<CheckedProject>();

  /** The nth run of the rules about migrations. */
  migrationRules(at: number): LastCall<MigrationRun> {
    return (this.#migrationRules[at] ??= new LastCall());
  }

  /** The nth run of the rules over one schema. */
  rules(at: number): LastCall<RuleRun> {
    return (this.#rules[at] ??= new LastCall());
  }
}

function cell<V>(cells: Map<string, V>, key: string, make: () => V): V {
  let known = cells.get(key);
  if (known === undefined) {
    known = make();
    cells.set(key, known);
  }
  return known;
}
