/** Data sheets of everything that is no table and no column. */
import { hasSameDefinition, isIndexedBy } from "../../model/indexQueries.ts";
import { formatType } from "../../model/pgTypes.ts";
import type { EnumType, ForeignKey, Index, Routine, Schema, Sequence, Table, Trigger, View } from "../../model/schema.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import type { TableConstraint } from "../schemaObject.ts";
import { code, fact, listed, type Run, type Sheet } from "./sheet.ts";
import { actions, columnList, counted, foreignKeyDefinition, identifier, indexDefinition, oneLine, placeOf, qualified } from "./wording.ts";

export function viewSheet(view: View): Sheet {
  const options = [...view.options].map(([name, value]) => `${name} = ${value}`).join(", ");
  return {
    sql: `${view.materialized ? "MATERIALIZED " : ""}VIEW ${qualified(view)} ${view.columns.length === 0 ? "" : columnList(view.columns)}`.trim(),
    comment: view.comment,
    facts: [
      ...fact(
        "Reads",
        listed(view.reads, (key) => [code(key)], 6),
      ),
      ...fact("Options", options === "" ? [] : [code(options)]),
      ...fact(
        "Indexes",
        listed(view.indexes, (index) => [code(identifier(index.name), placeOf(index))]),
      ),
    ],
  };
}

export function enumSheet(type: EnumType, schema: Schema): Sheet {
  const users: Run[][] = [];
  for (const table of schema.tables.values()) {
    for (const column of table.columns.values()) {
      const { type: own } = column;
      if (own.kind === "enum" && own.name === type.name && (own.schema ?? "public") === type.schema)
        users.push([code(`${qualified(table)}.${identifier(column.name)}`, placeOf(column))]);
    }
  }
  return {
    sql: `CREATE TYPE ${qualified(type)} AS ENUM (${listedText(type.values.map((value) => quoteLiteral(value)))})`,
    comment: type.comment,
    facts: fact(
      "Used by",
      listed(users, (runs) => runs, 6),
    ),
  };
}

export function constraintSheet(constraint: TableConstraint, table: Table, schema: Schema): Sheet {
  if ("references" in constraint) return foreignKeySheet(constraint, table, schema);
  const { comment } = constraint;
  const head = `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${identifier(constraint.name)}`;
  if ("columns" in constraint) {
    const index = table.indexes.find((one) => one.name === constraint.name);
    const words = table.primaryKey === constraint ? "PRIMARY KEY" : constraint.nullsNotDistinct ? "UNIQUE NULLS NOT DISTINCT" : "UNIQUE";
    return {
      sql: `${head} ${words} ${columnList(constraint.columns)}`,
      comment,
      facts: index === undefined ? [] : indexFacts(index, table),
    };
  }
  const sql =
    "expression" in constraint
      ? `${head} CHECK (${oneLine(constraint.expression.text)})${constraint.validated ? "" : " NOT VALID"}`
      : `${head} EXCLUDE USING ${constraint.method}`;
  return { sql, comment, facts: [] };
}

function foreignKeySheet(key: ForeignKey, table: Table, schema: Schema): Sheet {
  const isIndexed = isIndexedBy(table, key.columns);
  const target = schema.tables.get(key.references.key);
  const isMany = !table.indexes.some(
    (index) => index.unique && index.predicate === undefined && index.keys.every((one) => key.columns.includes(one.column ?? "")),
  );
  const optional = key.columns.some((column) => table.columns.get(column)?.notNull === false);
  const stated = key.onDeleteStated === false ? ` (the default; nothing is stated)` : "";
  return {
    sql: foreignKeyDefinition(key, table),
    comment: key.comment,
    facts: [
      ...fact("Relation", [
        `${isMany ? "many" : "one"} `,
        code(qualified(table), placeOf(table)),
        ` to ${optional ? "none or one" : "one"} `,
        code(qualified({ schema: key.references.schema, name: key.references.table }), target === undefined ? undefined : placeOf(target)),
      ]),
      ...fact("When the referenced row goes", [actions[key.onDelete], stated]),
      ...fact("Indexed", isIndexed ? ["yes"] : ["no: a deletion there reads this whole table"]),
    ],
  };
}

