/** Drift: where a database is not what its applied migrations make, object by object, with what would bring either to the other. Pure. */
import { changeText, differences, type ElementChange } from "../../model/diff.ts";
import type { Schema } from "../../model/schema.ts";
import { ownPart } from "../ownPart.ts";
import { ownSchema, type RecordStore } from "./records.ts";

export interface DriftItem {
  /** Stable: what a person decided to ignore is known again by it. */
  readonly id: string;
  /** `missing`: the history makes it and the database has it not. `extra`: the other way about. */
  readonly what: "missing" | "extra" | "different";
  /** `table`, `column`, `index` … */
  readonly kind: string;
  readonly subject: string;
  /** One line for people. */
  readonly text: string;
  /** Of the table or view it belongs to. */
  readonly on: string | undefined;
}

/** `expected`: what the applied migrations make. */
export function driftBetween(expected: Schema, live: Schema, store: Pick<RecordStore, "schema" | "table">, externalSchemas: readonly string[]): readonly DriftItem[] {
  return differences(comparable(expected, store, externalSchemas), comparable(live, store, externalSchemas)).map(itemOf);
}

/** Without what is nobody's migration: histories themselves, and schemas that a platform brings. */
export function comparable(schema: Schema, store: Pick<RecordStore, "schema" | "table">, externalSchemas: readonly string[]): Schema {
  return ownPart(schema, [ownSchema, "supabase_migrations", ...externalSchemas], store.table);
}

function itemOf(change: ElementChange): DriftItem {
  const { kind, subject, on } = change;
  const what = change.what === "removed" ? "missing" : change.what === "added" ? "extra" : "different";
  const text = what === "missing" ? `${kind} ${subject} is not in the database` : what === "extra" ? `${kind} ${subject} is in the database and in no migration` : changeText(change).replace(/^changed /, "");
  return { id: `${what} ${kind} ${subject}`, what, kind, subject, text, on };
}
