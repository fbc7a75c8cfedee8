/**
 * Indexes tried in an embedded PostgreSQL: really created, in a transaction that is rolled back. Where its tables have rows,
 * over these; else its planner is told sizes and statistics, copied from a database or assumed, and the files are made to
 * look as long, for the planner goes by these. Nothing of it stays.
 */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import { newIndexStatement } from "../edits/sql/newIndex.ts";
import { qualifiedTable } from "../edits/sql/sqlStatements.ts";
import type { Schema, Table } from "../model/schema.ts";
import { readPlan } from "../plan/readPlan.ts";
import type { Alone, ScratchDatabase, ScratchFailure, ScratchResult } from "../scratch/scratchDatabase.ts";
import { assumedStatistics } from "./assumedStatistics.ts";
import { estimatedBlocks, type KeyStatistics } from "./indexSize.ts";
import type { ColumnSpread, PlannerStatistics, RelationStatistics } from "../database/plannerStatistics.ts";
import { type Evidence, notTried, type PlannedQuery, type Trial, trialPlan, type Tried, type TriedIndex, type TrialPlan } from "./trial.ts";

export interface ScratchTrialOptions {
  readonly database: ScratchDatabase;
  readonly schema: Schema;
  /** Those that the queries read. */
  readonly tables: readonly Table[];
  /** Copied from a database. */
  readonly statistics?: PlannerStatistics | undefined;
  /** Where `statistics` come from, for people. */
  readonly statisticsOf?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer rows in all tables together say nothing of how it will be. */
const fewestRows = 500;

export function withScratchTrial<T>(options: ScratchTrialOptions, use: (trial: Trial) => Promise<T>): Promise<Tried<T>> {
  return options.database.alone(async (query, more) => {
    const trial = new ScratchTrial(options, query, more);
    try {
      const begun = await trial.begin();
      return begun.ok ? { ok: true, value: await use(trial) } : begun;
    } finally {
      await trial.end();
    }
  });
}

interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly path: string;
  /** Of an index: the table, as `schema.table`. */
  readonly of: string | undefined;
}

class ScratchTrial implements Trial {
  evidence: Evidence = { kind: "assumptions", text: "", tables: [] };
  readonly #options: ScratchTrialOptions;
  readonly #query: ScratchDatabase["query"];
  readonly #more: Alone;
  /** Sizes before, of files that now have another. */
  readonly #sizes = new Map<string, number>();
  readonly #heaps = new Map<string, { readonly path: string; readonly statistics: RelationStatistics }>();
  readonly #rows = new Map<string, number>();
  readonly #columns = new Map<string, ColumnSpread>();
  readonly #tried: TriedIndex[] = [];
  #shown = "";
  #isPretended = false;
  /** The process has ended, and the transaction with it. */
  #isGone = false;

  constructor(options: ScratchTrialOptions, query: ScratchDatabase["query"], more: Alone) {
    this.#options = options;
    this.#query = query;
    this.#more = more;
  }

