/**
 * What may have been renamed: an element that goes and one that comes, alike in shape and name. A rename keeps the rows,
 * a drop does not, so people are asked; nothing is renamed or dropped in silence.
 */
import type { ElementChange } from "../model/diff.ts";
import { quoteIdentifier, wordsOf } from "../model/names.ts";
import { isSameTypeName } from "../model/pgTypes.ts";
import type { Schema, Table } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { named } from "./definitions.ts";

/** `from` and `to` as `public.users`, `public.users.phone`, `public.Stage.LEAD`. */
export interface RenameCandidate {
  readonly kind: "table" | "column" | "enum" | "enum value";
  readonly from: string;
  readonly to: string;
  /** From 0 to 1: how much speaks for it. */
  readonly likeness: number;
  /** Statements without semicolons. */
  readonly up: string;
  readonly down: string;
  /** Why it cannot go by both names for a while; undefined where it can. Of a question. */
  readonly whyAtOnce?: string | undefined;
}

/** What people have said: these are renames, these are dropped. As they write it: with or without `public.`. */
export interface RenameAnswers {
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly dropped: readonly string[];
  /** Of the renames: both names are kept for a while. By the old name. */
  readonly inSteps?: readonly string[];
  /** Renames in steps that end now, by the old name. */
  readonly ended?: readonly string[];
  /** Enums whose values are put into the order of the schema, for which the type is made anew. */
  readonly reordered?: readonly string[];
  /** What rows that are there get in a required column, as SQL; empty for nothing. */
  readonly filled?: readonly { readonly subject: string; readonly sql: string }[];
}

const leastLikeness = 0.35;

/** Tables that go and come, columns of tables that stay, values of enums; the likeliest partner of each. */
export function renameCandidates(changes: readonly ElementChange[], before: Schema, after: Schema): readonly RenameCandidate[] {
  const found = [...tableRenames(changes), ...columnRenames(changes, before, after), ...enumRenames(changes), ...valueRenames(changes)];
  const taken = new Set<string>();
  return found
    .filter(({ likeness }) => likeness >= leastLikeness)
    .sort((a, b) => b.likeness - a.likeness)
    .filter(({ from, to }) => {
      if (taken.has(from) || taken.has(to)) return false;
      taken.add(from).add(to);
      return true;
    });
}

export function answerTo(candidate: RenameCandidate, answers: RenameAnswers): "rename" | "drop" | undefined {
  if (answers.renamed.some(({ from, to }) => means(from, candidate.from) && (means(to, candidate.to) || to === lastPart(candidate.to)))) return "rename";
  return answers.dropped.some((name) => means(name, candidate.from)) ? "drop" : undefined;
}

/** The names of candidates that only an answer brings forth: people may rename what is not alike at all. */
export function statedRename(answer: { readonly from: string; readonly to: string }, changes: readonly ElementChange[], before: Schema, after: Schema): RenameCandidate | undefined {
  const all = [...tableRenames(changes), ...columnRenames(changes, before, after), ...enumRenames(changes), ...valueRenames(changes)];
  return all.find((candidate) => means(answer.from, candidate.from) && (means(answer.to, candidate.to) || answer.to === lastPart(candidate.to)));
}

export function means(written: string, subject: string): boolean {
  return written === subject || `public.${written}` === subject;
}

function lastPart(subject: string): string {
  return subject.slice(subject.lastIndexOf(".") + 1);
}

function tableRenames(changes: readonly ElementChange[]): readonly RenameCandidate[] {
  const gone = changes.flatMap((change) => (change.what === "removed" && change.before.kind === "table" ? [change.before.value] : []));
  const come = changes.flatMap((change) => (change.what === "added" && change.after.kind === "table" ? [change.after.value] : []));
  return gone.flatMap((from) =>
    come
      .filter((to) => to.schema === from.schema)
      .map((to): RenameCandidate => {
        const likeness = 0.7 * sharedColumns(from, to) + 0.3 * nameLikeness(from.name, to.name);
        return {
          kind: "table",
          from: from.key,
          to: to.key,
          likeness: sharedColumns(from, to) < 0.5 ? 0 : likeness,
          up: `ALTER TABLE ${named(from)} RENAME TO ${quoteIdentifier(to.name)}`,
          down: `ALTER TABLE ${named(to)} RENAME TO ${quoteIdentifier(from.name)}`,
        };
      }),
  );
}

