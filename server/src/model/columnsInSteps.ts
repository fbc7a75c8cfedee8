/**
 * Columns that go by two names while they are renamed in steps: a second column stands beside the first, and a trigger keeps
 * both in step. Its comment says so, and is all that tells.
 */
import { quoteIdentifier } from "./names.ts";
import type { Column, Table, Trigger } from "./schema.ts";

export interface TwoNames {
  /** The column itself, under its old name. */
  readonly column: Column;
  /** The one under the new name. */
  readonly mirror: Column;
  readonly trigger: Trigger;
}

export function columnsInSteps(table: Table): readonly TwoNames[] {
  return table.triggers.flatMap((trigger) => {
    const [, from, to] = stated.exec(trigger.comment ?? "") ?? [];
    const [column, mirror] = [table.columns.get(unquoted(from)), table.columns.get(unquoted(to))];
    return column === undefined || mirror === undefined ? [] : [{ column, mirror, trigger }];
  });
}

/** The comment of a trigger that keeps two columns in step. */
export function inStepsComment(from: string, to: string): string {
  return `The column ${quoteIdentifier(from)} is being renamed to ${quoteIdentifier(to)}: both are kept in step until a migration ends it.`;
}

const stated = /^The column ("(?:[^"]|"")+") is being renamed to ("(?:[^"]|"")+")/;

function unquoted(identifier = ""): string {
  return identifier.slice(1, -1).replaceAll('""', '"');
}
