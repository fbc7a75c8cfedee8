/** SQL about one object in which a database and its history differ: only this object is brought from one to the other. Pure. */
import type { Schema } from "../../model/schema.ts";
import { scriptBetween } from "../script.ts";
import { inPhases } from "../writing.ts";
import type { DriftItem } from "./drift.ts";

export interface DriftSql {
  readonly sql: string;
  /** What it loses, and what it cannot do. Whole sentences. */
  readonly notes: readonly string[];
}

/** From what the object is in `from` to what it is in `to`; a part of a table brings the whole table with it. */
export function scriptFor(item: DriftItem, from: Schema, to: Schema): DriftSql {
  const script = scriptBetween(from, withObject(item, from, to), () => undefined);
  const statements = inPhases(script.statements);
  const sql = statements.map(({ sql: text, heading, warning }) => `-- ${heading}\n${warning === undefined ? "" : `-- ${warning.replaceAll(/\s+/g, " ")}\n`}${text};\n`).join("\n");
  const gaps = statements.length === 0 && script.gaps.length === 0 ? [`${item.kind} ${item.subject} cannot be written as a statement: do it by hand.`] : script.gaps;
  return { sql, notes: [...script.risks.map(({ message }) => message), ...gaps] };
}

function withObject({ kind, subject, on }: DriftItem, from: Schema, to: Schema): Schema {
  const key = on ?? subject;
  const taken = <T>(own: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const map = new Map(own);
    const value = other.get(key);
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    return map;
  };
  switch (kind) {
    case "schema":
      return { ...from, namespaces: taken(from.namespaces, to.namespaces) };
    case "extension":
      return { ...from, extensions: taken(from.extensions, to.extensions) };
    case "enum":
      return { ...from, enums: taken(from.enums, to.enums) };
    case "domain":
      return { ...from, domains: taken(from.domains, to.domains) };
    case "composite type":
      return { ...from, compositeTypes: taken(from.compositeTypes, to.compositeTypes) };
    case "sequence":
      return { ...from, sequences: taken(from.sequences, to.sequences) };
    case "routine":
      return { ...from, routines: taken(from.routines, to.routines) };
    case "grant":
      return { ...from, grants: to.grants };
    default:
      // Tables, views, and what hangs on them; a check may hang on a domain.
      return { ...from, tables: taken(from.tables, to.tables), views: taken(from.views, to.views), domains: taken(from.domains, to.domains) };
  }
}
