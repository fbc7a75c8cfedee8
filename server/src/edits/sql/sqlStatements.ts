/** Intents as SQL statements over a database that already has what they change: the text of a new migration. */
import { sqlIdentifier, truncateName } from "../../model/names.ts";
import { formatType } from "../../model/pgTypes.ts";
import { plainColumns } from "../../model/indexQueries.ts";
import type { ForeignKey, Index, IndexKey, PgType, ReferentialAction, Table } from "../../model/schema.ts";
import { addCheck, addUpdateTrigger, dropNotNull, setDefault, setIdentity, setNotNull } from "./columnStatements.ts";
import type { Intent, TypedColumn } from "../intent.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { DesignIntent } from "../intents/designIntent.ts";
import type { IndexIntent } from "../intents/indexIntent.ts";
import type { MigrationIntent } from "../intents/migrationIntent.ts";
import type { ProjectIntent } from "../intents/projectIntent.ts";
import type { SecurityIntent } from "../intents/securityIntent.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

/** Whole statements with their semicolons, in the order to run them. */
export function sqlStatements(
  intent: Exclude<Intent, { do: "replaceText" } | DesignIntent | IndexIntent | MigrationIntent | ProjectIntent | SecurityIntent>,
  naming: Naming = sqlTable,
): readonly string[] | Refusal {
  switch (intent.do) {
    case "addIndex":
      return [createIndex(intent, naming)];
    case "dropIndex":
      return [dropIndex(intent.table, intent.index, naming)];
    case "addPrimaryKey":
      return addPrimaryKey(intent, naming);
    case "addPrimaryKeyColumn":
      return [`ALTER TABLE ${naming(intent.table)} ADD COLUMN ${primaryKeyColumn(intent.column, intent.type)};`];
    case "setColumnType":
      return setColumnType(intent, naming);
    case "setOnDelete":
      return setOnDelete(intent, naming);
    case "makeUniquePartial":
      return [dropIndex(intent.table, intent.index, naming), createPartialUnique(intent, naming)];
    case "widenForeignKey":
      return widenForeignKey(intent, naming);
    case "replaceUnique":
      return replaceUnique(intent, naming);
    case "setDefault":
      return setDefault(intent, naming(intent.table));
    case "setNotNull":
      return setNotNull(intent, naming(intent.table));
    case "addUpdateTrigger":
      return addUpdateTrigger(intent, naming(intent.table));
    case "nameConstraint":
      return refuse(`The database already has the name ${intent.constraint.name}; only the text can still say it.`);
    case "dropNotNull":
      return dropNotNull(intent, naming(intent.table));
    case "setIdentity":
      return setIdentity(intent, naming(intent.table));
    case "addCheck":
      return addCheck(intent, naming(intent.table));
    case "addForeignKey":
      return [`ALTER TABLE ${naming(intent.table)} ADD ${newForeignKey(intent, naming)};`];
    case "dropForeignKey":
      return [`ALTER TABLE ${naming(intent.table)} DROP CONSTRAINT ${sqlIdentifier(intent.foreignKey.name)};`];
    case "setDeferrable":
      return [
        `ALTER TABLE ${naming(intent.table)} ALTER CONSTRAINT ${sqlIdentifier(intent.foreignKey.name)} DEFERRABLE INITIALLY DEFERRED;`,
      ];
    case "setOnUpdate": {
      const { table, foreignKey, action } = intent;
      return [replaceForeignKey(table, { ...foreignKey, onUpdate: action }, foreignKey.columns, foreignKey.references.columns, naming)];
    }
    case "replaceIndex":
      return [dropIndex(intent.table, intent.index, naming), createReplacement(intent, naming)];
  }
}

/** How a table is named: with its schema or without. A dump sets an empty search path, so its names all have one. */
export type Naming = (table: { readonly schema: string; readonly name: string }) => string;

/** With its schema unless that is `public`. */
export const sqlTable: Naming = ({ schema, name }) => (schema === "public" ? sqlIdentifier(name) : qualifiedTable({ schema, name }));

export const qualifiedTable: Naming = ({ schema, name }) => `${sqlIdentifier(schema)}.${sqlIdentifier(name)}`;

/** `(a, b)`. */
export function sqlList(columns: readonly string[]): string {
  return `(${columns.map(sqlIdentifier).join(", ")})`;
}

