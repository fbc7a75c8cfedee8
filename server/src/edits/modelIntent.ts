/** Intents that change one element of the model, wherever it is stated. */
import type { Element } from "../model/schema.ts";
import type { Intent } from "./intent.ts";
import type { DesignIntent } from "./intents/designIntent.ts";
import type { IndexIntent } from "./intents/indexIntent.ts";
import type { MigrationIntent } from "./intents/migrationIntent.ts";
import type { ProjectIntent } from "./intents/projectIntent.ts";
import type { SecurityIntent } from "./intents/securityIntent.ts";
import { defaultPart } from "./sql/renderSqlColumns.ts";

export type ModelIntent = Exclude<Intent, { do: "replaceText" } | DesignIntent | IndexIntent | MigrationIntent | ProjectIntent | SecurityIntent>;
export type PlacedIntent = Exclude<ModelIntent, { do: "setColumnType" }>;

/** The element whose first text decides where the intent is written: the one a finding about it is shown at. */
export function touchedBy(intent: PlacedIntent): Element {
  switch (intent.do) {
    case "addIndex":
    case "addPrimaryKeyColumn":
    case "addForeignKey":
    case "addCheck":
    case "addUpdateTrigger":
      return intent.table;
    case "nameConstraint":
      return intent.constraint;
    case "setDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setIdentity":
      return intent.column;
    case "addPrimaryKey":
      return intent.replaces ?? intent.table;
    case "dropIndex":
    case "makeUniquePartial":
    case "replaceUnique":
    case "replaceIndex":
      return intent.index;
    case "dropForeignKey":
    case "setDeferrable":
    case "setOnUpdate":
    case "setOnDelete":
    case "widenForeignKey":
      return intent.foreignKey;
  }
}

/** The part that a text must state of the element for the intent to be written there. */
export function partOf(intent: PlacedIntent): string | undefined {
  if (intent.do === "setDefault") return defaultPart(intent);
  if (intent.do === "dropNotNull") return "notNull";
  return intent.do === "setNotNull" || intent.do === "setIdentity" ? "type" : undefined;
}