  async begin(): Promise<Tried<undefined>> {
    const { tables, schema, statistics, statisticsOf } = this.#options;
    const begun = await this.#rowsOf("BEGIN");
    if (!begun.ok) return begun;
    await this.#rowsOf("SET LOCAL standard_conforming_strings = on");
    const relations = await this.#relations(tables);
    if (!relations.ok) return relations;
    const heaps = relations.value.filter(({ kind }) => kind === "r");
    const counted = statistics === undefined ? await this.#counted(heaps) : undefined;
    if (counted !== undefined) {
      this.evidence = { kind: "rows", text: "Tried over the rows of the scratch database, by indexes that were built and rolled back.", tables: this.#sizesOf(tables) };
      return { ok: true, value: undefined };
    }
    this.#isPretended = true;
    const given = statistics ?? assumedStatistics(schema, tables);
    const told = await this.#pretend(relations.value, given);
    if (!told.ok) return told;
    const figures = this.#sizesOf(tables);
    const shown = figures.slice(0, 6).map(({ table, rows }) => `${table.replace(/^public\./, "")} ${Math.round(rows).toLocaleString("en-US")}`);
    const sizes = `${shown.join(", ")}${figures.length > 6 ? ", …" : ""}`;
    this.evidence =
      statistics === undefined
        ? { kind: "assumptions", text: `The tables are empty and nothing is known of their sizes. Tried with assumed ones (rows: ${sizes}).`, tables: figures }
        : { kind: "statistics", text: `Tried in the scratch database with the statistics of ${statisticsOf ?? "a database"} (rows: ${sizes}).`, tables: figures };
    return { ok: true, value: undefined };
  }

  /** What the transaction cannot undo is undone, and the transaction as well. */
  async end(): Promise<void> {
    if (this.#isGone) return;
    const files = [...this.#sizes].map(([path, blocks]) => ({ path, blocks }));
    if (files.length > 0) await this.#more.resize(files);
    await this.#query("ROLLBACK");
  }

  rows(table: string): number | undefined {
    return this.#rows.get(table);
  }

  async add(definition: IndexDefinition): Promise<Tried<TriedIndex>> {
    const name = `advised_${this.#tried.length + 1}`;
    const { table } = definition;
    await this.#rowsOf("SAVEPOINT adding");
    const heaps = await this.#relations([table]);
    if (!heaps.ok) return heaps;
    const own = heaps.value.filter(({ kind }) => kind === "r");
    // An index is built of what is in the files, and that is nothing.
    if (this.#isPretended) await this.#resize(own.map(({ path }) => ({ path, blocks: 0 })));
    const statement = newIndexStatement(definition, { name, naming: qualifiedTable });
    const created = await this.#rowsOf(statement.slice(0, -1));
    if (this.#isPretended) {
      const restored = own.flatMap(({ path, schema, name: heap }) => {
        const known = this.#heaps.get(`${schema}.${heap}`);
        return known === undefined ? [] : [{ path, blocks: known.statistics.blocks }];
      });
      await this.#resize(restored);
    }
    if (!created.ok) {
      if (!created.isOver) await this.#rowsOf("ROLLBACK TO adding");
      return created;
    }
    const size = await this.#sizeIndex(definition, name);
    const tried: TriedIndex = { name, definition, sizeBytes: size };
    this.#tried.push(tried);
    this.#shown = "unknown";
    return { ok: true, value: tried };
  }

  async plan({ text, values }: PlannedQuery, active: readonly TriedIndex[]): Promise<Tried<TrialPlan>> {
    const shown = active.map(({ name }) => name).sort().join();
    if (shown !== this.#shown && this.#tried.length > 0) {
      const switched = await this.#rowsOf(
        `UPDATE pg_catalog.pg_index i SET indisvalid = (SELECT c.relname = ANY ($1::text[]) FROM pg_catalog.pg_class c WHERE c.oid = coalesce(pg_catalog.pg_partition_root(i.indexrelid), i.indexrelid))
         WHERE i.indexrelid IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE (SELECT r.relname FROM pg_catalog.pg_class r WHERE r.oid = coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)) = ANY ($2::text[]) AND c.relkind IN ('i', 'I'))`,
        [active.map(({ name }) => name), this.#tried.map(({ name }) => name)],
      );
      if (!switched.ok) return switched;
      this.#shown = shown;
    }
    const explained = this.#took(await this.#more.explain(text, { ...(values === undefined ? {} : { values }), signal: this.#options.signal }));
    if (!explained.ok) return explained;
    const read = readPlan(explained.value.plan);
    return read.ok ? { ok: true, value: trialPlan(read.plan) } : notTried(read.reason);
  }

  /** The tables with their partitions, and all their indexes. */
  async #relations(tables: readonly Table[]): Promise<Tried<readonly Relation[]>> {
    const rows = await this.#rowsOf(relationsQuery, [tables.map(({ schema }) => schema), tables.map(({ name }) => name)]);
    if (!rows.ok) return rows;
    return { ok: true, value: rows.value.map((row) => ({ schema: field(row, "schema"), name: field(row, "name"), kind: field(row, "kind"), path: field(row, "path"), of: field(row, "of") || undefined })) };
  }

  /** Statistics of the rows that are there; undefined where there are too few. */
  async #counted(heaps: readonly Relation[]): Promise<true | undefined> {
    let all = 0;
    for (const heap of heaps) {
      const name = qualifiedTable(heap);
      const [row] = valueOf(await this.#rowsOf(`SELECT count(*)::text AS n FROM (SELECT 1 FROM ${name} LIMIT 1000) AS counted`)) ?? [];
      all += Number(field(row, "n"));
    }
    if (all < fewestRows) return undefined;
    for (const heap of heaps) await this.#rowsOf(`ANALYZE ${qualifiedTable(heap)}`);
    // As after VACUUM, which cannot run in a transaction: index-only scans are judged by it.
    await this.#rowsOf(
      `SELECT pg_catalog.pg_restore_relation_stats('schemaname', n.nspname::text, 'relname', c.relname::text, 'relpages', c.relpages, 'reltuples', c.reltuples, 'relallvisible', c.relpages)
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [heaps.map(({ schema }) => schema), heaps.map(({ name }) => name)],
    );
    const known = valueOf(
      await this.#rowsOf(
        `SELECT n.nspname AS schema, c.relname AS name, c.relpages AS blocks, c.reltuples::float8 AS rows FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
        [heaps.map(({ schema }) => schema), heaps.map(({ name }) => name)],
      ),
    );
    for (const row of known ?? []) this.#rows.set(`${field(row, "schema")}.${field(row, "name")}`, Number(field(row, "rows")));
    return true;
  }

  async #pretend(relations: readonly Relation[], { relations: known, columns }: PlannerStatistics): Promise<Tried<undefined>> {
    for (const column of columns) this.#columns.set(`${column.schema}.${column.table}.${column.column}`, column);
    const byName = new Map(known.map((one) => [`${one.schema}.${one.name}`, one]));
    const heaps = relations.filter(({ kind }) => kind === "r" || kind === "p");
    for (const heap of heaps) {
      const statistics = byName.get(`${heap.schema}.${heap.name}`) ?? { schema: heap.schema, name: heap.name, blocks: 0, rows: 0, visibleBlocks: 0 };
      this.#heaps.set(`${heap.schema}.${heap.name}`, { path: heap.path, statistics });
      this.#rows.set(`${heap.schema}.${heap.name}`, Math.max(0, statistics.rows));
      const told = await this.#tell(statistics);
      if (!told.ok && told.isOver) return told;
    }
    for (const column of columns) if (this.#heaps.has(`${column.schema}.${column.table}`)) await this.#tellColumn(column);
    const sized: { path: string; blocks: number }[] = [];
    for (const heap of heaps) if (heap.kind === "r") sized.push({ path: heap.path, blocks: this.#heaps.get(`${heap.schema}.${heap.name}`)?.statistics.blocks ?? 0 });
    for (const index of relations.filter(({ kind, path }) => kind === "i" && path !== "")) {
      const statistics = byName.get(`${index.schema}.${index.name}`) ?? this.#assumedIndex(index);
      if (statistics === undefined) continue;
      await this.#tell(statistics);
      sized.push({ path: index.path, blocks: Math.max(1, statistics.blocks) });
    }
    const resized = await this.#resize(sized);
    return resized.ok ? { ok: true, value: undefined } : resized;
  }

  /** Of an index that the statistics do not know. */
  #assumedIndex({ schema, name, of = "" }: Relation): RelationStatistics | undefined {
    const table = this.#options.schema.tables.get(of);
    const index = table?.indexes.find((one) => one.name === name);
    const heap = this.#heaps.get(of)?.statistics;
    if (table === undefined || index === undefined || heap === undefined) return undefined;
    const { method, keys, include, predicate } = index;
    const rows = predicate === undefined ? heap.rows : heap.rows / 5;
    const keyStatistics = [...keys.map(({ column }) => column), ...include].map((column) => this.#keyStatistics(of, column));
    return { schema, name, rows, blocks: estimatedBlocks(method, rows, heap.blocks, keyStatistics), visibleBlocks: 0 };
  }

  #keyStatistics(table: string, column: string | undefined): KeyStatistics {
    const known = this.#columns.get(`${table}.${column ?? ""}`);
    return known === undefined ? { width: 24, distinct: -0.5 } : { width: known.width, distinct: known.distinct };
  }

  /** The size of a new index in bytes; where files are made longer, it gets the estimated one. */
  async #sizeIndex(definition: IndexDefinition, name: string): Promise<number | undefined> {
    const { table, keys, include, method } = definition;
    if (!this.#isPretended) {
      const [row] = valueOf(await this.#rowsOf("SELECT sum(pg_catalog.pg_relation_size(c.oid))::text AS n FROM pg_catalog.pg_class c WHERE (SELECT r.relname FROM pg_catalog.pg_class r WHERE r.oid = coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)) = $1 AND c.relkind = 'i'", [name])) ?? [];
      return Number(field(row, "n"));
    }
    const parts = valueOf(await this.#rowsOf(indexPartsQuery, [name])) ?? [];
    const share = definition.predicate === undefined ? 1 : await this.#shareOf(definition);
    let bytes = 0;
    for (const row of parts) {
      const heap = this.#heaps.get(`${field(row, "schema")}.${field(row, "heap")}`)?.statistics;
      if (heap === undefined) continue;
      const key = `${field(row, "schema")}.${field(row, "heap")}`;
      const rows = heap.rows * share;
      const wanted = [...keys.map(({ column }) => column), ...include].map((column) => this.#keyStatistics(this.#columns.has(`${key}.${column ?? ""}`) ? key : table.key, column));
      const blocks = estimatedBlocks(method, rows, heap.blocks, wanted);
      bytes += blocks * 8_192;
      await this.#tell(heap);
      await this.#tell({ schema: field(row, "schema"), name: field(row, "name"), rows, blocks, visibleBlocks: 0 });
      await this.#resize([{ path: field(row, "path"), blocks }]);
    }
    return bytes;
  }

  /** Of the rows, that meet the predicate. */
  async #shareOf({ table, predicate }: IndexDefinition): Promise<number> {
    const all = this.#rows.get(table.key) ?? 0;
    const explained = this.#took(await this.#more.explain(`SELECT 1 FROM ${qualifiedTable(table)} WHERE ${predicate?.text ?? "true"}`));
    const read = explained.ok ? readPlan(explained.value.plan) : undefined;
    const rows = read?.ok === true ? (read.plan.root.estimated?.rows ?? all) : all;
    return all === 0 ? 1 : Math.min(1, rows / all);
  }

  async #tell({ schema, name, rows, blocks, visibleBlocks }: RelationStatistics): Promise<Tried<unknown>> {
    return this.#rowsOf(`SELECT pg_catalog.pg_restore_relation_stats('schemaname', $1::text, 'relname', $2::text, 'relpages', $3::int, 'reltuples', $4::real, 'relallvisible', $5::int)`, [schema, name, Math.round(blocks), rows, Math.round(visibleBlocks)]);
  }

  async #tellColumn(column: ColumnSpread): Promise<void> {
    const parts = [`'schemaname', $1::text, 'relname', $2::text, 'attname', $3::text, 'inherited', $4::bool, 'null_frac', $5::real, 'avg_width', $6::int, 'n_distinct', $7::real`];
    const values: unknown[] = [column.schema, column.table, column.column, column.isInherited, column.nullFraction, Math.round(column.width), column.distinct];
    const add = (name: string, type: string, value: unknown): void => {
      if (value === null) return;
      values.push(value);
      parts.push(`'${name}', $${values.length}::${type}`);
    };
    if (column.commonFrequencies !== null) {
      add("most_common_vals", "text", column.commonValues);
      add("most_common_freqs", "text::real[]", column.commonFrequencies);
    }
    add("histogram_bounds", "text", column.histogram);
    add("correlation", "real", column.correlation);
    if (column.commonElementFrequencies !== null) {
      add("most_common_elems", "text", column.commonElements);
      add("most_common_elem_freqs", "text::real[]", column.commonElementFrequencies);
    }
    add("elem_count_histogram", "text::real[]", column.elementCounts);
    // Values of a type that this PostgreSQL reads in another way are left out, with the column's other figures.
    await this.#rowsOf("SAVEPOINT telling");
    const told = await this.#rowsOf(`SELECT pg_catalog.pg_restore_attribute_stats(${parts.join(", ")})`, values);
    if (!told.ok && !told.isOver) await this.#rowsOf("ROLLBACK TO telling");
  }

  async #resize(files: readonly { readonly path: string; readonly blocks: number }[]): Promise<Tried<unknown>> {
    if (files.length === 0) return { ok: true, value: undefined };
    const before = this.#took(await this.#more.resize(files, { signal: this.#options.signal }));
    if (before.ok) for (const [i, { path }] of files.entries()) if (!this.#sizes.has(path)) this.#sizes.set(path, before.value[i] ?? 0);
    return before;
  }

  #sizesOf(tables: readonly Table[]): Evidence["tables"] {
    return tables.flatMap(({ key }) => {
      const rows = this.#rows.get(key);
      return rows === undefined ? [] : [{ table: key, rows }];
    });
  }

