/** Objects of a schema in PostgreSQL's words: names, types, keys, indexes, actions. */
import { sqlIdentifier } from "../../model/names.ts";
import { formatType } from "../../model/pgTypes.ts";
import type { Column, ForeignKey, Index, IndexKey, Origins, Policy, ReferentialAction, Table, TextOrigin } from "../../model/schema.ts";

export const actions: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

/** The name as SQL; as it is when it can be none, which half-typed ones are. */
export function identifier(name: string): string {
  try {
    return sqlIdentifier(name);
  } catch {
    return JSON.stringify(name);
  }
}

/** With its schema unless that is `public`. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}

export function columnList(columns: readonly string[]): string {
  return `(${columns.map(identifier).join(", ")})`;
}

/** `owner_id uuid NOT NULL DEFAULT …`. */
export function columnDefinition(column: Column): string {
  const parts = [identifier(column.name), formatType(column.type)];
  if (column.collation !== undefined) parts.push(`COLLATE ${identifier(column.collation)}`);
  if (column.notNull) parts.push("NOT NULL");
  if (column.default !== undefined) parts.push(`DEFAULT ${oneLine(column.default.text)}`);
  if (column.identity !== undefined) parts.push(`GENERATED ${column.identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`);
  if (column.generated !== undefined)
    parts.push(`GENERATED ALWAYS AS (${oneLine(column.generated.expression.text)})${column.generated.stored ? " STORED" : ""}`);
  return parts.join(" ");
}

/** `CREATE UNIQUE INDEX … ON … (…) WHERE …`. */
export function indexDefinition(index: Index, on: { readonly schema: string; readonly name: string }): string {
  const method = index.method === "btree" ? "" : ` USING ${index.method}`;
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${identifier(index.name)} ON ${qualified(on)}${method} ${indexKeys(index)}${indexTail(index)}`;
}

/** `(owner_id, created_at DESC)`. */
export function indexKeys(index: Index): string {
  return `(${index.keys.map(indexKey).join(", ")})`;
}

function indexTail({ include, nullsNotDistinct, predicate }: Index): string {
  const includes = include.length === 0 ? "" : ` INCLUDE ${columnList(include)}`;
  return includes + (nullsNotDistinct ? " NULLS NOT DISTINCT" : "") + (predicate === undefined ? "" : ` WHERE ${oneLine(predicate.text)}`);
}

function indexKey(key: IndexKey): string {
  const what = key.column === undefined ? `(${oneLine(key.expression?.text ?? "")})` : identifier(key.column);
  const nulls = key.nulls === (key.direction === "desc" ? "first" : "last") ? "" : ` NULLS ${key.nulls.toUpperCase()}`;
  return `${what}${key.operatorClass === undefined ? "" : ` ${key.operatorClass}`}${key.direction === "desc" ? " DESC" : ""}${nulls}`;
}

/** `ON DELETE CASCADE ON UPDATE RESTRICT`, without what PostgreSQL does when nothing is said. */
export function actionsOf(key: ForeignKey): string {
  const words: string[] = [];
  if (key.onDelete !== "noAction") words.push(`ON DELETE ${actions[key.onDelete]}${setColumns(key)}`);
  if (key.onUpdate !== "noAction") words.push(`ON UPDATE ${actions[key.onUpdate]}`);
  return words.join(" ");
}

function setColumns({ onDeleteSetColumns }: ForeignKey): string {
  return onDeleteSetColumns === undefined ? "" : ` ${columnList(onDeleteSetColumns)}`;
}

export function foreignKeyDefinition(key: ForeignKey, table: Table): string {
  const tail = [
    actionsOf(key),
    key.match === "full" ? "MATCH FULL" : "",
    key.deferrable ? `DEFERRABLE INITIALLY ${key.initiallyDeferred ? "DEFERRED" : "IMMEDIATE"}` : "",
    key.validated ? "" : "NOT VALID",
  ].filter((words) => words !== "");
  const target = `${qualified({ schema: key.references.schema, name: key.references.table })} ${columnList(key.references.columns)}`;
  return [
    `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${identifier(key.name)}`,
    `  FOREIGN KEY ${columnList(key.columns)} REFERENCES ${target}${tail.map((words) => ` ${words}`).join("")}`,
  ].join("\n");
}

export function policyDefinition(policy: Policy, table: Table): string {
  const lines = [
    `CREATE POLICY ${identifier(policy.name)} ON ${qualified(table)}${policy.permissive ? "" : " AS RESTRICTIVE"} FOR ${policy.command.toUpperCase()} TO ${policy.roles.map(identifier).join(", ")}`,
  ];
  if (policy.using !== undefined) lines.push(`  USING (${oneLine(policy.using.text)})`);
  if (policy.withCheck !== undefined) lines.push(`  WITH CHECK (${oneLine(policy.withCheck.text)})`);
  return lines.join("\n");
}

/** Where the text is that states it: Prisma's before SQL's. */
export function placeOf({ origins }: { readonly origins: Origins }): TextOrigin | undefined {
  for (const origin of origins) if (origin.kind === "prisma" || origin.kind === "sql") return origin;
  return undefined;
}

const longestLine = 160;

/** SQL that people wrote, in one line and no longer than one. */
export function oneLine(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ").trim();
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}

/** `1 column`, `3 columns`. */
export function counted(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
