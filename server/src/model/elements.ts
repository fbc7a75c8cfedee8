/**
 * A schema as a flat list of elements, each with its facts as texts: what makes two elements the same to PostgreSQL, and
 * nothing else. The one notion of equality: differences, migrations and the truth tests all go by it.
 *
 * Invariant: facts that the database does not know (origins, Prisma names, defaults of Prisma Client, `///` lines) are
 * not among them.
 */
import { formatType } from "./pgTypes.ts";
import type {
  CheckConstraint,
  Column,
  CompositeType,
  Domain,
  EnumType,
  ExclusionConstraint,
  Expression,
  Extension,
  ForeignKey,
  Grant,
  Index,
  IndexKey,
  KeyConstraint,
  Namespace,
  Origins,
  PgType,
  Policy,
  Routine,
  Schema,
  Sequence,
  Table,
  Trigger,
  View,
} from "./schema.ts";

/** In the order in which differences are told: what others need comes first. */
export const elementKinds = [
  "schema",
  "extension",
  "enum",
  "domain",
  "composite type",
  "sequence",
  "table",
  "column",
  "primary key",
  "unique",
  "foreign key",
  "check",
  "exclusion",
  "index",
  "view",
  "routine",
  "trigger",
  "policy",
  "grant",
] as const;

export type ElementKind = (typeof elementKinds)[number];

/** What stands behind an element in the schema. */
interface Values {
  readonly schema: Namespace;
  readonly extension: Extension;
  readonly enum: EnumType;
  readonly domain: Domain;
  readonly "composite type": CompositeType;
  readonly sequence: Sequence;
  readonly table: Table;
  readonly column: Column;
  readonly "primary key": KeyConstraint;
  readonly unique: KeyConstraint;
  readonly "foreign key": ForeignKey;
  readonly check: CheckConstraint;
  readonly exclusion: ExclusionConstraint;
  readonly index: Index;
  readonly view: View;
  readonly routine: Routine;
  readonly trigger: Trigger;
  readonly policy: Policy;
  readonly grant: Grant;
}

/** Names of facts are those of the model's properties; an absent one is the empty text. */
export type Facts = Readonly<Record<string, string>>;

export type SchemaElement = { readonly [K in ElementKind]: ElementOf<K> }[ElementKind];

export interface ElementOf<K extends ElementKind> {
  readonly kind: K;
  /** For people: `schema.table`, `schema.table.column`, `schema.table.constraint`. Names may hold dots: pair by `id`. */
  readonly subject: string;
  /** The same for the same element of another schema. */
  readonly id: string;
  /** Key of the table, view or domain that holds it; undefined for what stands on its own. */
  readonly on: string | undefined;
  readonly value: Values[K];
  readonly facts: Facts;
  /** Texts that PostgreSQL keeps in words of its own: they tell two elements apart only when both come from texts, or both from catalogs of one version. */
  readonly wording?: Facts;
}

/** Every element of the schema by its id, but none of what `except` holds: tables, views and other values of its maps. */
export function elementsOf(schema: Schema, except: ReadonlySet<unknown> = new Set()): ReadonlyMap<string, SchemaElement> {
  const elements = new Map<string, SchemaElement>();
  const add = (element: SchemaElement): void => {
    // Text that PostgreSQL would refuse may say a name twice: neither hides the other.
    let { id } = element;
    for (let n = 2; elements.has(id); n++) id = `${element.id}\0${n}`;
    elements.set(id, id === element.id ? element : { ...element, id });
  };
  const rest = <T>(values: Iterable<T>): readonly T[] => [...values].filter((value) => !except.has(value));
  for (const value of rest(schema.namespaces.values())) add({ kind: "schema", ...alone("schema", value.name), value, facts: { comment: text(value.comment) } });
  // A comment on an extension is its control file's unless a statement says otherwise: no text can know it.
  for (const value of rest(schema.extensions.values()))
    add({ kind: "extension", ...alone("extension", value.name), value, facts: { schema: text(value.schema) }, wording: { comment: text(value.comment) } });
  for (const value of rest(schema.enums.values()))
    add({ kind: "enum", ...alone("enum", value.key), value, facts: { values: list(value.values), comment: text(value.comment) } });
  for (const value of rest(schema.domains.values())) {
    add({ kind: "domain", ...alone("domain", value.key), value, facts: domainFacts(value) });
    for (const check of value.checks) add({ kind: "check", ...held("check", value.key, check.name), value: check, facts: checkFacts(check) });
  }
  for (const value of rest(schema.compositeTypes.values()))
    add({ kind: "composite type", ...alone("composite type", value.key), value, facts: compositeFacts(value) });
  for (const value of rest(schema.sequences.values())) add({ kind: "sequence", ...alone("sequence", value.key), value, facts: sequenceFacts(value) });
  for (const table of rest(schema.tables.values())) {
    add({ kind: "table", ...alone("table", table.key), value: table, facts: tableFacts(table) });
    addParts(table, add);
    addIndexesAndTriggers(table, add);
  }
  for (const view of rest(schema.views.values())) {
    add({ kind: "view", ...alone("view", view.key), value: view, facts: viewFacts(view), wording: { query: oneLine(view.query) } });
    addIndexesAndTriggers(view, add);
  }
  for (const value of rest(schema.routines.values())) add({ kind: "routine", ...alone("routine", value.key), value, facts: routineFacts(value) });
  for (const value of rest(schema.grants))
    add({ kind: "grant", ...alone("grant", grantSubject(value)), value, facts: { privileges: list(privileges(value)) } });
  return elements;
}

