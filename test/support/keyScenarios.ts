/**
 * Foreign keys in a few words, to ask PostgreSQL what they do and a rule what it says of them. Every table has an id and
 * one integer column a key.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import type { Finding, SchemaRule } from "../../server/src/rules/rule.ts";
import { runRules } from "../../server/src/rules/run.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import type { PostgresMajor } from "./postgres.ts";
import { parseSqlText } from "./schemas.ts";
import { sharedPostgres } from "./sharedPostgres.ts";

export interface KeyScenario {
  readonly what: string;
  /** `child(column) -> parent action`; a `!` behind the column says NOT NULL. */
  readonly keys: readonly string[];
}

export function tableNames({ keys }: KeyScenario): readonly string[] {
  return [...new Set(keys.flatMap((key) => [/-> (\w+)/.exec(key)?.[1] ?? "", /^\w+/.exec(key)?.[0] ?? ""]))];
}

/** The columns of a table besides its id. */
export function columnsOf({ keys }: KeyScenario, table: string): readonly { readonly name: string; readonly isRequired: boolean }[] {
  return keys
    .filter((key) => key.startsWith(`${table}(`))
    .map((key) => ({ name: /\((\w+)/.exec(key)?.[1] ?? "", isRequired: key.includes("!)") }));
}

export function createTables(scenario: KeyScenario): string {
  return tableNames(scenario)
    .map((table) => {
      const columns = columnsOf(scenario, table).map(({ name, isRequired }) => `${name} int${isRequired ? " NOT NULL" : ""}`);
      return `CREATE TABLE ${table} (${["id int PRIMARY KEY", ...columns].join(", ")});`;
    })
    .join("\n");
}

export function addKeys(keys: readonly string[]): string {
  return keys
    .map((key) => /^(\w+)\((\w+)!?\) -> (\w+) (.+)$/.exec(key))
    .map((match) => {
      const [, child = "", column = "", parent = "", action = ""] = match ?? [];
      return `ALTER TABLE ${child} ADD FOREIGN KEY (${column}) REFERENCES ${parent} ON DELETE ${action};`;
    })
    .join("\n");
}

/** Empties the database and fills it with one row a table, id 1, that references the rows with id 1. */
export async function fill(client: pg.Client, scenario: KeyScenario, keys: readonly string[]): Promise<void> {
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${createTables(scenario)}`);
  // The rows come before the keys: some of these reference each other in a circle.
  for (const table of tableNames(scenario)) await client.query(insertInto(scenario, table));
  await client.query(addKeys(keys));
}

export function insertInto(scenario: KeyScenario, table: string): string {
  return `INSERT INTO ${table} VALUES (${["1", ...columnsOf(scenario, table).map(() => "1")].join(", ")})`;
}

/** The schema of the scenario, read from the text that PostgreSQL gets. */
export function schemaOf(scenario: KeyScenario): Schema {
  const { schema, problems } = parseSqlText(`${createTables(scenario)}\n${addKeys(scenario.keys)}`);
  assert.deepEqual(problems, []);
  return schema;
}

export function findingsIn(scenario: KeyScenario, rules: readonly SchemaRule[]): readonly Finding[] {
  return [...runRules(schemaOf(scenario), { settings: new Map(), rules })];
}

/** Whether a foreign key refuses the statement, at once or at the commit. Nothing of it stays. */
export async function isRefused(client: pg.Client, statement: string): Promise<boolean> {
  await client.query("BEGIN");
  try {
    await client.query(statement);
    await client.query("SET CONSTRAINTS ALL IMMEDIATE");
    return false;
  } catch (error) {
    // foreign_key_violation, or restrict_violation, which RESTRICT raises since PostgreSQL 18.
    assert.ok(["23503", "23001"].includes(String(sqlState(error))), String(error));
    return true;
  } finally {
    await client.query("ROLLBACK");
  }
}

function sqlState(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

const clients = new Map<PostgresMajor, Promise<pg.Client>>();

/** One empty database of each version for all scenarios; it goes with its server. */
export function scenarioClient(major: PostgresMajor): Promise<pg.Client> {
  const known = clients.get(major) ?? sharedPostgres(major).then(async (server) => (await server.createDatabase()).client());
  clients.set(major, known);
  return known;
}

after(async () => {
  const open = [...clients.values()];
  clients.clear();
  await Promise.all(open.map(async (client) => (await client).end()));
});
