/**
 * A schema as a set of sentences, one a fact, and what a fix may change of them. Two schemas are equal when their facts
 * are; a fix is right when its facts differ by what its intent says and by nothing else. Origins are no facts.
 */
import { isMigrationIntent } from "../../server/src/edits/intents/migrationIntent.ts";
import type { DesignIntent } from "../../server/src/edits/intents/designIntent.ts";
import type { Intent } from "../../server/src/edits/intent.ts";
import { canonicalExpression } from "../../server/src/sql/canonical.ts";
import { formatType } from "../../server/src/model/pgTypes.ts";
import { plainColumns } from "../../server/src/model/indexQueries.ts";
import type {
  Column,
  Expression,
  ForeignKey,
  Index,
  IndexKey,
  PgType,
  ReferentialAction,
  Schema,
  Table,
} from "../../server/src/model/schema.ts";
import { plain } from "./plain.ts";
import { grantFact, policyFact, routineFact, securityDifference, tableFact, viewFact } from "./securityFacts.ts";

export interface FactDifference {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Sorted; a fact stated twice stands twice. */
export function factsOf(schema: Schema): readonly string[] {
  const facts: string[] = [];
  for (const table of schema.tables.values()) facts.push(...tableFacts(table));
  const rest = {
    namespaces: [...schema.namespaces.keys()],
    enums: [...schema.enums.values()],
    domains: [...schema.domains.values()],
    compositeTypes: [...schema.compositeTypes.values()],
    extensions: [...schema.extensions.values()],
  };
  for (const [kind, elements] of Object.entries(rest)) for (const element of elements) facts.push(`${kind}: ${plain(element)}`);
  for (const view of schema.views.values()) facts.push(viewFact(view));
  for (const routine of schema.routines.values()) facts.push(routineFact(routine));
  for (const grant of schema.grants) facts.push(grantFact(grant));
  for (const sequence of schema.sequences.values()) facts.push(`sequence ${sequence.key}: ${plain(sequence)}`);
  return facts.sort();
}

export function differenceOf(before: Schema, after: Schema): FactDifference {
  const [a, b] = [factsOf(before), factsOf(after)];
  return { removed: without(a, b), added: without(b, a) };
}

/**
 * What of the difference the intent does not say, and what it says that is not there. Empty when the fix is right. A
 * catalog does not know whether a text states ON DELETE.
 */
export function unexplained(difference: FactDifference, intent: Intent, source: "text" | "catalog" = "text"): readonly string[] {
  const expected = expectedDifference(intent);
  const known = (patterns: readonly string[]): readonly string[] =>
    patterns.filter((pattern) => source === "text" || !pattern.endsWith("is stated"));
  return [
    ...mismatch(difference.removed, known(expected.removed)).map((what) => `removed: ${what}`),
    ...mismatch(difference.added, known(expected.added)).map((what) => `added: ${what}`),
  ];
}

/** In patterns a `*` stands for anything: names that are generated, sequences behind identity columns. */
function expectedDifference(intent: Intent): FactDifference {
  if (intent.do === "keepIndex") return { removed: [], added: [`${intent.table.schema}.${intent.table.name}: index ${intent.index}*`] };
  if (intent.do === "leaveView") return { removed: [], added: ["view *"] };
  // The same change in another form: what it leads to is the same.
  if (isMigrationIntent(intent)) return { removed: [], added: [] };
  switch (intent.do) {
    case "addIndex":
      return {
        removed: [],
        added: [indexFact(intent.table, "*", { ...plainIndex(intent.columns, intent.unique ?? false), method: intent.method ?? "btree" })],
      };
    case "dropIndex":
      return { removed: [indexFact(intent.table, intent.index.name, intent.index)], added: [] };
    case "addPrimaryKey": {
      const { table, columns, replaces } = intent;
      const removed = replaces === undefined ? [] : [...constraintFacts(table, replaces), indexFact(table, replaces.name, replaces)];
      const nowNotNull = columns
        .filter((column) => table.columns.get(column)?.notNull === false)
        .map((column) => columnFact(table, column, "not null"));
      return { removed, added: [...primaryKeyFacts(table, columns), ...nowNotNull] };
    }
    case "addPrimaryKeyColumn": {
      const { table, column, type } = intent;
      const value = type.name === "uuid" ? ["*default*"] : ["*"];
      const about = [
        `?${columnFact(table, column, "called *")}`,
        columnFact(table, column, `is ${formatType(type)}`),
        columnFact(table, column, "not null"),
        ...value.map((what) => columnFact(table, column, what)),
      ];
      return { removed: [], added: [...about, ...primaryKeyFacts(table, [column]), ...(type.name === "uuid" ? [] : ["?sequence *"])] };
    }
    case "setColumnType": {
      const changes = intent.columns.map(({ table, column, default: next, sequence }) => {
        const newDefault = next === undefined ? [] : [columnFact(table, column.name, `default ${canonicalExpression(next)}`)];
        const oldDefault = next === undefined || column.default === undefined ? [] : [defaultFact(table, column.name, column.default)];
        const say = (type: PgType): string => columnFact(table, column.name, `is ${formatType(type)}`);
        const sequences = sequence === undefined && column.identity === undefined ? [] : ["?sequence *"];
        const { removed, added } = swap([say(column.type), ...oldDefault], [say(intent.type), ...newDefault]);
        return { removed: [...removed, ...sequences], added: [...added, ...sequences] };
      });
      return { removed: changes.flatMap(({ removed }) => removed), added: changes.flatMap(({ added }) => added) };
    }
    case "setOnDelete": {
      const { table, foreignKey, action, setColumns } = intent;
      const changed: ForeignKey = { ...foreignKey, onDelete: action, onDeleteSetColumns: setColumns, onDeleteStated: true };
      return swap(foreignKeyFacts(table, foreignKey), foreignKeyFacts(table, changed));
    }
    case "makeUniquePartial": {
      const { table, index, predicate } = intent;
      const condition: Expression = { text: predicate, canonical: canonicalExpression(predicate), columns: [] };
      const changed: Index = { ...index, predicate: condition, constraint: undefined };
      return {
        removed: [...constraintFacts(table, index), indexFact(table, index.name, index)],
        added: [indexFact(table, index.name, changed)],
      };
    }
    case "widenForeignKey": {
      const { table, foreignKey, columns, referenced, referencedColumns } = intent;
      const changed: ForeignKey = { ...foreignKey, columns, references: { ...foreignKey.references, columns: referencedColumns } };
      const difference = swap(foreignKeyFacts(table, foreignKey, "*"), foreignKeyFacts(table, changed, "*"));
      if (referenced.indexes.some((index) => index.unique && plainColumns(index)?.join() === referencedColumns.join())) return difference;
      const unique = [
        indexFact(referenced, "*", plainIndex(referencedColumns, true)),
        `?${referenced.key}: unique constraint * (${referencedColumns.join(", ")})*`,
      ];
      return { removed: difference.removed, added: [...difference.added, ...unique] };
    }
    case "addForeignKey": {
      const { table, columns, referenced, referencedColumns, onDelete } = intent;
      const added = { columns, references: { key: referenced.key, columns: referencedColumns }, onDelete };
      // Prisma updates the key's copies, SQL refuses.
      return { removed: [], added: foreignKeyFacts(table, { ...plainForeignKey, ...added }, "*", "*") };
    }
    case "dropForeignKey":
      return { removed: foreignKeyFacts(intent.table, intent.foreignKey), added: [] };
    case "setDeferrable": {
      const { table, foreignKey } = intent;
      return swap(foreignKeyFacts(table, foreignKey), foreignKeyFacts(table, { ...foreignKey, deferrable: true, initiallyDeferred: true }));
    }
    case "setOnUpdate": {
      const { table, foreignKey, action } = intent;
      return swap(foreignKeyFacts(table, foreignKey), foreignKeyFacts(table, { ...foreignKey, onUpdate: action }));
    }
    case "replaceIndex": {
      const { table, index, method = index.method, keys = index.keys, predicate } = intent;
      const condition = typeof predicate === "string" ? { text: predicate, canonical: canonicalExpression(predicate), columns: [] } : undefined;
      const changed: Index = { ...index, method, keys, predicate: predicate === undefined ? index.predicate : condition };
      // A name that was made of the columns follows their order.
      return { removed: [indexFact(table, index.name, index)], added: [indexFact(table, "*", changed)] };
    }
    case "createIndex": {
      const { index, replaces } = intent;
      const { table, ...facts } = index;
      return { removed: replaces === undefined ? [] : [indexFact(table, replaces.name, replaces)], added: [indexFact(table, "*", { ...plainIndex([], false), ...facts })] };
    }
    case "setRowSecurity":
    case "setPolicy":
    case "setViewOption":
    case "setRoutineSetting":
    case "revoke":
      return securityDifference(intent);
    case "replaceUnique": {
      const { table, index, keys, nullsNotDistinct } = intent;
      const changed: Index = { ...index, keys, nullsNotDistinct };
      const columns = keys.flatMap(({ column }) => column ?? []);
      const [oldIndex, newIndex] = [indexFact(table, index.name, index), indexFact(table, "*", changed)];
      const isConstraint = index.constraint !== undefined && columns.length === keys.length;
      // The fact of a constraint is its columns; how it takes nulls is the index's.
      if (isConstraint && plainColumns(index)?.join() === columns.join()) return { removed: [oldIndex], added: [newIndex] };
      const constraint = isConstraint ? [`${table.key}: unique constraint * (${columns.join(", ")})*`] : [];
      return { removed: [...constraintFacts(table, index), oldIndex], added: [...constraint, newIndex] };
    }
    case "setDefault": {
      const { table, column, value, madeBy } = intent;
      const old = [
        ...(column.default === undefined ? [] : [defaultFact(table, column.name, column.default)]),
        ...(column.clientDefault === undefined ? [] : [columnFact(table, column.name, `client default ${column.clientDefault}`)]),
      ];
      const added = madeBy === "client" ? `client default ${value}` : `default ${canonicalExpression(value)}`;
      return { removed: old, added: [columnFact(table, column.name, added)] };
    }
    case "setNotNull": {
      const { table, column, value } = intent;
      const isNew = value !== undefined && column.default === undefined;
      const newDefault = isNew ? [columnFact(table, column.name, `default ${canonicalExpression(value)}`)] : [];
      return { removed: [], added: [columnFact(table, column.name, "not null"), ...newDefault] };
    }
    case "addUpdateTrigger": {
      const { table, column } = intent;
      const name = `set_${column.name}`;
      return { removed: [], added: [`${table.key}: {"name":"${name}",*`, `?routine {"key":"${table.schema}.${name}()",*`] };
    }
    case "nameConstraint":
      return { removed: [], added: [] };
    case "dropNotNull":
      return { removed: [columnFact(intent.table, intent.column.name, "not null")], added: [] };
    case "setIdentity": {
      const { table, column, sequence } = intent;
      const old = column.default === undefined ? [] : [defaultFact(table, column.name, column.default)];
      return {
        removed: [...old, `?sequence ${sequence.key}: *`],
        added: [columnFact(table, column.name, "identity byDefault"), "?sequence *"],
      };
    }
    case "addCheck": {
      const { table, expression } = intent;
      return { removed: [], added: [`${table.key}: *"canonical":${JSON.stringify(canonicalExpression(expression))}*`] };
    }
    case "setComment":
    case "mapName":
    case "addColumn":
    case "addNewColumn":
    case "renameInDatabase":
    case "orderFields":
      return designDifference(intent);
    case "createExtension":
      return { removed: [], added: [`extensions: *"name":${JSON.stringify(intent.extension)}*`] };
    case "enforceRelations":
      return { removed: [], added: ["+*: foreign key *", "+*: on delete of * is stated"] };
    case "qualifyName":
    case "replaceText":
      return { removed: [], added: [] };
  }
}

function designDifference(intent: DesignIntent): FactDifference {
  const { table } = intent;
  switch (intent.do) {
    case "setComment": {
      const { column, text } = intent;
      const said = table.prismaName === undefined || intent.inDatabase === true ? { comment: text } : { doc: text };
      return column === undefined
        ? swap([tableFact(table)], [tableFact({ ...table, ...said })])
        : swap(columnFacts(table, column), columnFacts(table, { ...column, ...said }));
    }
    case "mapName": {
      const { column, name: prismaName } = intent;
      return column === undefined
        ? swap([tableFact(table)], [tableFact({ ...table, prismaName })])
        : swap(columnFacts(table, column), columnFacts(table, { ...column, prismaName }));
    }
    case "addColumn": {
      const { column } = intent.like;
      return { removed: [], added: columnFacts(table, { ...column, comment: undefined, doc: undefined }) };
    }
    case "addNewColumn":
      return { removed: [], added: [columnFact(table, intent.column, "*")] };
    case "renameInDatabase": // everything that names it says another name
      return { removed: ["*"], added: ["*"] };
    case "orderFields":
      return { removed: [], added: [] };
  }
}

/** Facts without a pattern that says them, and patterns that no fact fulfils; a pattern with `?` in front may go unfulfilled, one with `+` says any number. */
function mismatch(facts: readonly string[], patterns: readonly string[]): readonly string[] {
  const left = [...facts];
  const unfulfilled: string[] = [];
  for (const pattern of patterns) {
    const [, count, text = ""] = /^([?+]?)(.*)$/s.exec(pattern) ?? [];
    const parts = text.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    const said = new RegExp(`^${parts.join(".*")}$`, "s");
    const matches = left.filter((fact) => said.test(fact)).slice(0, count === "+" ? undefined : 1);
    for (const fact of matches) left.splice(left.indexOf(fact), 1);
    if (matches.length === 0 && count === "") unfulfilled.push(`(missing) ${pattern}`);
  }
  return [...left, ...unfulfilled];
}

function swap(before: readonly string[], after: readonly string[]): FactDifference {
  return { removed: before.filter((fact) => !after.includes(fact)), added: after.filter((fact) => !before.includes(fact)) };
}

function without(facts: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return facts.filter((fact) => {
    const at = left.indexOf(fact);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function tableFacts(table: Table): readonly string[] {
  const { key } = table;
  const facts = [tableFact(table)];
  for (const column of table.columns.values()) facts.push(...columnFacts(table, column));
  if (table.primaryKey !== undefined) facts.push(`${key}: primary key ${table.primaryKey.name} (${table.primaryKey.columns.join(", ")})`);
  for (const constraint of table.uniqueConstraints) {
    facts.push(
      `${key}: unique constraint ${constraint.name} (${constraint.columns.join(", ")}) ${constraint.deferrable} ${constraint.initiallyDeferred}`,
    );
  }
  for (const index of table.indexes) facts.push(indexFact(table, index.name, index));
  for (const foreignKey of table.foreignKeys) facts.push(...foreignKeyFacts(table, foreignKey));
  for (const other of [...table.checks, ...table.exclusions, ...table.triggers]) facts.push(`${key}: ${plain(other)}`);
  for (const policy of table.policies) facts.push(policyFact(table, policy));
  return facts;
}

function columnFacts(table: Table, column: Column): readonly string[] {
  const say = (what: string): string => columnFact(table, column.name, what);
  return [
    say(`is ${formatType(column.type)}`),
    ...(column.notNull ? [say("not null")] : []),
    ...(column.default === undefined ? [] : [defaultFact(table, column.name, column.default)]),
    ...(column.clientDefault === undefined ? [] : [say(`client default ${column.clientDefault}`)]),
    ...(column.identity === undefined ? [] : [say(`identity ${column.identity}`)]),
    ...(column.generated === undefined ? [] : [say(`generated ${column.generated.expression.canonical} ${column.generated.stored}`)]),
    ...(column.collation === undefined ? [] : [say(`collation ${column.collation}`)]),
    ...(column.comment === undefined ? [] : [say(`comment ${column.comment}`)]),
    ...(column.doc === undefined ? [] : [say(`doc ${column.doc}`)]),
    ...(column.prismaName === undefined ? [] : [say(`called ${column.prismaName}`)]),
  ];
}

function columnFact(table: Table, column: string, what: string): string {
  return `${table.key}.${column} ${what}`;
}

function defaultFact(table: Table, column: string, value: Expression): string {
  return columnFact(table, column, `default ${value.canonical}`);
}

type IndexShape = Pick<Index, "method" | "keys" | "include" | "unique" | "primary" | "nullsNotDistinct" | "predicate" | "valid">;

function indexFact(table: Table, name: string, index: IndexShape): string {
  const { method, include, unique, primary, nullsNotDistinct, predicate, valid } = index;
  return `${table.key}: index ${name} ${method} (${index.keys.map(keyText).join(", ")}) ${plain({ include, unique, primary, nullsNotDistinct, where: predicate?.canonical, valid })}`;
}

function plainIndex(columns: readonly string[], unique: boolean, primary = false): IndexShape {
  const keys = columns.map(
    (column): IndexKey => ({
      column,
      expression: undefined,
      operatorClass: undefined,
      collation: undefined,
      direction: "asc",
      nulls: "last",
    }),
  );
  return { method: "btree", keys, include: [], unique, primary, nullsNotDistinct: false, predicate: undefined, valid: true };
}

function keyText(key: IndexKey): string {
  return [key.column ?? key.expression?.canonical, key.operatorClass, key.collation, key.direction, key.nulls].join(" ");
}

function primaryKeyFacts(table: Table, columns: readonly string[]): readonly string[] {
  return [`${table.key}: primary key * (${columns.join(", ")})`, indexFact(table, "*", plainIndex(columns, true, true))];
}

function constraintFacts(table: Table, index: Index): readonly string[] {
  return table.uniqueConstraints
    .filter(({ name }) => name === index.constraint)
    .map(({ name, columns }) => `${table.key}: unique constraint ${name} (${columns.join(", ")})*`);
}

interface ForeignKeyShape extends Omit<ForeignKey, "name" | "origins" | "comment" | "prismaName" | "references"> {
  readonly name?: string;
  readonly references: { readonly key: string; readonly columns: readonly string[] };
}

const plainForeignKey = {
  onUpdate: "noAction",
  onDeleteStated: true,
  onDeleteSetColumns: undefined,
  match: "simple",
  deferrable: false,
  initiallyDeferred: false,
  validated: true,
} as const;

function foreignKeyFacts(table: Table, key: ForeignKeyShape, name = key.name ?? "*", onUpdate: string = key.onUpdate): readonly string[] {
  const { columns, references, onDelete, onDeleteSetColumns, match, deferrable, initiallyDeferred, validated } = key;
  const target = `${references.key}(${references.columns.join(", ")})`;
  const about = plain({ actions: actionsText(onDelete, onUpdate), onDeleteSetColumns, match, deferrable, initiallyDeferred, validated });
  const body = `(${columns.join(", ")}) -> ${target}`;
  return [
    `${table.key}: foreign key ${name} ${body} ${about}`,
    ...(key.onDeleteStated === true ? [`${table.key}: on delete of ${body} is stated`] : []),
  ];
}

function actionsText(onDelete: ReferentialAction, onUpdate: string): string {
  return `on delete ${onDelete} on update ${onUpdate}`;
}
