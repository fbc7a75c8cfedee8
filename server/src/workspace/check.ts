/**
 * One project from texts to findings, in steps that each run again only when what they read has changed: trees by text,
 * layers by trees, the schema by layers, findings by schema and settings.
 */
import { fromPrisma } from "../model/fromPrisma.ts";
import type { FileChanges } from "../model/changes.ts";
import { foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import { join } from "../model/join.ts";
import { shareWith } from "../model/sharing.ts";
import { Places } from "../model/places.ts";
import type { Schema, Unread } from "../model/schema.ts";
import { parsePrisma } from "../prisma/parse.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { Finding } from "../rules/rule.ts";
import { runMigrationRulesInSteps } from "../rules/runMigrations.ts";
import { runRulesInSteps } from "../rules/run.ts";
import { defaultRuleSettings, type RuleSettings } from "../rules/settings.ts";
import { applySuppressions, textOrigin } from "../rules/suppress.ts";
import { findingUnder, runsFor } from "../rules/variants.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { CheckedProject, ProjectRules, ProjectTexts, ReadSql } from "./checkedProject.ts";
import type { Memory, ProjectMemory } from "./memory.ts";
import { newestOf, sendingOf, withoutMigrationRules, withoutWayBack } from "./migrations.ts";
import { postgresVersionOf } from "./postgresVersion.ts";
import type { Project } from "./projects.ts";
import type { Steps } from "./steps.ts";
import type { TextFile } from "./textFile.ts";

export function* checkProject(project: Project, texts: ProjectTexts, stated: ProjectRules, memory: Memory): Steps<CheckedProject> {
  const rules = withinMigrations(project, stated);
  const cells = memory.project(project.id);
  const prismaFiles: PrismaFile[] = [];
  for (const file of texts.schema) prismaFiles.push(yield* prismaTree(file, memory));
  const sqlFiles: SqlFile[] = [];
  for (const file of texts.history) sqlFiles.push(yield* sqlTree(file, memory));
  const newest = newestOf(project.history, rules.newestMigrations);
  const read = yield* readHistory(project, sqlFiles, newest, cells, memory);
  const schema = yield* joinLayers(project, prismaFiles, read, texts.unread, cells, memory);
  const postgresVersion = postgresVersionOf(rules.postgresVersion, texts.history);
  const oneWay = withoutWayBack(project.history, sqlFiles);
  const inputs = [schema, read, postgresVersion, [...oneWay].join("\n"), ...[...texts.schema, ...texts.history].flatMap(({ uri, text }) => [text, rules.settingsOf(uri)])];
  return yield* cells.checked.get(inputs, function* () {
    memory.counters.checks++;
    const places = new Places([...prismaFiles, ...sqlFiles]);
    const findings = yield* findingsOf(project, schema, read, places, texts, { ...rules, postgresVersion, oneWay }, cells, memory);
    return { schema, postgresVersion, findings, findingsByUri: byUri(findings), problems: read.problems, changes: read.changes, places, prismaFiles, sqlFiles };
  });
}

export function prismaTree(file: TextFile, memory: Memory): Steps<PrismaFile> {
  return memory.prismaFile(file.uri).get([file.text], function* (previous) {
    yield;
    count(memory, file.uri);
    return parsePrisma(file.uri, file.text, previous);
  });
}

/** Made again when the text changed, or when one of its large statements was read meanwhile. */
export function sqlTree(file: TextFile, memory: Memory): Steps<SqlFile> {
  return memory.sqlFile(file.uri).get([file.text, memory.statementsRead.get(file.uri)], function* (previous) {
    yield;
    count(memory, file.uri);
    let tree = parseSql(file.uri, file.text, previous);
    // One call parses for a second at most; what is left, beside single large statements, takes further calls.
    for (let left = tree.pending.length + 1; tree.pending.length > 0 && tree.pending.length < left; ) {
      yield;
      left = tree.pending.length;
      tree = parseSql(file.uri, file.text, tree);
    }
    return tree;
  });
}

/** Schemas that Supabase makes itself, whose contents its migrations refer to, and the search path they run with. https://supabase.com/docs/guides/database/overview */
const supabase = {
  externalSchemas: [
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgmq",
    "pgsodium",
    "realtime",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "vault",
  ],
  searchPath: ["public", "extensions"],
};

/** How the history of a project is folded. */
export function foldOptionsOf(project: Pick<Project, "history">): FromSqlOptions {
  return project.history?.kind === "supabase" ? supabase : {};
}

const askedFor = new WeakMap<CheckedProject, Map<string, FileChanges | undefined>>();

/** What a file of a checked history does to what earlier ones made, also where the rules did not ask. */
export function changesIn(project: Project, checked: CheckedProject, uri: string): FileChanges | undefined {
  const noted = checked.changes.get(uri);
  const at = checked.sqlFiles.findIndex((file) => file.uri === uri);
  if (noted !== undefined || at < 0) return noted;
  const known = askedFor.get(checked) ?? new Map<string, FileChanges | undefined>();
  askedFor.set(checked, known);
  if (!known.has(uri)) {
    const { changes } = foldSql(checked.sqlFiles.slice(0, at + 1), { ...foldOptionsOf(project), changesIn: new Set([uri]) });
    known.set(uri, changes.get(uri));
  }
  return known.get(uri);
}

function readHistory(
  project: Project,
  files: readonly SqlFile[],
  changesIn: ReadonlySet<string>,
  cells: ProjectMemory,
  memory: Memory,
): Steps<ReadSql> {
  return cells.sqlLayer.get([changesIn.size, ...files], function* (previous) {
    if (files.length === 0) return nothingRead;
    yield;
    memory.counters.sqlLayers++;
    const options = { ...foldOptionsOf(project), changesIn };
    // Where others are asked about than before, everything is read anew.
    const known = previous?.newest === changesIn.size ? previous.folded : undefined;
    const folded = orFault(memory, "the reading of SQL", () => foldSql(files, options, known));
    return folded === undefined ? nothingRead : { folded, problems: folded.problems, changes: folded.changes, newest: changesIn.size };
  });
}

const nothingRead: ReadSql = { folded: undefined, problems: new Map(), changes: new Map(), newest: 0 };

/** A migration that has run is none of the business of rules about migrations. */
function withinMigrations(project: Project, rules: ProjectRules): ProjectRules {
  const newest = newestOf(project.history, rules.newestMigrations);
  const old = new Set(project.history?.uris.filter((uri) => !newest.has(uri)));
  if (old.size === 0) return rules;
  const settingsOf = (uri: string): RuleSettings | undefined => {
    const settings = rules.settingsOf(uri);
    return settings === undefined || !old.has(uri) ? settings : withoutMigrationRules(settings);
  };
  return { ...rules, settingsOf };
}

function* joinLayers(
  project: Project,
  prismaFiles: readonly PrismaFile[],
  read: ReadSql,
  unread: readonly Unread[],
  cells: ProjectMemory,
  memory: Memory,
): Steps<Schema> {
  const prisma = yield* cells.prismaLayer.get([project.major, ...prismaFiles], function* (previous) {
    if (prismaFiles.length === 0) return emptySchema;
    yield;
    memory.counters.prismaLayers++;
    return (
      orFault(memory, "the reading of Prisma schemas", () =>
        fromPrisma(prismaFiles, { major: project.major, previous }),
      ) ?? emptySchema
    );
  });
  return yield* cells.schema.get([prisma, read.folded?.schema, JSON.stringify(unread)], function* (previous) {
    yield;
    memory.counters.schemas++;
    const layers = [...(prismaFiles.length > 0 ? [prisma] : []), ...(read.folded === undefined ? [] : [read.folded.schema])];
    const joined = withUnread(join(layers), unread);
    yield;
    return shareWith(previous, joined);
  });
}

const emptySchema: Schema = join([]);

/** A file that could not be read may define anything: its layer is not complete. */
function withUnread(schema: Schema, unread: readonly Unread[]): Schema {
  if (unread.length === 0) return schema;
  const of = (layer: string): readonly Unread[] => unread.filter(({ uri }) => uri.endsWith(".prisma") === (layer === "prisma"));
  return {
    ...schema,
    sources: schema.sources.map((source) => {
      const missing = of(source.layer);
      return missing.length === 0 ? source : { ...source, complete: false, unread: [...source.unread, ...missing] };
    }),
  };
}

function* findingsOf(
  project: Project,
  schema: Schema,
  read: ReadSql,
  places: Places,
  texts: ProjectTexts,
  { settingsOf, postgresVersion, oneWay }: ProjectRules & { readonly postgresVersion: number; readonly oneWay: ReadonlySet<string> },
  cells: ProjectMemory,
  memory: Memory,
): Steps<readonly Finding[]> {
  yield;
  const log = (id: string, error: unknown): void => memory.fault(`the rule ${id}`, error);
  const files = new Map([...texts.schema, ...texts.history].map(({ uri, text }) => [uri, { text, settings: settingsOf(uri) }]));
  const variants = [...new Set([...files.values()].flatMap(({ settings }) => settings ?? []))];
  const found: Finding[] = [];
  for (const [at, settings] of (yield* runsOf(variants, cells)).entries()) {
    const options = { settings, postgresVersion, rules: memory.rules, log };
    const run = yield* cells.rules(at).get([schema, settings, postgresVersion], (previous) => runRulesInSteps(schema, options, previous));
    const sendings = new Map(texts.history.map(({ uri, text }) => [uri, sendingOf(project, uri, text)]));
    const migrations = yield* cells.migrationRules(at).get([read, settings, postgresVersion, [...oneWay].join("\n"), ...sendings.values()], (previous) =>
      runMigrationRulesInSteps(read.changes.values(), { settings, postgresVersion, log, sendingOf: (uri) => sendings.get(uri) ?? "each", lacksWayBack: (uri) => oneWay.has(uri) }, previous),
    );
    for (const finding of [...run.findings, ...migrations.findings]) {
      const wanted = files.get(textOrigin(finding)?.uri ?? "")?.settings;
      const kept = wanted === undefined ? undefined : findingUnder(wanted, finding, settings);
      if (kept !== undefined) found.push(kept);
    }
  }
  yield;
  const { findings, extra } = applySuppressions(found, (uri) => files.get(uri)?.text, {
    uris: [...files].flatMap(([uri, { settings }]) => (settings === undefined ? [] : [uri])),
    settingsOf: (uri) => files.get(uri)?.settings ?? defaultRuleSettings,
    places,
  });
  return [...findings, ...extra];
}

function runsOf(variants: readonly RuleSettings[], cells: ProjectMemory): Steps<readonly RuleSettings[]> {
  return cells.runs.get(variants, function* () {
    return runsFor(variants);
  });
}

function byUri(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const grouped = new Map<string, Finding[]>();
  for (const finding of findings) {
    const uri = textOrigin(finding)?.uri;
    if (uri === undefined) continue;
    const known = grouped.get(uri);
    if (known === undefined) grouped.set(uri, [finding]);
    else known.push(finding);
  }
  return grouped;
}

/** The result, or undefined after a fault of ours: the rest of the product goes on without it. */
function orFault<T>(memory: Memory, what: string, compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    memory.fault(what, error);
    return undefined;
  }
}

function count(memory: Memory, uri: string): void {
  memory.counters.parses.set(uri, (memory.counters.parses.get(uri) ?? 0) + 1);
}
