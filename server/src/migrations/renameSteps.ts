/**
 * Renames in steps, for clients of both versions: for a while a column or a table goes by both names. Beside the column
 * stands a second one under the new name, which a trigger keeps in step both ways; a table has a view under its old name.
 * A later migration ends it: the second column goes, and the first one takes its name with all that stands on it.
 *
 * Invariant: what is being renamed is told by the history alone, by the comment on the trigger or the view.
 */
import { columnsInSteps, inStepsComment } from "../model/columnsInSteps.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Column, Index, Schema, Table, Trigger, View } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { createIndex, dollarQuoted, named, outOfStepCheck, privilegesText, suffixed, typeText } from "./definitions.ts";
import { fillColumn } from "./onlineColumns.ts";
import type { RenameCandidate } from "./renames.ts";
import type { Writing } from "./writing.ts";

/** A column that goes by two names as yet. */
export interface ColumnInSteps {
  readonly kind: "column";
  /** `schema.table.column`. */
  readonly from: string;
  readonly to: string;
  readonly table: Table;
  /** The column itself, under its old name. */
  readonly column: Column;
  /** The one under the new name, in step with it. */
  readonly mirror: Column;
  readonly trigger: Trigger;
}

/** A table of which there is a view under its old name. */
export interface TableInSteps {
  readonly kind: "table";
  readonly from: string;
  readonly to: string;
  readonly view: View;
}

export type InSteps = ColumnInSteps | TableInSteps;

const oldTable = "The old name of the table ";

export function renamesInSteps(schema: Schema): readonly InSteps[] {
  const columns = [...schema.tables.values()].flatMap((table) => columnsInSteps(table).map((each): InSteps => ({ kind: "column", from: `${table.key}.${each.column.name}`, to: `${table.key}.${each.mirror.name}`, table, ...each })));
  const tables = [...schema.views.values()].flatMap((view): readonly InSteps[] => {
    const [to] = view.reads;
    return view.comment?.startsWith(oldTable) === true && to !== undefined && schema.tables.has(to) ? [{ kind: "table", from: view.key, to, view }] : [];
  });
  return [...columns, ...tables];
}

/** Why it can only be renamed at once; undefined where both names can be kept. */
export function whyAtOnce({ kind, from, to }: RenameCandidate, before: Schema, after: Schema): string | undefined {
  if (kind === "enum" || kind === "enum value") return "PostgreSQL has one name for a type and for a value";
  if (kind === "table") return undefined;
  const at = from.lastIndexOf(".");
  const table = before.tables.get(from.slice(0, at));
  const column = table?.columns.get(from.slice(at + 1));
  const wanted = after.tables.get(from.slice(0, at))?.columns.get(to.slice(at + 1));
  if (table === undefined || column === undefined || wanted === undefined) return "nothing is known of the column";
  if (column.generated !== undefined) return "it is computed, and nobody can write to it";
  if (table.kind !== "table" || table.partitionOf !== undefined || table.inherits.length > 0) return "its table is partitioned or inherits";
  if (typeText(column.type) !== typeText(wanted.type)) return "its type changes too: rename it first, and change its type in another migration";
  return undefined;
}