/** As people write it: `timestamptz(3)`, not `timestamp(3) with time zone`; `varchar(20)`, `numeric(19, 4)`. */
export function sqlType(type: PgType): string {
  const name = shortNames.has(type.name) ? type.name : formatType({ ...type, modifiers: [], isArray: false });
  return `${name}${type.modifiers.length > 0 ? `(${type.modifiers.join(", ")})` : ""}${type.isArray ? "[]" : ""}`;
}

const shortNames: ReadonlySet<string> = new Set(["time", "timestamp", "timestamptz", "varchar"]);

export const sqlActions: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

/** `ON DELETE SET NULL (author_id)`. */
export function onDeleteClause(action: ReferentialAction, setColumns: readonly string[] | undefined): string {
  return `ON DELETE ${sqlActions[action]}${setColumns === undefined ? "" : ` ${sqlList(setColumns)}`}`;
}

export function createIndex({ table, columns, unique = false, method }: IntentTo<"addIndex">, naming: Naming): string {
  const name = freeIndexName(table, columns, unique ? "key" : "idx");
  const using = method === undefined ? "" : ` USING ${method}`;
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX ${sqlIdentifier(name)} ON ${naming(table)}${using} ${sqlList(columns)};`;
}

/** The constraint without its name, which PostgreSQL makes of the table's and the columns'. */
export function newForeignKey({ columns, referenced, referencedColumns, onDelete }: IntentTo<"addForeignKey">, naming: Naming): string {
  const target = `${naming(referenced)} ${sqlList(referencedColumns)}`;
  return `FOREIGN KEY ${sqlList(columns)} REFERENCES ${target} ${onDeleteClause(onDelete, undefined)}`;
}

function createReplacement(intent: IntentTo<"replaceIndex">, naming: Naming): string {
  const { table, index, keys = index.keys, method = index.method, predicate } = intent;
  const where = predicate === undefined ? index.predicate?.text : predicate;
  const parts = [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${sqlIdentifier(index.name)} ON ${naming(table)}`,
    ...(method === "btree" ? [] : [`USING ${method}`]),
    `(${keys.map(sqlKey).join(", ")})`,
    ...(index.include.length > 0 ? [`INCLUDE ${sqlList(index.include)}`] : []),
    ...(index.nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...(where === undefined || where === null ? [] : [`WHERE ${where}`]),
  ];
  return `${parts.join(" ")};`;
}

export function createPartialUnique({ table, index, keys, predicate }: IntentTo<"makeUniquePartial">, naming: Naming): string {
  const nulls = index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  return `CREATE UNIQUE INDEX ${sqlIdentifier(index.name)} ON ${naming(table)} (${keys.map(sqlKey).join(", ")})${nulls} WHERE ${predicate};`;
}

/** `UNIQUE NULLS NOT DISTINCT (a, b)`. */
export function uniqueBody({ keys, nullsNotDistinct }: Pick<IntentTo<"replaceUnique">, "keys" | "nullsNotDistinct">): string {
  return `UNIQUE ${nullsNotDistinct ? "NULLS NOT DISTINCT " : ""}${sqlKeys(keys)}`;
}

export function createUnique(intent: IntentTo<"replaceUnique">, naming: Naming): string {
  const { table, index, keys, nullsNotDistinct } = intent;
  const include = index.include.length === 0 ? "" : ` INCLUDE ${sqlList(index.include)}`;
  const nulls = nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const where = index.predicate === undefined ? "" : ` WHERE ${index.predicate.text}`;
  return `CREATE UNIQUE INDEX ${sqlIdentifier(newUniqueName(intent))} ON ${naming(table)} ${sqlKeys(keys)}${include}${nulls}${where};`;
}

/** `(a, lower(b) DESC)`. */
export function sqlKeys(keys: readonly IndexKey[]): string {
  return `(${keys.map(sqlKey).join(", ")})`;
}

/** The columns of keys that are nothing but columns. */
export function plainKeys(keys: readonly IndexKey[]): readonly string[] | undefined {
  const columns = keys.flatMap(({ column }) => column ?? []);
  return columns.length === keys.length ? columns : undefined;
}

/** The column with everything that makes it the key: numbers by identity, UUIDs by PostgreSQL's own generator. */
export function primaryKeyColumn(column: string, type: PgType): string {
  const value = type.name === "uuid" ? "DEFAULT gen_random_uuid()" : "GENERATED ALWAYS AS IDENTITY";
  return `${sqlIdentifier(column)} ${sqlType(type)} ${value} PRIMARY KEY`;
}