/** The share of columns that both have with the same type, from 0 to 1. */
function sharedColumns(a: Table, b: Table): number {
  const shared = [...a.columns.values()].filter((column) => {
    const other = b.columns.get(column.name);
    return other !== undefined && isSameTypeName(other.type, column.type);
  });
  return shared.length / Math.max(a.columns.size, b.columns.size, 1);
}

function columnRenames(changes: readonly ElementChange[], before: Schema, after: Schema): readonly RenameCandidate[] {
  return changes.flatMap((change): readonly RenameCandidate[] => {
    if (change.what !== "removed" || change.before.kind !== "column") return [];
    const table = before.tables.get(change.on ?? "");
    if (table === undefined || !after.tables.has(table.key)) return [];
    const from = change.before.value;
    const come = changes.flatMap((each) => (each.what === "added" && each.on === change.on && each.after.kind === "column" ? [each.after.value] : []));
    return come
      .filter((to) => isSameTypeName(from.type, to.type))
      .map((to): RenameCandidate => {
        const alone = come.length === 1 ? 0.35 : 0.15;
        return {
          kind: "column",
          from: `${table.key}.${from.name}`,
          to: `${table.key}.${to.name}`,
          likeness: alone + (1 - alone) * nameLikeness(from.name, to.name),
          up: `ALTER TABLE ${named(table)} RENAME COLUMN ${quoteIdentifier(from.name)} TO ${quoteIdentifier(to.name)}`,
          down: `ALTER TABLE ${named(table)} RENAME COLUMN ${quoteIdentifier(to.name)} TO ${quoteIdentifier(from.name)}`,
        };
      });
  });
}

function enumRenames(changes: readonly ElementChange[]): readonly RenameCandidate[] {
  const gone = changes.flatMap((change) => (change.what === "removed" && change.before.kind === "enum" ? [change.before.value] : []));
  const come = changes.flatMap((change) => (change.what === "added" && change.after.kind === "enum" ? [change.after.value] : []));
  return gone.flatMap((from) =>
    come
      .filter((to) => to.schema === from.schema)
      .map((to): RenameCandidate => {
        const shared = from.values.filter((value) => to.values.includes(value)).length / Math.max(from.values.length, to.values.length, 1);
        return {
          kind: "enum",
          from: from.key,
          to: to.key,
          likeness: shared < 0.5 ? 0 : 0.7 * shared + 0.3 * nameLikeness(from.name, to.name),
          up: `ALTER TYPE ${named(from)} RENAME TO ${quoteIdentifier(to.name)}`,
          down: `ALTER TYPE ${named(to)} RENAME TO ${quoteIdentifier(from.name)}`,
        };
      }),
  );
}

function valueRenames(changes: readonly ElementChange[]): readonly RenameCandidate[] {
  return changes.flatMap((change): readonly RenameCandidate[] => {
    if (change.what !== "changed" || change.before.kind !== "enum" || change.after.kind !== "enum") return [];
    const [old, now] = [change.before.value, change.after.value];
    const gone = old.values.filter((value) => !now.values.includes(value));
    const come = now.values.filter((value) => !old.values.includes(value));
    return gone.flatMap((from) =>
      come.map((to): RenameCandidate => {
        const place = old.values.indexOf(from) === now.values.indexOf(to) ? 0.4 : 0;
        return {
          kind: "enum value",
          from: `${old.key}.${from}`,
          to: `${old.key}.${to}`,
          likeness: place + 0.6 * nameLikeness(from, to),
          up: `ALTER TYPE ${named(old)} RENAME VALUE ${quoteLiteral(from)} TO ${quoteLiteral(to)}`,
          down: `ALTER TYPE ${named(old)} RENAME VALUE ${quoteLiteral(to)} TO ${quoteLiteral(from)}`,
        };
      }),
    );
  });
}

/** From 0 to 1: words that both have, and pairs of letters that both have; the better of the two. */
export function nameLikeness(a: string, b: string): number {
  const [x, y] = [wordsOf(a).join(""), wordsOf(b).join("")];
  if (x === y) return 1;
  return Math.max(dice(wordsOf(a), wordsOf(b)), dice(pairs(x), pairs(y)));
}

function pairs(text: string): readonly string[] {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
}

function dice(a: readonly string[], b: readonly string[]): number {
  const rest = [...b];
  const shared = a.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  }).length;
  return a.length + b.length === 0 ? 0 : (2 * shared) / (a.length + b.length);
}