/** The second column, kept in step, filled and indexed as the first one is. `stated`: the table as the Prisma schema has it. */
export function startColumn(writing: Writing, table: Table, column: Column, to: string, stated: Table | undefined): void {
  const [old, fresh, on] = [quoteIdentifier(column.name), quoteIdentifier(to), named(table)];
  const routine = named({ schema: table.schema, name: suffixed(`${table.name}_${column.name}_${to}`, "_sync") });
  // Triggers run in the order of their names: this one sees what the others made of the row.
  const trigger = quoteIdentifier(suffixed(`zz_${column.name}_${to}`, "_sync"));
  const text = hasEquality(column) ? "" : "::text";
  const body = `BEGIN
  -- Both names of one value, for as long as there are clients of both.
  IF TG_OP = 'INSERT' THEN
    IF NEW.${fresh} IS NULL THEN
      NEW.${fresh} := NEW.${old};
    ELSE
      NEW.${old} := NEW.${fresh};
    END IF;
  ELSIF NEW.${fresh}${text} IS DISTINCT FROM OLD.${fresh}${text} THEN
    NEW.${old} := NEW.${fresh};
  ELSE
    NEW.${fresh} := NEW.${old};
  END IF;
  RETURN NEW;
END`;
  const collation = column.collation === undefined ? "" : ` COLLATE ${quoteIdentifier(column.collation)}`;
  if (column.default !== undefined && !column.notNull) writing.risk("breaks clients", `${table.key}.${to}`, `Who writes NULL into a new row by the name ${to} gets the default of ${column.name}, for as long as there are both names.`);
  const reacts = table.triggers.filter(({ updateOf }) => updateOf.includes(column.name));
  if (reacts.length > 0) writing.risk("breaks clients", `${table.key}.${to}`, `${reacts.map(({ name }) => name).join(", ")}: not run by an UPDATE that says ${to}, for as long as there are both names.`);
  writing.write("columns", "AlterTable", `ALTER TABLE ${on} ADD COLUMN ${fresh} ${typeText(column.type)}${collation}`, { down: [outOfStepCheck(on, `${fresh} IS NOT NULL AND ${fresh}${text} IS DISTINCT FROM ${old}${text}`, `${on}: a row has another value by its old name than by its new one`), `ALTER TABLE ${on} DROP COLUMN ${fresh}`] });
  writing.write("alter columns", "CreateFunction", `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted(body)}`, { down: [`DROP FUNCTION ${routine}()`] });
  writing.write("rest", "CreateTrigger", `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${on} FOR EACH ROW EXECUTE FUNCTION ${routine}()`, { down: [`DROP TRIGGER ${trigger} ON ${on}`] });
  writing.write("rest", "Comment", `COMMENT ON TRIGGER ${trigger} ON ${on} IS ${quoteLiteral(inStepsComment(column.name, to))}`, { down: [] });
  fillColumn(writing, table, to, old, `${fresh}${text} IS DISTINCT FROM ${old}${text}`);
  for (const index of mirrorIndexes(table, column.name, to, stated)) {
    const sql = createIndex(table, index);
    if (writing.options.canRunApart) writing.write("constraints", "CreateIndex", sql.replace("INDEX", "INDEX CONCURRENTLY"), { stage: "index" });
    else {
      writing.risk("blocks", `${table.key}.${index.name}`, `Nobody can write to ${table.key} while ${index.name} is built: what runs these migrations puts each file into a transaction.`);
      // Behind the backfill, in a transaction that holds no lock on readers.
      writing.write("constraints", "CreateIndex", sql, { stage: "constrain" });
    }
  }
}

/** What is looked up and upserted by the old name is by the new one; by the names that the Prisma schema will want. */
function mirrorIndexes(table: Table, from: string, to: string, stated: Table | undefined): readonly Index[] {
  const taken = new Set(table.indexes.map(({ name }) => name));
  const inNew = (name: string): string => (name === from ? to : name);
  const copies: Index[] = [];
  for (const index of table.indexes) {
    const names = keysOf(index);
    if (!names.includes(from) || index.predicate?.columns.includes(from) === true || index.keys.some(({ expression }) => expression?.columns.includes(from) === true)) continue;
    const columns = names.map(inNew).join();
    const wanted = stated?.indexes.find((each) => each.unique === index.unique && keysOf(each).join() === columns)?.name;
    const name = wanted === undefined || taken.has(wanted) ? copyName(index, to) : wanted;
    if (taken.has(name)) continue;
    taken.add(name);
    const keys = index.keys.map((key) => (key.column === undefined ? key : { ...key, column: inNew(key.column) }));
    copies.push({ ...index, name, keys, include: index.include.map(inNew), primary: false, constraint: undefined });
  }
  return copies;
}

/** Of an index that the Prisma schema does not name. */
function copyName({ name }: Index, to: string): string {
  return suffixed(`${name}_${to}`, "");
}

function keysOf({ keys }: Index): readonly string[] {
  return keys.map(({ column }) => column ?? "");
}