/** The constraint without its name: `FOREIGN KEY (a) REFERENCES t (b) ON DELETE CASCADE`. */
export function foreignKeyBody(key: ForeignKey, columns: readonly string[], referenced: readonly string[], naming: Naming): string {
  const target = naming({ schema: key.references.schema, name: key.references.table });
  const parts = [`FOREIGN KEY ${sqlList(columns)}`, `REFERENCES ${target} ${sqlList(referenced)}`];
  if (key.match === "full") parts.push("MATCH FULL");
  if (key.onDeleteStated !== false || key.onDelete !== "noAction") parts.push(onDeleteClause(key.onDelete, key.onDeleteSetColumns));
  if (key.onUpdate !== "noAction") parts.push(`ON UPDATE ${sqlActions[key.onUpdate]}`);
  if (key.deferrable) parts.push(key.initiallyDeferred ? "DEFERRABLE INITIALLY DEFERRED" : "DEFERRABLE");
  return parts.join(" ");
}

/** Whether the table already has the unique key that a foreign key over these columns needs. */
export function hasUniqueKeyOver(table: Table, columns: readonly string[]): boolean {
  return table.indexes.some((index) => {
    const keys = plainColumns(index);
    return index.unique && index.predicate === undefined && keys?.length === columns.length && keys.every((key) => columns.includes(key));
  });
}

function addPrimaryKey({ table, columns, replaces }: IntentTo<"addPrimaryKey">, naming: Naming): readonly string[] {
  const alter = `ALTER TABLE ${naming(table)}`;
  if (replaces === undefined) return [`${alter} ADD PRIMARY KEY ${sqlList(columns)};`];
  if (replaces.constraint !== undefined) {
    return [`${alter} DROP CONSTRAINT ${sqlIdentifier(replaces.constraint)}, ADD PRIMARY KEY ${sqlList(columns)};`];
  }
  const name = sqlIdentifier(replaces.name);
  return [`${alter} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${name};`];
}

/** Foreign keys between the columns cannot stand while one side changes: they go first and come back last. */
function setColumnType({ columns, type, using, readBy }: IntentTo<"setColumnType">, naming: Naming): readonly string[] | Refusal {
  const [view] = readBy;
  if (view !== undefined)
    return refuse(`The view ${view} may read the column: it must be dropped before the change and made again after it.`);
  const keys = columns.flatMap(({ table, column }) =>
    table.foreignKeys.filter((key) => key.columns.includes(column.name)).map((key) => ({ table, key })),
  );
  const tied = keys.filter(({ key }, i) => columns.length > 1 && keys.findIndex((other) => other.key === key) === i);
  const tables = [...new Set(columns.map(({ table }) => table))];
  return [
    ...tied.map(({ table, key }) => `ALTER TABLE ${naming(table)} DROP CONSTRAINT ${sqlIdentifier(key.name)};`),
    ...tables.map((table) => {
      const changes = columns.filter((changed) => changed.table === table).flatMap((changed) => alterType(changed, type, using));
      return `ALTER TABLE ${naming(table)} ${changes.join(", ")};`;
    }),
    ...columns.flatMap(({ sequence }) => (sequence === undefined ? [] : [`ALTER SEQUENCE ${naming(sequence)} AS ${sqlType(type)};`])),
    ...tied.map(({ table, key }) => `ALTER TABLE ${naming(table)} ${addForeignKey(key, key.columns, key.references.columns, naming)};`),
  ];
}

function alterType({ column, default: newDefault }: TypedColumn, type: PgType, using: string | undefined): readonly string[] {
  const name = sqlIdentifier(column.name);
  const change = `ALTER COLUMN ${name} TYPE ${sqlType(type)}${using === undefined ? "" : ` USING ${using.replaceAll("$", () => name)}`}`;
  if (newDefault === undefined) return [change];
  return [`ALTER COLUMN ${name} DROP DEFAULT`, change, `ALTER COLUMN ${name} SET DEFAULT ${newDefault}`];
}

function setOnDelete({ table, foreignKey, action, setColumns }: IntentTo<"setOnDelete">, naming: Naming): readonly string[] | Refusal {
  if (foreignKey.onDelete === action && setColumns === undefined) {
    return refuse(
      `The database already has ${sqlActions[action]} for ${foreignKey.name}; only the text of a migration that was already written could say it.`,
    );
  }
  const changed: ForeignKey = { ...foreignKey, onDelete: action, onDeleteSetColumns: setColumns, onDeleteStated: true };
  return [replaceForeignKey(table, changed, changed.columns, changed.references.columns, naming)];
}