export function indexSheet(index: Index, on: Table | View): Sheet {
  return { sql: indexDefinition(index, on), comment: index.comment, facts: "foreignKeys" in on ? indexFacts(index, on) : [] };
}

function indexFacts(index: Index, table: Table): Sheet["facts"] {
  const keys = table.foreignKeys.filter((key) =>
    key.columns.every((column, i) => index.keys.slice(0, key.columns.length).some((one) => one.column === column) && i < index.keys.length),
  );
  const twins = table.indexes.filter((other) => other !== index && hasSameDefinition(other, index));
  return [
    ...fact("Made by", index.constraint === undefined ? [] : [`the constraint `, code(identifier(index.constraint))]),
    ...fact(
      "Serves",
      listed(keys, (key) => ["the foreign key to ", code(key.references.table, placeOf(key))]),
    ),
    ...fact(
      "Same as",
      listed(twins, (other) => [code(identifier(other.name), placeOf(other))]),
    ),
    ...fact("State", index.valid ? [] : ["not valid: not every partition has one"]),
  ];
}

export function triggerSheet(trigger: Trigger, on: Table | View): Sheet {
  const timing = trigger.timing === "insteadOf" ? "INSTEAD OF" : trigger.timing.toUpperCase();
  const events = trigger.events.map((event) =>
    event === "update" && trigger.updateOf.length > 0 ? `UPDATE OF ${trigger.updateOf.map(identifier).join(", ")}` : event.toUpperCase(),
  );
  const when = trigger.when === undefined ? "" : ` WHEN (${oneLine(trigger.when.text)})`;
  return {
    sql: `CREATE TRIGGER ${identifier(trigger.name)} ${timing} ${events.join(" OR ")} ON ${qualified(on)} FOR EACH ${trigger.forEach.toUpperCase()}${when} EXECUTE FUNCTION ${trigger.routine}(${trigger.arguments.join(", ")})`,
    comment: trigger.comment,
    facts: [],
  };
}

export function routineSheet(routines: readonly Routine[]): Sheet {
  const signatures = routines.slice(0, 3).map((routine) => {
    const given = routine.argumentTypes.map((type, i) => `${routine.argumentNames[i] ?? ""} ${formatType(type)}`.trim());
    const returns = routine.returns === undefined ? "" : ` RETURNS ${formatType(routine.returns)}`;
    return `${routine.kind.toUpperCase()} ${qualified(routine)}(${given.join(", ")})${returns}`;
  });
  const [first] = routines;
  if (first === undefined || routines.length > 1) return { sql: signatures.join("\n"), comment: first?.comment, facts: [] };
  const words = [`language ${first.language}`, first.volatility, ...(first.securityDefiner ? ["security definer"] : [])];
  return {
    sql: signatures.join("\n"),
    comment: first.comment,
    facts: [
      ...fact("Runs as", [words.join(", ")]),
      ...fact(
        "Settings",
        listed([...first.settings], ([name, value]) => [code(`${name} = ${value}`)]),
      ),
      ...fact("Callable by", first.isPublic ? [] : ["whom it was granted to"]),
    ],
  };
}

export function sequenceSheet(sequence: Sequence): Sheet {
  return {
    sql: `SEQUENCE ${qualified(sequence)} AS ${formatType(sequence.dataType)} INCREMENT ${sequence.increment}`,
    comment: sequence.comment,
    facts: fact("Owned by", sequence.ownedBy === undefined ? [] : [code(sequence.ownedBy)]),
  };
}

function listedText(items: readonly string[]): string {
  const shown = items.slice(0, 12).join(", ");
  return items.length > 12 ? `${shown}, … ${counted(items.length - 12, "more", "more")}` : shown;
}
