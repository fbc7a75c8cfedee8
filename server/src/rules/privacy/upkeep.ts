/** What routines of a schema do to its tables, as far as their text tells: erase people, or clear away what is old. */
import { lookup } from "../../model/lookup.ts";
import type { Schema, Table } from "../../model/schema.ts";

/** Whether a routine that is named for it erases or anonymises rows of the table. */
export function isErasedByRoutine(schema: Schema, table: Table): boolean {
  return erased(schema, table.name);
}

/** Whether a routine deletes from the table, or drops partitions of it. */
export function isClearedByRoutine(schema: Schema, table: Table): boolean {
  return cleared(schema, table.name);
}

const erased = lookup((schema) => {
  const bodies = bodiesOf(schema, (name) => /eras|anonymi[sz]e|pseudonymi[sz]e|forget|redact|gdpr|dsgvo/i.test(name));
  const changed = namesBehind(bodies, /\b(?:update|delete\s+from)\s+(?:only\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)"?/gi);
  return (name): boolean => changed.has(name.toLowerCase());
});

const cleared = lookup((schema) => {
  const bodies = bodiesOf(schema, () => true);
  const deleted = namesBehind(bodies, /\b(?:delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)"?/gi);
  return (name): boolean => deleted.has(name.toLowerCase());
});

function bodiesOf(schema: Schema, isMeant: (name: string) => boolean): readonly string[] {
  return [...schema.routines.values()].flatMap(({ name, body }) => (body !== undefined && isMeant(name) ? [body] : []));
}

function namesBehind(bodies: readonly string[], pattern: RegExp): ReadonlySet<string> {
  return new Set(bodies.flatMap((body) => Array.from(body.matchAll(pattern), ([, name = ""]) => name.toLowerCase())));
}
