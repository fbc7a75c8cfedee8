/** Which column of a table says what tenant its rows belong to: by its name, or because most tables have it. */
import { append } from "./lists.ts";
import { lookup } from "./lookup.ts";
import { anyOfNames } from "./names.ts";
import { isImplied } from "./queries.ts";
import type { Column, Schema, Table } from "./schema.ts";

/**
 * What a row of a table belongs to: the column that names the tenant. Either its name is one of `names` (case and
 * underscores aside), or most tables have this column as a foreign key to one table. It is never null.
 */
export function tenantColumn(schema: Schema, tableKey: string, names: readonly string[]): Column | undefined {
  const list = names.join();
  let question = questionsByNames.get(list);
  if (question === undefined) {
    question = lookup((whole) => {
      const found = findTenantColumns(whole, names);
      return (key) => found.get(key);
    });
    questionsByNames.set(list, question);
  }
  return question(schema, tableKey);
}

/** The names are a setting: there are a few lists of them. */
const questionsByNames = new Map<string, (schema: Schema, key: string) => Column | undefined>();

function findTenantColumns(schema: Schema, names: readonly string[]): ReadonlyMap<string, Column> {
  const found = new Map<string, Column>();
  const shared = sharedTenant(schema);
  const isNamed = anyOfNames(names);
  for (const table of schema.tables.values()) {
    if (table.key === shared?.table) continue;
    const column = columnNamed(table, isNamed) ?? (shared === undefined ? undefined : columnTo(table, shared.table, shared.column));
    if (column !== undefined) found.set(table.key, column);
  }
  return found;
}

function columnNamed(table: Table, isNamed: (name: string) => boolean): Column | undefined {
  let found: Column | undefined;
  table.columns.forEach((column) => {
    if (found === undefined && column.notNull && isNamed(column.name)) found = column;
  });
  return found;
}

/** People are what most tables point at without being what they belong to. */
const people =
  /^(app|auth)?_?(users?|accounts?|profiles?|persons?|people|members?|employees?|staff|customers?|clients?|contacts?|authors?|admins?|patients?|students?)$/i;

/** The table that more than half of the others name as their owner, by a column of one name. At least four must. */
function sharedTenant(schema: Schema): { readonly table: string; readonly column: string } | undefined {
  const owners = new Map<string, OwnerCount[]>();
  let tables = 0;
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    tables += 1;
    for (const { columns, references } of table.foreignKeys) {
      const [column, ...others] = columns;
      if (column === undefined || others.length > 0 || references.key === table.key) continue;
      if (table.columns.get(column)?.notNull === true) countOwner(owners, references.key, column, table);
    }
  }
  let most: OwnerCount | undefined;
  for (const counts of owners.values()) {
    for (const owner of counts)
      if (owner.count > (most?.count ?? 0) && !people.test(owner.table.slice(owner.table.indexOf(".") + 1))) most = owner;
  }
  return most !== undefined && most.count >= 4 && most.count * 2 > tables - 1 ? most : undefined;
}

/** How many tables name this one as their owner, by a column of this name. */
interface OwnerCount {
  readonly table: string;
  readonly column: string;
  count: number;
  /** The last table that was counted, so that none counts twice. */
  last: Table;
}

function countOwner(owners: Map<string, OwnerCount[]>, target: string, column: string, table: Table): void {
  const known = owners.get(target)?.find((owner) => owner.column === column);
  if (known === undefined) append(owners, target, { table: target, column, count: 1, last: table });
  else if (known.last !== table) {
    known.count += 1;
    known.last = table;
  }
}

function columnTo(table: Table, target: string, name: string): Column | undefined {
  const column = table.columns.get(name);
  const isKey = table.foreignKeys.some((key) => key.references.key === target && key.columns.length === 1 && key.columns[0] === name);
  return isKey && column?.notNull === true ? column : undefined;
}