/** Where an element is stated. */
export function originsOf(element: SchemaElement): Origins {
  return element.value.origins;
}

type Add = (element: SchemaElement) => void;

function addParts(table: Table, add: Add): void {
  const { key, primaryKey } = table;
  for (const value of table.columns.values()) add({ kind: "column", ...held("column", key, value.name), value, facts: columnFacts(value) });
  if (primaryKey !== undefined) add({ kind: "primary key", ...held("primary key", key, primaryKey.name), value: primaryKey, facts: keyFacts(primaryKey) });
  for (const value of table.uniqueConstraints) add({ kind: "unique", ...held("unique", key, value.name), value, facts: keyFacts(value) });
  for (const value of table.foreignKeys) add({ kind: "foreign key", ...held("foreign key", key, value.name), value, facts: foreignKeyFacts(value) });
  for (const value of table.checks) add({ kind: "check", ...held("check", key, value.name), value, facts: checkFacts(value) });
  for (const value of table.exclusions) add({ kind: "exclusion", ...held("exclusion", key, value.name), value, facts: exclusionFacts(value) });
  for (const value of table.policies) add({ kind: "policy", ...held("policy", key, value.name), value, facts: policyFacts(value) });
}

function addIndexesAndTriggers({ key, indexes, triggers }: Table | View, add: Add): void {
  for (const value of indexes) add({ kind: "index", ...held("index", key, value.name), value, facts: indexFacts(value) });
  for (const value of triggers) add({ kind: "trigger", ...held("trigger", key, value.name), value, facts: triggerFacts(value) });
}

interface Identity {
  readonly subject: string;
  readonly id: string;
  readonly on: string | undefined;
}

function alone(kind: ElementKind, subject: string): Identity {
  return { subject, id: `${kind}\0${subject}`, on: undefined };
}

/** No name holds a NUL: a dot would make `a."b.c"` and `"a.b".c` one. */
function held(kind: ElementKind, on: string, name: string): Identity {
  return { subject: `${on}.${name}`, id: `${kind}\0${on}\0${name}`, on };
}

function tableFacts(table: Table): Facts {
  return {
    kind: table.kind,
    persistence: table.persistence,
    columns: list([...table.columns.keys()]),
    rowSecurity: table.rowSecurity.enabled
      ? table.rowSecurity.forced
        ? "forced"
        : "enabled"
      : table.rowSecurity.forced
        ? "forced, not enabled"
        : "off",
    partitionBy: table.partitionBy === undefined ? "" : `${table.partitionBy.strategy} (${list(table.partitionBy.keys.map(indexKey))})`,
    partitionOf: table.partitionOf === undefined ? "" : `${table.partitionOf.parent} ${partitionBound(table.partitionOf.bound)}`,
    inherits: list(table.inherits),
    comment: text(table.comment),
  };
}