/** The second column goes, and the first one is called as it was; or keeps its old name, where the rename is called off. */
export function endColumn(writing: Writing, { table, column, mirror, trigger }: ColumnInSteps, isCalledOff = false): void {
  const [old, fresh, on, name] = [quoteIdentifier(column.name), quoteIdentifier(mirror.name), named(table), quoteIdentifier(trigger.name)];
  const routine = writing.before.routines.get(`${trigger.routine}()`);
  const write = (heading: string, sql: string, down: readonly string[]): void => writing.write("schemas", heading, sql, { stage: "expand", down });
  const [kept, gone] = isCalledOff ? [column.name, mirror.name] : [mirror.name, column.name];
  const equal = hasEquality(column) ? `${fresh} IS DISTINCT FROM ${old}` : `${fresh}::text IS DISTINCT FROM ${old}::text`;
  writing.risk("breaks clients", `${table.key}.${gone}`, `The column ${table.key}.${kept} has this name alone from now on: what still says ${gone} fails.`);
  write("Check", outOfStepCheck(on, equal, `${on}: a row has another value by its old name than by its new one`), []);
  const routineText = routine === undefined ? [] : [`CREATE FUNCTION ${named(routine)}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted((routine.body ?? "").trim())}`];
  write("DropTrigger", `DROP TRIGGER ${name} ON ${on}`, [
    `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${on} FOR EACH ROW EXECUTE FUNCTION ${routine === undefined ? trigger.routine : named(routine)}()`,
    `COMMENT ON TRIGGER ${name} ON ${on} IS ${quoteLiteral(trigger.comment ?? "")}`,
  ]);
  if (routine !== undefined) write("DropFunction", `DROP FUNCTION ${named(routine)}()`, routineText);
  const collation = mirror.collation === undefined ? "" : ` COLLATE ${quoteIdentifier(mirror.collation)}`;
  write("AlterTable", `ALTER TABLE ${on} DROP COLUMN ${fresh}`, [`ALTER TABLE ${on} ADD COLUMN ${fresh} ${typeText(mirror.type)}${collation}`, `UPDATE ${on} SET ${fresh} = ${old}`]);
  if (isCalledOff) return;
  write("AlterTable", `ALTER TABLE ${on} RENAME COLUMN ${old} TO ${fresh}`, [`ALTER TABLE ${on} RENAME COLUMN ${fresh} TO ${old}`]);
  // Indexes take the names of those that went with the second column.
  const inOld = (index: Index): string => keysOf(index).map((key) => (key === mirror.name ? column.name : key)).join();
  for (const gone of table.indexes.filter((index) => keysOf(index).includes(mirror.name))) {
    const own = table.indexes.find((index) => index !== gone && index.unique === gone.unique && !index.primary && keysOf(index).join() === inOld(gone));
    if (own === undefined || gone.name === copyName(own, mirror.name)) continue;
    const rename = (was: string, is: string): string =>
      own.constraint === undefined ? `ALTER INDEX ${named({ schema: table.schema, name: was })} RENAME TO ${quoteIdentifier(is)}` : `ALTER TABLE ${on} RENAME CONSTRAINT ${quoteIdentifier(was)} TO ${quoteIdentifier(is)}`;
    write(own.constraint === undefined ? "RenameIndex" : "RenameConstraint", rename(own.name, gone.name), [rename(gone.name, own.name)]);
  }
}

function hasEquality({ type }: Column): boolean {
  return !/^(?:json|xml|point|polygon|box|path|lseg|line|circle)$/.test(type.name);
}

/** The view that goes by the table's old name. `before`: the table in the schema in which it was called so; `columns` of it that stay as they are. */
export function startTable(writing: Writing, schema: Schema, before: Table, now: { readonly schema: string; readonly name: string }, columns: readonly (readonly [old: string, now: string])[]): void {
  const secure = before.rowSecurity.enabled ? " WITH (security_invoker = true)" : "";
  if (secure !== "") writing.risk("breaks clients", before.key, `The view by the old name of ${before.key} keeps to its row security by security_invoker, which PostgreSQL has since 15.`);
  const selected = columns.map(([old, name]) => (old === name ? quoteIdentifier(old) : `${quoteIdentifier(name)} AS ${quoteIdentifier(old)}`)).join(", ");
  writing.write("schemas", "CreateView", `CREATE VIEW ${named(before)}${secure} AS SELECT ${selected} FROM ${named(now)}`, { stage: "expand", down: [`DROP VIEW ${named(before)}`] });
  writing.write("schemas", "Comment", `COMMENT ON VIEW ${named(before)} IS ${quoteLiteral(`${oldTable}${named(now)}, kept until a migration ends it.`)}`, { stage: "expand", down: [] });
  for (const grant of schema.grants) {
    const text = grant.objectKind === "table" && grant.object === before.key ? privilegesText(schema, grant, "GRANT") : undefined;
    if (text !== undefined) writing.write("schemas", "Grant", text, { stage: "expand", down: [] });
  }
}