function widenForeignKey(intent: IntentTo<"widenForeignKey">, naming: Naming): readonly string[] {
  const { table, foreignKey, columns, referenced, referencedColumns } = intent;
  const key = replaceForeignKey(table, foreignKey, columns, referencedColumns, naming);
  if (hasUniqueKeyOver(referenced, referencedColumns)) return [key];
  return [`ALTER TABLE ${naming(referenced)} ADD UNIQUE ${sqlList(referencedColumns)};`, key];
}

function replaceForeignKey(
  table: Table,
  key: ForeignKey,
  columns: readonly string[],
  referenced: readonly string[],
  naming: Naming,
): string {
  return `ALTER TABLE ${naming(table)} DROP CONSTRAINT ${sqlIdentifier(key.name)}, ${addForeignKey(key, columns, referenced, naming)};`;
}

function addForeignKey(key: ForeignKey, columns: readonly string[], referenced: readonly string[], naming: Naming): string {
  return `ADD CONSTRAINT ${sqlIdentifier(key.name)} ${foreignKeyBody(key, columns, referenced, naming)}${key.validated ? "" : " NOT VALID"}`;
}

function replaceUnique(intent: IntentTo<"replaceUnique">, naming: Naming): readonly string[] {
  const { table, index, keys } = intent;
  if (index.constraint === undefined || plainKeys(keys) === undefined) return [dropIndex(table, index, naming), createUnique(intent, naming)];
  const constraint = table.uniqueConstraints.find(({ name }) => name === index.constraint);
  const deferral = constraint?.deferrable === true ? (constraint.initiallyDeferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE") : "";
  const added = `ADD CONSTRAINT ${sqlIdentifier(newUniqueName(intent))} ${uniqueBody(intent)}${deferral}`;
  return [`ALTER TABLE ${naming(table)} DROP CONSTRAINT ${sqlIdentifier(index.constraint)}, ${added};`];
}

/** A name that says the old columns gives way to one that says the new ones; a chosen one stays. */
function newUniqueName({ table, index, keys }: IntentTo<"replaceUnique">): string {
  const [before, after] = [plainColumns(index), plainKeys(keys)];
  if (before === undefined || after === undefined || before.join() === after.join()) return index.name;
  const suffix = /(?:key|idx)$/.exec(index.name)?.[0];
  return suffix !== undefined && index.name === freeIndexName({ ...table, indexes: [] }, before, suffix)
    ? freeIndexName(table, after, suffix)
    : index.name;
}

function dropIndex(table: Table, index: Index, naming: Naming): string {
  if (index.constraint !== undefined) return `ALTER TABLE ${naming(table)} DROP CONSTRAINT ${sqlIdentifier(index.constraint)};`;
  return `DROP INDEX ${naming({ schema: table.schema, name: index.name })};`;
}

/** A key of an index with its class and order. */
export function sqlKey(key: IndexKey): string {
  const what = key.column === undefined ? sqlExpression(key.expression?.text ?? "") : sqlIdentifier(key.column);
  const usualNulls = key.direction === "asc" ? "last" : "first";
  return [
    what,
    ...(key.collation === undefined ? [] : [`COLLATE ${sqlIdentifier(key.collation)}`]),
    ...(key.operatorClass === undefined ? [] : [key.operatorClass]),
    ...(key.direction === "desc" ? ["DESC"] : []),
    ...(key.nulls === usualNulls ? [] : [`NULLS ${key.nulls.toUpperCase()}`]),
  ].join(" ");
}

/** In parentheses, unless it is nothing but the call of a function. */
function sqlExpression(text: string): string {
  return /^[a-z_]\w*\((?:\w+|"[^"()]+")\)$/i.test(text) ? text : `(${text})`;
}

/** Named as PostgreSQL and Prisma name it; a number makes it free. The suffix survives the limit of 63 bytes. */
export function freeIndexName(table: Table, columns: readonly string[], suffix: string): string {
  const taken = new Set(table.indexes.map((index) => index.name));
  const base = `${table.name}_${columns.join("_")}`;
  for (let i = 0; ; i++) {
    const ending = `_${suffix}${i === 0 ? "" : i}`;
    const name = `${truncateName(base + ending) === base + ending ? base : cut(base, ending.length)}${ending}`;
    if (!taken.has(name)) return name;
  }
}

/** `name` short enough for `reserve` more bytes. */
function cut(name: string, reserve: number): string {
  let short = name;
  while (truncateName(short + "x".repeat(reserve)) !== short + "x".repeat(reserve)) short = short.slice(0, -1);
  return short;
}
