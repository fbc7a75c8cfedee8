/** One table of a catalog, with all that hangs on it, from the rows that mention it. */
import type {
  ColumnRow,
  ConstraintRow,
  IndexKeyRow,
  IndexRow,
  PartitionKeyRow,
  PolicyRow,
  RelationRow,
  TriggerRow,
} from "./catalogRows.ts";
import type { TypeOf } from "./catalogTypes.ts";
import { keyOf } from "./names.ts";
import type {
  CheckConstraint,
  Column,
  ExclusionConstraint,
  Expression,
  ForeignKey,
  Index,
  IndexKey,
  KeyConstraint,
  Origins,
  PartitionKey,
  Policy,
  ReferentialAction,
  Table,
  Trigger,
} from "./schema.ts";

export const catalogOrigins: Origins = [{ kind: "catalog" }];

/** The rows of the objects that belong to a table or a view, in the order they were read. */
export interface PartRows {
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly triggers: readonly TriggerRow[];
  readonly policies: readonly PolicyRow[];
  readonly partitionKey: PartitionKeyRow | undefined;
}

export interface CatalogReader {
  readonly typeOf: TypeOf;
  /** The expression a text stands for; undefined for null. */
  readonly expression: (text: string | null) => Expression | undefined;
  /** `schema.name` of a relation. */
  readonly relationKey: (oid: number) => string;
}

export function catalogTable(row: RelationRow, parts: PartRows, reader: CatalogReader): Table {
  const { relationKey } = reader;
  const parents = row.parents.map(relationKey);
  const [parent] = parents;
  const isPartition = row.partitionBound !== null;
  const constraints = (kind: string): ConstraintRow[] => parts.constraints.filter((each) => each.kind === kind);
  const indexes = new Map(parts.indexes.map((index) => [index.oid, index]));
  const keys = (kind: string): KeyConstraint[] => constraints(kind).map((each) => keyConstraint(each, indexes));
  return {
    name: row.name,
    schema: row.schema,
    key: keyOf(row.schema, row.name),
    prismaName: undefined,
    doc: undefined,
    origins: catalogOrigins,
    comment: row.comment ?? undefined,
    kind: row.kind === "p" ? "partitioned" : row.kind === "f" ? "foreign" : "table",
    persistence: row.persistence === "u" ? "unlogged" : row.persistence === "t" ? "temporary" : "permanent",
    complete: true,
    columns: new Map(parts.columns.map((each) => [each.name, column(each, reader)])),
    primaryKey: keys("p")[0],
    uniqueConstraints: keys("u"),
    foreignKeys: constraints("f").map(foreignKey),
    checks: constraints("c").flatMap((each) => checkConstraint(each, reader)),
    exclusions: constraints("x").flatMap((each) => exclusionConstraint(each, indexes, reader)),
    indexes: parts.indexes.map((each) => catalogIndex(each, reader)),
    triggers: parts.triggers.map((each) => catalogTrigger(each, reader)),
    policies: parts.policies.map((each) => policy(each, reader)),
    rowSecurity: { enabled: row.rowSecurity, forced: row.rowSecurityForced },
    partitionBy: parts.partitionKey === undefined ? undefined : partitionKey(parts.partitionKey, reader),
    partitionOf: isPartition && parent !== undefined ? { parent, bound: row.partitionBound ?? "" } : undefined,
    inherits: isPartition ? [] : parents,
  };
}

/** Of a table, a view, or a composite type. */
export function column(row: ColumnRow, reader: CatalogReader): Column {
  const expression = reader.expression(row.expression);
  const isGenerated = row.generated !== "";
  return {
    ...element(row),
    prismaName: undefined,
    doc: undefined,
    type: reader.typeOf(row.type, row.modifier),
    notNull: row.notNull,
    default: isGenerated ? undefined : expression,
    clientDefault: undefined,
    identity: row.identity === "a" ? "always" : row.identity === "d" ? "byDefault" : undefined,
    generated: isGenerated && expression !== undefined ? { expression, stored: row.generated === "s" } : undefined,
    collation: row.collation ?? undefined,
  };
}

/** Of a table or of a domain. */
export function checkConstraint(row: ConstraintRow, reader: CatalogReader): CheckConstraint[] {
  const expression = reader.expression(row.expression);
  if (expression === undefined) return [];
  return [{ ...element(row), expression, validated: row.validated, noInherit: row.noInherit }];
}

/** Of a table or a materialized view. */
export function catalogIndex(row: IndexRow, reader: CatalogReader): Index {
  return {
    ...element(row),
    prismaName: undefined,
    method: row.method,
    keys: row.keys.map((key) => indexKey(key, reader)),
    include: row.include,
    unique: row.unique,
    primary: row.primary,
    nullsNotDistinct: row.nullsNotDistinct,
    predicate: reader.expression(row.predicate),
    constraint: row.constraint ?? undefined,
    valid: row.valid,
  };
}

