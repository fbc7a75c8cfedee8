/** The data sheet of any object of a schema. */
import type { Places } from "../model/places.ts";
import { formatType } from "../model/pgTypes.ts";
import type { Schema } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { lastChange, migrationName } from "./lastChange.ts";
import type { SchemaObject } from "./schemaObject.ts";
import { columnSheet } from "./sheets/columnSheet.ts";
import { constraintSheet, enumSheet, indexSheet, routineSheet, sequenceSheet, triggerSheet, viewSheet } from "./sheets/otherSheets.ts";
import { code, fact, listed, type Sheet } from "./sheets/sheet.ts";
import { tableSheet } from "./sheets/tableSheet.ts";
import { identifier, oneLine, placeOf, policyDefinition, qualified } from "./sheets/wording.ts";

/** With where the history changed it last. */
export function dataSheet(object: SchemaObject, schema: Schema, places: Places): Sheet {
  const sheet = ownSheet(object, schema);
  const last = lastChange(object, schema, places);
  const changed = last === undefined ? [] : fact("Last changed in", [code(migrationName(last.uri), last)]);
  return changed.length === 0 ? sheet : { ...sheet, facts: [...sheet.facts, ...changed] };
}

function ownSheet(object: SchemaObject, schema: Schema): Sheet {
  switch (object.kind) {
    case "table":
      return tableSheet(object.table, schema);
    case "column":
      return columnSheet(object.table, object.column, schema);
    case "view":
      return viewSheet(object.view);
    case "viewColumn":
      return {
        sql: `${identifier(object.name)} -- computed by the view ${qualified(object.view)}`,
        comment: undefined,
        facts: viewSheet(object.view).facts,
      };
    case "constraint":
      return constraintSheet(object.constraint, object.table, schema);
    case "index":
      return indexSheet(object.index, object.on);
    case "trigger":
      return triggerSheet(object.trigger, object.on);
    case "policy":
      return { sql: policyDefinition(object.policy, object.table), comment: object.policy.comment, facts: [] };
    case "enum":
      return enumSheet(object.type, schema);
    case "enumValue":
      return { ...enumSheet(object.type, schema), sql: `${quoteLiteral(object.value)}::${qualified(object.type)}` };
    case "domain": {
      const { type } = object;
      const sql = `CREATE DOMAIN ${qualified(type)} AS ${formatType(type.baseType)}${type.notNull ? " NOT NULL" : ""}`;
      return {
        sql,
        comment: type.comment,
        facts: fact(
          "Checks",
          listed(type.checks, (check) => [code(oneLine(check.expression.text), placeOf(check))]),
        ),
      };
    }
    case "compositeType": {
      const attributes = object.type.attributes.map((attribute) => `${identifier(attribute.name)} ${formatType(attribute.type)}`);
      return { sql: `CREATE TYPE ${qualified(object.type)} AS (${attributes.join(", ")})`, comment: object.type.comment, facts: [] };
    }
    case "sequence":
      return sequenceSheet(object.sequence);
    case "routine":
      return routineSheet(object.routines);
    case "namespace": {
      const { name, comment } = object.namespace;
      const tables = [...schema.tables.values()].filter((table) => table.schema === name);
      return {
        sql: `SCHEMA ${identifier(name)}`,
        comment,
        facts: fact(
          "Tables",
          listed(tables, (table) => [code(identifier(table.name), placeOf(table))], 8),
        ),
      };
    }
    case "extension":
      return { sql: `EXTENSION ${identifier(object.extension.name)}`, comment: object.extension.comment, facts: [] };
  }
}