/** PostgreSQL prints a bound in the type of its column and in our time zone, UTC; a text may leave out what is zero. */
function partitionBound(bound: string): string {
  return bound
    .replaceAll(/\s+/g, " ")
    .replaceAll(/::[a-z ]+/gi, "")
    .replaceAll(
      /'(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?))?(Z|[+-]\d\d(?::\d\d)?)?'/g,
      (_match, ...parts: readonly (string | undefined)[]) => instant(parts),
    )
    .replaceAll(/'(-?\d+(\.\d+)?)'/g, "$1")
    .replaceAll(/\( /g, "(")
    .replaceAll(/ \)/g, ")")
    .replaceAll(/, /g, ",")
    .trim()
    .replace(/^[^'"]*/, (head) => head.toLowerCase());
}

/** A date with an optional time and offset, as a quoted moment in UTC. */
function instant([date = "", time = "00:00:00", offset = "Z"]: readonly (string | undefined)[]): string {
  return `'${new Date(`${date}T${time}${offset.length === 3 ? `${offset}:00` : offset}`).toISOString()}'`;
}

function columnFacts(column: Column): Facts {
  return {
    type: typeFact(column.type),
    notNull: String(column.notNull),
    default: canonical(column.default),
    identity: text(column.identity),
    generated:
      column.generated === undefined ? "" : `${canonical(column.generated.expression)} ${column.generated.stored ? "stored" : "virtual"}`,
    collation: text(column.collation),
    comment: text(column.comment),
  };
}

function typeFact(type: PgType): string {
  return `${formatType(type)} (${type.kind})`;
}

function keyFacts(key: KeyConstraint): Facts {
  return {
    columns: list(key.columns),
    include: list(key.include),
    nullsNotDistinct: String(key.nullsNotDistinct),
    deferrable: deferral(key),
    comment: text(key.comment),
  };
}

function foreignKeyFacts(key: ForeignKey): Facts {
  return {
    columns: list(key.columns),
    references: `${key.references.key}(${list(key.references.columns)})`,
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    onDeleteSetColumns: list(key.onDeleteSetColumns ?? []),
    match: key.match,
    deferrable: deferral(key),
    validated: String(key.validated),
    comment: text(key.comment),
  };
}

function checkFacts(check: CheckConstraint): Facts {
  return {
    expression: canonical(check.expression),
    validated: String(check.validated),
    noInherit: String(check.noInherit),
    comment: text(check.comment),
  };
}

function exclusionFacts(exclusion: ExclusionConstraint): Facts {
  return {
    method: exclusion.method,
    elements: list(exclusion.elements.map(({ key, operator }) => `${indexKey(key)} WITH ${operator}`)),
    predicate: canonical(exclusion.predicate),
    comment: text(exclusion.comment),
  };
}

function indexFacts(index: Index): Facts {
  return {
    method: index.method,
    keys: list(index.keys.map(indexKey)),
    include: list(index.include),
    unique: String(index.unique),
    primary: String(index.primary),
    nullsNotDistinct: String(index.nullsNotDistinct),
    predicate: canonical(index.predicate),
    constraint: text(index.constraint),
    valid: String(index.valid),
    comment: text(index.comment),
  };
}

function indexKey(key: IndexKey): string {
  const parts = [key.column ?? `(${canonical(key.expression)})`];
  if (key.collation !== undefined) parts.push(`collate ${key.collation}`);
  if (key.operatorClass !== undefined) parts.push(key.operatorClass);
  return [...parts, key.direction, "nulls", key.nulls].join(" ");
}

function triggerFacts(trigger: Trigger): Facts {
  return {
    timing: trigger.timing,
    events: list([...trigger.events].sort()),
    updateOf: list([...trigger.updateOf].sort()),
    forEach: trigger.forEach,
    when: canonical(trigger.when),
    routine: trigger.routine,
    arguments: list(trigger.arguments),
    enabled: trigger.enabled,
    isConstraint: String(trigger.isConstraint),
    deferrable: deferral(trigger),
    comment: text(trigger.comment),
  };
}

function policyFacts(policy: Policy): Facts {
  return {
    permissive: String(policy.permissive),
    command: policy.command,
    roles: list([...policy.roles].sort()),
    using: canonical(policy.using),
    withCheck: canonical(policy.withCheck),
    comment: text(policy.comment),
  };
}

function viewFacts(view: View): Facts {
  return {
    materialized: String(view.materialized),
    columns: list(view.columns),
    reads: list([...view.reads].sort()),
    options: list([...view.options].map(([name, value]) => `${name}=${value}`).sort()),
    comment: text(view.comment),
  };
}

function compositeFacts(type: CompositeType): Facts {
  return {
    attributes: list(type.attributes.map((attribute) => `${attribute.name} ${typeFact(attribute.type)}`)),
    comment: text(type.comment),
  };
}

function sequenceFacts({ dataType, increment, ownedBy, comment }: Sequence): Facts {
  return { dataType: typeFact(dataType), increment: String(increment), ownedBy: text(ownedBy), comment: text(comment) };
}

function domainFacts(domain: Domain): Facts {
  return {
    baseType: typeFact(domain.baseType),
    notNull: String(domain.notNull),
    default: canonical(domain.default),
    comment: text(domain.comment),
  };
}

function routineFacts(routine: Routine): Facts {
  return {
    kind: routine.kind,
    arguments: list(routine.argumentTypes.map(typeFact)),
    returns: routine.returns === undefined ? "" : typeFact(routine.returns),
    language: routine.language,
    volatility: routine.volatility,
    securityDefiner: String(routine.securityDefiner),
    settings: list([...routine.settings].map(([name, value]) => `${name}=${value}`).sort()),
    argumentNames: list(routine.argumentNames.map((name) => JSON.stringify(name))),
    body: text(routine.body),
    isPublic: String(routine.isPublic),
    comment: text(routine.comment),
  };
}

function grantSubject(grant: Grant): string {
  return `${grant.objectKind} ${grant.object} to ${grant.grantee}${grant.withGrantOption ? " with grant option" : ""}`;
}

/** Without MAINTAIN, which is part of ALL from PostgreSQL 17 on and unknown before. */
function privileges(grant: Grant): readonly string[] {
  return grant.privileges.filter((privilege) => privilege !== "MAINTAIN").sort();
}

function deferral(constraint: { readonly deferrable: boolean; readonly initiallyDeferred: boolean }): string {
  return `${constraint.deferrable ? "deferrable" : "not deferrable"}, initially ${constraint.initiallyDeferred ? "deferred" : "immediate"}`;
}

function canonical(expression: Expression | undefined): string {
  return expression === undefined ? "" : expression.canonical;
}

/** A query's text without its line ends and the semicolon, which mean nothing. */
function oneLine(query: string): string {
  return query.replaceAll(/\s+/g, " ").replace(/;\s*$/, "").trim();
}

function text(value: string | undefined): string {
  return value ?? "";
}

function list(values: readonly string[]): string {
  return values.join(", ");
}
