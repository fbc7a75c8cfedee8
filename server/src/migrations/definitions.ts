/**
 * Elements of a schema as SQL, written from the model: for the way back, which has no text of its own, and for what the
 * schema engine writes wrongly. Identifiers are quoted, as Prisma quotes them.
 */
import { quoteIdentifier, truncateName } from "../model/names.ts";
import { formatType } from "../model/pgTypes.ts";
import type { CheckConstraint, Column, ExclusionConstraint, Expression, ForeignKey, Grant, Index, IndexKey, KeyConstraint, PgType, Policy, Schema, Sequence, Table } from "../model/schema.ts";
import { isNumbered, sequenceOf } from "../model/generatedValues.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";

/** With its schema unless that is `public`. */
export function named({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A name made out of another one, no longer than PostgreSQL keeps: what is cut off is the other one's end. */
export function suffixed(name: string, suffix: string): string {
  return truncateName(name, 63 - suffix.length) + suffix;
}

export function list(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(", ");
}

/** As PostgreSQL reads it in SQL; the types of enums and domains are quoted where they must be. */
export function typeText(type: PgType): string {
  if (type.kind !== "enum" && type.kind !== "domain" && type.kind !== "composite") return formatType(type);
  return `${named({ schema: type.schema ?? "public", name: type.name })}${type.isArray ? "[]" : ""}`;
}

/** Whether the column is one that `SERIAL` makes, sequence and all. */
export function serialOf(schema: Schema, table: Table, column: Column): "SMALLSERIAL" | "SERIAL" | "BIGSERIAL" | undefined {
  if (column.identity !== undefined || !isNumbered(column)) return undefined;
  const sequence = sequenceOf(schema, table, column);
  if (sequence === undefined || sequence.schema !== table.schema || sequence.name !== `${table.name}_${column.name}_seq` || sequence.increment !== 1n) return undefined;
  if (sequence.dataType.name !== column.type.name) return undefined;
  return { int2: "SMALLSERIAL" as const, int4: "SERIAL" as const, int8: "BIGSERIAL" as const }[column.type.name];
}

export function columnDefinition(schema: Schema, table: Table, column: Column): string {
  const serial = serialOf(schema, table, column);
  const parts = [quoteIdentifier(column.name), serial ?? typeText(column.type)];
  if (column.collation !== undefined) parts.push(`COLLATE ${quoteIdentifier(column.collation)}`);
  if (column.notNull) parts.push("NOT NULL");
  if (column.generated !== undefined) parts.push(`GENERATED ALWAYS AS (${column.generated.expression.text}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`);
  else if (column.identity !== undefined) parts.push(`GENERATED ${column.identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`);
  else if (column.default !== undefined && serial === undefined) parts.push(`DEFAULT ${column.default.text}`);
  return parts.join(" ");
}

/** The table with its columns, keys and checks; its indexes, foreign keys and the rest are statements of their own. */
export function createTable(schema: Schema, table: Table): string {
  const lines = [...table.columns.values()].map((column) => columnDefinition(schema, table, column));
  if (table.primaryKey !== undefined) lines.push(`CONSTRAINT ${quoteIdentifier(table.primaryKey.name)} PRIMARY KEY ${keyBody(table.primaryKey)}`);
  for (const key of table.uniqueConstraints) lines.push(uniqueConstraint(key));
  for (const check of table.checks) lines.push(checkConstraint(check));
  for (const exclusion of table.exclusions) lines.push(exclusionConstraint(exclusion));
  const unlogged = table.persistence === "unlogged" ? "UNLOGGED " : "";
  return `CREATE ${unlogged}TABLE ${named(table)} (\n    ${lines.join(",\n    ")}\n)`;
}

export function keyBody(key: KeyConstraint): string {
  return `(${list(key.columns)})${key.include.length === 0 ? "" : ` INCLUDE (${list(key.include)})`}${deferral(key)}`;
}

export function uniqueConstraint(key: KeyConstraint): string {
  return `CONSTRAINT ${quoteIdentifier(key.name)} UNIQUE ${key.nullsNotDistinct ? "NULLS NOT DISTINCT " : ""}${keyBody(key)}`;
}

export function checkConstraint(check: CheckConstraint): string {
  const options = `${check.noInherit ? " NO INHERIT" : ""}${check.validated ? "" : " NOT VALID"}`;
  return `CONSTRAINT ${quoteIdentifier(check.name)} CHECK (${check.expression.text})${options}`;
}

export function exclusionConstraint({ name, method, elements, predicate }: ExclusionConstraint): string {
  const where = predicate === undefined ? "" : ` WHERE (${predicate.text})`;
  return `CONSTRAINT ${quoteIdentifier(name)} EXCLUDE USING ${method} (${elements.map(({ key, operator }) => `${indexKey(key)} WITH ${operator}`).join(", ")})${where}`;
}

const actions = { noAction: "NO ACTION", restrict: "RESTRICT", cascade: "CASCADE", setNull: "SET NULL", setDefault: "SET DEFAULT" } as const;

export function foreignKeyConstraint(key: ForeignKey): string {
  const target = named({ schema: key.references.schema, name: key.references.table });
  const setColumns = key.onDeleteSetColumns === undefined ? "" : ` (${list(key.onDeleteSetColumns)})`;
  const match = key.match === "full" ? " MATCH FULL" : "";
  const body = `FOREIGN KEY (${list(key.columns)}) REFERENCES ${target}(${list(key.references.columns)})${match}`;
  return `CONSTRAINT ${quoteIdentifier(key.name)} ${body} ON DELETE ${actions[key.onDelete]}${setColumns} ON UPDATE ${actions[key.onUpdate]}${deferral(key)}${key.validated ? "" : " NOT VALID"}`;
}

export function createIndex(on: { readonly schema: string; readonly name: string }, index: Index): string {
  const using = index.method === "btree" ? "" : ` USING ${index.method}`;
  const include = index.include.length === 0 ? "" : ` INCLUDE (${list(index.include)})`;
  const nulls = index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const where = index.predicate === undefined ? "" : ` WHERE (${index.predicate.text})`;
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(index.name)} ON ${named(on)}${using} (${index.keys.map(indexKey).join(", ")})${include}${nulls}${where}`;
}

/** A body of code on lines of its own, in quotes that end nowhere in it. */
export function dollarQuoted(body: string): string {
  let tag = "$$";
  for (let i = 1; body.includes(tag); i++) tag = `$body${i === 1 ? "" : i}$`;
  return `${tag}\n${body}\n${tag}`;
}

/** Stops a migration when a row is as it must not be. `condition`: of such a row. */
export function outOfStepCheck(table: string, condition: string, message: string): string {
  return `DO ${dollarQuoted(`BEGIN\n  IF EXISTS (SELECT FROM ${table} WHERE ${condition}) THEN\n    RAISE EXCEPTION ${quoteLiteral(message.replaceAll("%", "%%"))};\n  END IF;\nEND`)}`;
}

/** Whether a statement is such a check, of two columns of one table. */
export function isOutOfStepCheck(sql: string, columns: readonly string[]): boolean {
  const condition = /^DO \$\w*\$\s+BEGIN\s+IF EXISTS \(SELECT FROM .+? WHERE (.+)\) THEN\s+RAISE EXCEPTION /.exec(sql)?.[1];
  return condition?.includes(" IS DISTINCT FROM ") === true && columns.every((column) => condition.includes(quoteIdentifier(column)));
}

export function createSequence(sequence: Sequence): string {
  const increment = sequence.increment === 1n ? "" : ` INCREMENT BY ${sequence.increment}`;
  return `CREATE SEQUENCE ${named(sequence)} AS ${typeText(sequence.dataType)}${increment}`;
}

export function createPolicy(table: Table, policy: Policy): string {
  const roles = policy.roles.map((role) => (role === "public" ? "PUBLIC" : quoteIdentifier(role))).join(", ");
  const parts = [`CREATE POLICY ${quoteIdentifier(policy.name)} ON ${named(table)}`, `AS ${policy.permissive ? "PERMISSIVE" : "RESTRICTIVE"}`, `FOR ${policy.command.toUpperCase()}`, `TO ${roles}`];
  if (policy.using !== undefined) parts.push(`USING (${policy.using.text})`);
  if (policy.withCheck !== undefined) parts.push(`WITH CHECK (${policy.withCheck.text})`);
  return parts.join(" ");
}

/** Undefined for kinds of objects whose privileges are written by hand. `does`: to give or to take away. */
export function privilegesText(schema: Schema, grant: Grant, does: "GRANT" | "REVOKE"): string | undefined {
  const object = grantedObject(schema, grant);
  if (object === undefined) return undefined;
  const grantee = grant.grantee === "public" ? "PUBLIC" : quoteIdentifier(grant.grantee);
  const privileges = grant.privileges.join(", ");
  const option = does === "GRANT" && grant.withGrantOption ? " WITH GRANT OPTION" : "";
  const text = `${does} ${privileges} ON ${object.on} ${does === "GRANT" ? "TO" : "FROM"} ${grantee}${option}`;
  return object.within === undefined ? text : `ALTER DEFAULT PRIVILEGES IN SCHEMA ${object.within} ${text}`;
}

function grantedObject(schema: Schema, { objectKind, object }: Grant): { readonly on: string; readonly within?: string } | undefined {
  switch (objectKind) {
    case "table": {
      const relation = schema.tables.get(object) ?? schema.views.get(object);
      return relation === undefined ? undefined : { on: `TABLE ${named(relation)}` };
    }
    case "sequence": {
      const sequence = schema.sequences.get(object);
      return sequence === undefined ? undefined : { on: `SEQUENCE ${named(sequence)}` };
    }
    case "schema":
      return schema.namespaces.has(object) ? { on: `SCHEMA ${quoteIdentifier(object)}` } : undefined;
    case "default": {
      const [, within, kind] = /^(.+)\.(tables|sequences|functions|types)$/.exec(object) ?? [];
      return within === undefined || kind === undefined || !schema.namespaces.has(within) ? undefined : { on: kind.toUpperCase(), within: quoteIdentifier(within) };
    }
    default:
      return undefined;
  }
}

function indexKey(key: IndexKey): string {
  const parts = [key.column === undefined ? `(${expressionText(key.expression)})` : quoteIdentifier(key.column)];
  if (key.collation !== undefined) parts.push(`COLLATE ${quoteIdentifier(key.collation)}`);
  if (key.operatorClass !== undefined) parts.push(key.operatorClass);
  if (key.direction === "desc") parts.push("DESC");
  if (key.nulls !== (key.direction === "asc" ? "last" : "first")) parts.push(`NULLS ${key.nulls.toUpperCase()}`);
  return parts.join(" ");
}

function expressionText(expression: Expression | undefined): string {
  return expression?.text ?? "";
}

function deferral({ deferrable, initiallyDeferred }: { readonly deferrable: boolean; readonly initiallyDeferred: boolean }): string {
  return deferrable ? ` DEFERRABLE${initiallyDeferred ? " INITIALLY DEFERRED" : ""}` : "";
}