  async #rowsOf(text: string, values: readonly unknown[] = []): Promise<Tried<readonly unknown[]>> {
    return this.#took(await this.#query(text, values, { signal: this.#options.signal, deadline: 60_000 }));
  }

  #took<T>(result: ScratchResult<T>): Tried<T> {
    if (result.ok) return result;
    if (result.why.kind !== "refused") this.#isGone = true;
    return notTried(reasonOf(result.why), this.#isGone);
  }
}

function reasonOf(why: ScratchFailure): string {
  switch (why.kind) {
    case "refused":
      return why.failure.message;
    case "canceled":
      return "Canceled.";
    case "deadline":
      return `The scratch database gave no answer in ${why.milliseconds / 1_000} s.`;
    case "crashed":
      return `The scratch database failed: ${why.message}`;
  }
}

const relationsQuery = `
WITH RECURSIVE heap (oid) AS (
  SELECT c.oid FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
  UNION SELECT i.inhrelid FROM heap JOIN pg_catalog.pg_inherits i ON i.inhparent = heap.oid
), every (oid, of) AS (SELECT oid, NULL::oid FROM heap UNION SELECT x.indexrelid, x.indrelid FROM pg_catalog.pg_index x JOIN heap ON heap.oid = x.indrelid)
SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, coalesce(pg_catalog.pg_relation_filepath(c.oid), '') AS path,
  coalesce((SELECT m.nspname || '.' || o.relname FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace m ON m.oid = o.relnamespace WHERE o.oid = every.of), '') AS of
FROM every JOIN pg_catalog.pg_class c ON c.oid = every.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'i', 'I')`;

/** An index of a partitioned table is one in each partition. */
const indexPartsQuery = `
SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_relation_filepath(c.oid) AS path, h.relname AS heap
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid JOIN pg_catalog.pg_class h ON h.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = h.relnamespace
WHERE c.relkind = 'i' AND (SELECT r.relname FROM pg_catalog.pg_class r WHERE r.oid = coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)) = $1`;

function field(row: unknown, name: string): string {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined;
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function valueOf<T>(tried: Tried<T>): T | undefined {
  return tried.ok ? tried.value : undefined;
}

