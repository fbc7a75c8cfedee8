/** A schema as a flat list of elements with their facts as texts: what can be compared, and nothing else. */
import { formatType } from "../../server/src/model/pgTypes.ts";
import type {
  CheckConstraint,
  Column,
  Domain,
  ExclusionConstraint,
  Expression,
  ForeignKey,
  Grant,
  Index,
  IndexKey,
  KeyConstraint,
  PgType,
  Policy,
  Routine,
  Schema,
  Table,
  Trigger,
  View,
} from "../../server/src/model/schema.ts";

export type ObjectKind =
  | "schema"
  | "table"
  | "column"
  | "primary key"
  | "unique"
  | "foreign key"
  | "check"
  | "exclusion"
  | "index"
  | "trigger"
  | "policy"
  | "view"
  | "enum"
  | "domain"
  | "composite type"
  | "sequence"
  | "routine"
  | "extension"
  | "grant";

type Facts = Readonly<Record<string, string>>;

export interface ComparedElement {
  readonly kind: ObjectKind;
  readonly subject: string;
  readonly facts: Facts;
}

/** Every element of the schema as texts, by kind and subject. */
export function elementsOf(schema: Schema): ReadonlyMap<string, ComparedElement> {
  const elements = new Map<string, ComparedElement>();
  const add = (kind: ObjectKind, subject: string, facts: Facts): void => {
    elements.set(`${kind} ${subject}`, { kind, subject, facts });
  };
  for (const { name, comment } of schema.namespaces.values()) add("schema", name, { comment: text(comment) });
  for (const table of schema.tables.values()) {
    add("table", table.key, tableFacts(table));
    for (const column of table.columns.values()) add("column", `${table.key}.${column.name}`, columnFacts(column));
    if (table.primaryKey !== undefined) add("primary key", `${table.key}.${table.primaryKey.name}`, keyFacts(table.primaryKey));
    for (const key of table.uniqueConstraints) add("unique", `${table.key}.${key.name}`, keyFacts(key));
    for (const key of table.foreignKeys) add("foreign key", `${table.key}.${key.name}`, foreignKeyFacts(key));
    for (const check of table.checks) add("check", `${table.key}.${check.name}`, checkFacts(check));
    for (const exclusion of table.exclusions) add("exclusion", `${table.key}.${exclusion.name}`, exclusionFacts(exclusion));
    for (const policy of table.policies) add("policy", `${table.key}.${policy.name}`, policyFacts(policy));
  }
  for (const relation of [...schema.tables.values(), ...schema.views.values()]) {
    for (const index of relation.indexes) add("index", `${relation.key}.${index.name}`, indexFacts(index));
    for (const trigger of relation.triggers) add("trigger", `${relation.key}.${trigger.name}`, triggerFacts(trigger));
  }
  for (const view of schema.views.values()) add("view", view.key, viewFacts(view));
  for (const type of schema.enums.values()) add("enum", type.key, { values: list(type.values), comment: text(type.comment) });
  for (const domain of schema.domains.values()) {
    add("domain", domain.key, domainFacts(domain));
    for (const check of domain.checks) add("check", `${domain.key}.${check.name}`, checkFacts(check));
  }
  for (const type of schema.compositeTypes.values()) {
    const attributes = type.attributes.map((attribute) => `${attribute.name} ${typeFact(attribute.type)}`);
    add("composite type", type.key, { attributes: list(attributes), comment: text(type.comment) });
  }
  for (const { key, dataType, increment, ownedBy, comment } of schema.sequences.values()) {
    add("sequence", key, { dataType: typeFact(dataType), increment: String(increment), ownedBy: text(ownedBy), comment: text(comment) });
  }
  for (const routine of schema.routines.values()) add("routine", routine.key, routineFacts(routine));
  // A comment on an extension is its control file's unless a statement says otherwise: no text can know it.
  for (const extension of schema.extensions.values()) add("extension", extension.name, { schema: text(extension.schema) });
  for (const grant of schema.grants) add("grant", grantSubject(grant), { privileges: list(privileges(grant)) });
  return elements;
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

function text(value: string | undefined): string {
  return value ?? "";
}

function list(values: readonly string[]): string {
  return values.join(", ");
}