/** Of a table or a view. */
export function catalogTrigger(row: TriggerRow, reader: CatalogReader): Trigger {
  const has = (bit: number): boolean => (row.type & bit) !== 0;
  const events = triggerEvents.filter(([, bit]) => has(bit)).map(([event]) => event);
  return {
    ...element(row),
    timing: has(triggerBits.insteadOf) ? "insteadOf" : has(triggerBits.before) ? "before" : "after",
    events,
    updateOf: row.updateOf,
    forEach: has(triggerBits.row) ? "row" : "statement",
    when: reader.expression(row.condition),
    routine: `${row.routineSchema}.${row.routineName}`,
    arguments: Buffer.from(row.arguments, "hex").toString().split("\0").slice(0, -1),
    enabled: triggerStates.get(row.enabled) ?? "origin",
    isConstraint: row.isConstraint,
    deferrable: row.deferrable,
    initiallyDeferred: row.initiallyDeferred,
  };
}

function element(row: { readonly name: string; readonly comment: string | null }): Pick<Column, "name" | "origins" | "comment"> {
  return { name: row.name, origins: catalogOrigins, comment: row.comment ?? undefined };
}

function keyConstraint(row: ConstraintRow, indexes: ReadonlyMap<number, IndexRow>): KeyConstraint {
  const index = row.index === null ? undefined : indexes.get(row.index);
  return {
    ...element(row),
    prismaName: undefined,
    columns: row.columns,
    include: index?.include ?? [],
    nullsNotDistinct: index?.nullsNotDistinct ?? false,
    deferrable: row.deferrable,
    initiallyDeferred: row.initiallyDeferred,
  };
}

function foreignKey(row: ConstraintRow): ForeignKey {
  const schema = row.referencedSchema ?? "";
  const table = row.referencedTable ?? "";
  return {
    ...element(row),
    prismaName: undefined,
    columns: row.columns,
    references: { schema, table, key: keyOf(schema, table), columns: row.referencedColumns },
    onDelete: actions.get(row.onDelete) ?? "noAction",
    onUpdate: actions.get(row.onUpdate) ?? "noAction",
    onDeleteStated: undefined,
    onDeleteSetColumns: row.onDeleteSetColumns ?? undefined,
    match: row.match === "f" ? "full" : "simple",
    deferrable: row.deferrable,
    initiallyDeferred: row.initiallyDeferred,
    validated: row.validated,
  };
}

const actions: ReadonlyMap<string, ReferentialAction> = new Map([
  ["a", "noAction"],
  ["r", "restrict"],
  ["c", "cascade"],
  ["n", "setNull"],
  ["d", "setDefault"],
]);

/** Its keys and predicate are those of its index. */
function exclusionConstraint(row: ConstraintRow, indexes: ReadonlyMap<number, IndexRow>, reader: CatalogReader): ExclusionConstraint[] {
  const index = row.index === null ? undefined : indexes.get(row.index);
  if (index === undefined) return [];
  return [
    {
      ...element(row),
      method: index.method,
      elements: index.keys.map((key, i) => ({ key: indexKey(key, reader), operator: row.operators[i] ?? "" })),
      predicate: reader.expression(index.predicate),
    },
  ];
}

function indexKey(key: IndexKeyRow, reader: CatalogReader): IndexKey {
  return {
    column: key.column ?? undefined,
    expression: reader.expression(key.expression),
    operatorClass: key.operatorClass ?? undefined,
    collation: key.collation ?? undefined,
    direction: key.descending ? "desc" : "asc",
    nulls: key.nullsFirst ? "first" : "last",
  };
}

/** https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_trigger.h */
const triggerBits = { row: 1, before: 2, insteadOf: 64 };

const triggerEvents = [
  ["insert", 4],
  ["update", 16],
  ["delete", 8],
  ["truncate", 32],
] as const;

const triggerStates: ReadonlyMap<string, Trigger["enabled"]> = new Map([
  ["O", "origin"],
  ["D", "disabled"],
  ["R", "replica"],
  ["A", "always"],
]);

function policy(row: PolicyRow, reader: CatalogReader): Policy {
  return {
    ...element(row),
    permissive: row.permissive,
    command: commands.get(row.command) ?? "all",
    roles: row.roles.length === 0 ? ["public"] : row.roles,
    using: reader.expression(row.using),
    withCheck: reader.expression(row.withCheck),
  };
}

const commands: ReadonlyMap<string, Policy["command"]> = new Map([
  ["r", "select"],
  ["a", "insert"],
  ["w", "update"],
  ["d", "delete"],
]);

function partitionKey(row: PartitionKeyRow, reader: CatalogReader): PartitionKey {
  const expressions = splitList(row.expressions ?? "");
  let used = 0;
  return {
    strategy: row.strategy === "l" ? "list" : row.strategy === "h" ? "hash" : "range",
    keys: row.keys.map((key) => ({
      column: key.column ?? undefined,
      expression: key.column === null ? reader.expression(expressions[used++] ?? null) : undefined,
      operatorClass: key.operatorClass ?? undefined,
      collation: key.collation ?? undefined,
      direction: "asc",
      nulls: "last",
    })),
  };
}

/** The parts of a list that PostgreSQL printed, separated by ", " outside of parentheses and quotes. */
function splitList(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const token of list.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[([]|[)\]]|,/g)) {
    const [text] = token;
    if (text === "(" || text === "[") depth += 1;
    else if (text === ")" || text === "]") depth -= 1;
    else if (text === "," && depth === 0) {
      parts.push(list.slice(start, token.index).trim());
      start = token.index + 1;
    }
  }
  const last = list.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}
