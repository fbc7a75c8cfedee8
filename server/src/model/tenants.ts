/** Which column of a table says what tenant its rows belong to: by its name, or because most tables have it. */
import { append } from "./lists.ts";
import { derived, lookup } from "./lookup.ts";
import { memoised } from "./memoised.ts";
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
    const named = columnsNamed(names);
    question = lookup((whole) => {
      const shared = sharedTenant(whole);
      return (key) => tenantOf(whole.tables.get(key), named, shared);
    });
    questionsByNames.set(list, question);
  }
  return question(schema, tableKey);
}

/** The names are a setting: there are a few lists of them. */
const questionsByNames = new Map<string, (schema: Schema, key: string) => Column | undefined>();

function tenantOf(
  table: Table | undefined,
  named: (table: Table) => Column | undefined,
  shared: { readonly table: string; readonly column: string } | undefined,
): Column | undefined {
  if (table === undefined || table.key === shared?.table) return undefined;
  return named(table) ?? (shared === undefined ? undefined : columnTo(table, shared.table, shared.column));
}

/** The first column of a table that has one of the names and is never null. */
function columnsNamed(names: readonly string[]): (table: Table) => Column | undefined {
  const isNamed = anyOfNames(names);
  return memoised((table: Table) => {
    let found: Column | undefined;
    table.columns.forEach((column) => {
      if (found === undefined && column.notNull && isNamed(column.name)) found = column;
    });
    return found;
  });
}

/** People are what most tables point at without being what they belong to. */
const people =
  /^(app|auth)?_?(users?|accounts?|profiles?|persons?|people|members?|employees?|staff|customers?|clients?|contacts?|authors?|admins?|patients?|students?)$/i;

/** The table that more than half of the others name as their owner, by a column of one name. At least four must. */
const sharedTenant = derived(findSharedTenant, (table) =>
  [isImplied(table), table.partitionOf !== undefined, ...possibleOwners(table).flatMap((owner) => [owner.table, owner.column])].join("\n"),
);

function findSharedTenant(schema: Schema): { readonly table: string; readonly column: string } | undefined {
  const owners = new Map<string, OwnerCount[]>();
  let tables = 0;
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    tables += 1;
    for (const { table: target, column } of possibleOwners(table)) countOwner(owners, target, column, table);
  }
  let most: OwnerCount | undefined;
  for (const counts of owners.values()) {
    for (const owner of counts)
      if (owner.count > (most?.count ?? 0) && !people.test(owner.table.slice(owner.table.indexOf(".") + 1))) most = owner;
  }
  return most !== undefined && most.count >= 4 && most.count * 2 > tables - 1 ? most : undefined;
}

/** What a table may belong to: the targets of its keys of one column that is never null. */
const possibleOwners = memoised((table: Table): readonly { readonly table: string; readonly column: string }[] =>
  table.foreignKeys.flatMap(({ columns, references }) => {
    const [column, ...others] = columns;
    if (column === undefined || others.length > 0 || references.key === table.key) return [];
    return table.columns.get(column)?.notNull === true ? [{ table: references.key, column }] : [];
  }),
);

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