export function endTable(writing: Writing, { view, from, to }: TableInSteps): void {
  writing.risk("breaks clients", from, `The table ${to} has its new name alone from now on: what still says ${view.name} fails.`);
  const secure = [...view.options].map(([name, value]) => `${name} = ${value}`).join(", ");
  writing.write("schemas", "DropView", `DROP VIEW ${named(view)}`, {
    stage: "expand",
    down: [`CREATE VIEW ${named(view)}${secure === "" ? "" : ` WITH (${secure})`} AS ${view.query}`, `COMMENT ON VIEW ${named(view)} IS ${quoteLiteral(view.comment ?? "")}`],
  });
}

/**
 * The Prisma layer in the names that the columns themselves have as yet, with the second columns as the history has them:
 * so nothing that stands on either is taken for a difference.
 */
export function inNamesOf(history: Schema, prisma: Schema): Schema {
  const columns = renamesInSteps(history).flatMap((each) => (each.kind === "column" && isStatedByNewName(each, prisma) ? [each] : []));
  if (columns.length === 0) return prisma;
  const tables = new Map([...prisma.tables].map(([key, table]) => [key, tableInNames(table, history, columns)]));
  return { ...prisma, tables };
}

function isStatedByNewName({ table, column, mirror }: ColumnInSteps, prisma: Schema): boolean {
  const stated = prisma.tables.get(table.key)?.columns;
  return stated?.has(mirror.name) === true && !stated.has(column.name);
}

function tableInNames(table: Table, history: Schema, all: readonly ColumnInSteps[]): Table {
  const before = history.tables.get(table.key);
  const own = all.filter((each) => each.table.key === table.key);
  const nameIn = (key: string) => (name: string): string => all.find((each) => each.table.key === key && each.mirror.name === name)?.column.name ?? name;
  const inOld = nameIn(table.key);
  const foreignKeys = table.foreignKeys.map((key) => {
    const columns = key.columns.map(inOld);
    const references = { ...key.references, columns: key.references.columns.map(nameIn(key.references.key)) };
    const name = before?.foreignKeys.find((each) => each.references.key === references.key && each.columns.join() === columns.join())?.name ?? key.name;
    return { ...key, name, columns, references };
  });
  if (before === undefined || own.length === 0) return { ...table, foreignKeys };
  const mirrors = own.map(({ mirror }) => mirror);
  const isMirror = new Set(mirrors.map(({ name }) => name));
  const columns = [...table.columns.values()].map((column) => [inOld(column.name), { ...column, name: inOld(column.name) }] as const);
  const taken = new Set<string>();
  const indexes = table.indexes.map((index): Index => {
    const keys = index.keys.map((key) => (key.column === undefined ? key : { ...key, column: inOld(key.column) }));
    const names = keys.map(({ column }) => column ?? "").join();
    const twin = before.indexes.find((each) => each.unique === index.unique && keysOf(each).join() === names && !taken.has(each.name));
    if (twin !== undefined) taken.add(twin.name);
    return { ...index, name: twin?.name ?? index.name, keys, include: index.include.map(inOld) };
  });
  return {
    ...table,
    columns: new Map([...columns, ...mirrors.map((mirror) => [mirror.name, mirror] as const)]),
    primaryKey: table.primaryKey === undefined ? undefined : { ...table.primaryKey, name: before.primaryKey?.name ?? table.primaryKey.name, columns: table.primaryKey.columns.map(inOld) },
    uniqueConstraints: table.uniqueConstraints.map((key) => ({ ...key, columns: key.columns.map(inOld) })),
    foreignKeys,
    indexes: [...indexes, ...before.indexes.filter((index) => !taken.has(index.name) && keysOf(index).some((name) => isMirror.has(name)))],
  };
}

/** What the Prisma schema no longer needs both names for: it says neither, or the old one alone. */
export function isToEnd({ table, column, mirror }: ColumnInSteps, prisma: Schema): "ended" | "called off" | undefined {
  const stated = prisma.tables.get(table.key)?.columns;
  if (stated === undefined || stated.has(mirror.name)) return undefined;
  return stated.has(column.name) ? "called off" : "ended";
}

/** For people: what is called by two names, and how that ends. */
export function inStepsText({ kind, from, to }: InSteps): string {
  return `The ${kind} ${from} is ${to} too, for clients of both versions.`;
}
