/** Indexes tried on a server that has HypoPG: its own planner, its own statistics, and nothing built. */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import { newIndexStatement } from "../edits/sql/newIndex.ts";
import { qualifiedTable } from "../edits/sql/sqlStatements.ts";
import type { ConnectionSettings } from "../database/connectionSettings.ts";
import type { Environment } from "../database/environment.ts";
import type { Consent } from "../database/explain.ts";
import { type HypotheticalIndex, type HypotheticalIndexes, withHypotheticalIndexes } from "../database/hypotheticalIndexes.ts";
import type { Table } from "../model/schema.ts";
import { readPlan } from "../plan/readPlan.ts";
import { type Evidence, notTried, type PlannedQuery, type Trial, trialPlan, type Tried, type TriedIndex, type TrialPlan } from "./trial.ts";

export interface HypotheticalTrialOptions {
  readonly settings: ConnectionSettings;
  /** For people. */
  readonly name: string;
  readonly environment: Environment;
  readonly consent?: Consent | undefined;
  readonly tables: readonly Table[];
  readonly signal?: AbortSignal | undefined;
}

/** Undefined where HypoPG is not installed. */
export function withHypotheticalTrial<T>(options: HypotheticalTrialOptions, use: (trial: Trial) => Promise<T>): Promise<T | undefined> {
  const { settings, tables } = options;
  return withHypotheticalIndexes(settings, options, async (indexes) => use(new HypotheticalTrial(indexes, options.name, tables, await indexes.rows(tables))));
}

interface Made {
  readonly tried: TriedIndex;
  readonly statement: string;
  /** While it is shown to the planner. */
  shown: HypotheticalIndex | undefined;
}

class HypotheticalTrial implements Trial {
  readonly evidence: Evidence;
  readonly #indexes: HypotheticalIndexes;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #made: Made[] = [];

  constructor(indexes: HypotheticalIndexes, name: string, tables: readonly Table[], rows: ReadonlyMap<string, number>) {
    this.#indexes = indexes;
    this.#rows = rows;
    const figures = tables.map(({ key }) => ({ table: key, rows: rows.get(key) ?? 0 }));
    this.evidence = { kind: "hypothetical", text: `Asked of the planner of ${name}, with hypothetical indexes (HypoPG); sizes are HypoPG's estimates.`, tables: figures };
  }

  rows(table: string): number | undefined {
    return this.#rows.get(table);
  }

  async add(definition: IndexDefinition): Promise<Tried<TriedIndex>> {
    const statement = newIndexStatement(definition, { name: `advised_${this.#made.length + 1}`, naming: qualifiedTable });
    const created = await this.#indexes.create(statement);
    if (!created.ok) return notTried(created.reason);
    const tried: TriedIndex = { name: `advised_${this.#made.length + 1}`, definition, sizeBytes: created.value.sizeBytes };
    this.#made.push({ tried, statement, shown: created.value });
    return { ok: true, value: tried };
  }

  async plan({ text, values }: PlannedQuery, active: readonly TriedIndex[]): Promise<Tried<TrialPlan>> {
    for (const made of this.#made) {
      const isActive = active.includes(made.tried);
      if (!isActive && made.shown !== undefined) {
        await this.#indexes.drop(made.shown);
        made.shown = undefined;
      } else if (isActive && made.shown === undefined) {
        const created = await this.#indexes.create(made.statement);
        if (!created.ok) return notTried(created.reason);
        made.shown = created.value;
      }
    }
    const explained = await this.#indexes.explain(text, values);
    if (!explained.ok) return notTried(explained.reason);
    const read = readPlan(explained.value);
    if (!read.ok) return notTried(read.reason);
    const planned = trialPlan(read.plan);
    const own = new Map(this.#made.map(({ shown, tried }) => [shown?.name ?? "", tried.name]));
    return { ok: true, value: { ...planned, indexes: new Set([...planned.indexes].map((name) => own.get(name) ?? name)) } };
  }
}
