/** A column that becomes another: its type, whether it is required, its default. One ALTER TABLE where that is possible. */
import { typeEffect } from "../model/fold/changes/typeEffect.ts";
import { quoteIdentifier } from "../model/names.ts";
import { isSameType } from "../model/pgTypes.ts";
import type { Column, PgType, Table } from "../model/schema.ts";
import { named, typeText } from "./definitions.ts";
import { blocksRewrite, fillAndRequire, requireColumn } from "./onlineColumns.ts";
import { canHaveTwin, changeByTwin } from "./twinColumn.ts";
import type { Writing } from "./writing.ts";

export function alterColumn(writing: Writing, from: Table, to: Table, before: Column, after: Column): void {
  const subject = `${to.key}.${after.name}`;
  const name = quoteIdentifier(after.name);
  const table = named(from.key === to.key ? to : from);
  const commands: string[] = [];
  const isTypeNew = !isSameType(before.type, after.type) || before.collation !== after.collation;
  // PostgreSQL converts a default with its column, where it can convert at all without being told how.
  const isOutOfPlace = isTypeNew && before.default !== undefined && !isCastImplicit(before.type, after.type);
  const hasNewDefault = before.default?.canonical !== after.default?.canonical || isOutOfPlace;
  if (before.generated?.expression.canonical !== after.generated?.expression.canonical) {
    return writing.gap(`What ${subject} is computed of must be changed by hand: the column is dropped and added.`);
  }
  const isRewritten = isTypeNew && writing.isInUse(from) && !["none", "reindex"].includes(typeEffect(before.type, after.type));
  if (isTypeNew) riskOfType(writing, from, subject, before, after);
  if (isRewritten && writing.options.canRunApart && before.type.isArray === after.type.isArray && canHaveTwin(writing.before, from, before, writing.after)) {
    // The trigger converts whatever running clients write.
    if (!isWidening(before.type, after.type)) writing.risk("breaks clients", subject, `From the first of these migrations on, a value of ${subject} that is no ${typeText(after.type)} is refused, from clients of the old version too.`);
    return changeByTwin(writing, from, before, { ...after, notNull: after.notNull }, (value) => `${value}${castTo(before.type, after.type)}`);
  }
  // The old default may not fit the new type.
  if (hasNewDefault && before.default !== undefined && (isTypeNew || after.default === undefined)) commands.push(`ALTER COLUMN ${name} DROP DEFAULT`);
  if (isTypeNew) {
    const isArrayMade = after.type.isArray && !before.type.isArray;
    const using = isCastImplicit(before.type, after.type) ? "" : isArrayMade ? ` USING ARRAY[${name}]::${typeText(after.type)}` : ` USING ${name}${castTo(before.type, after.type)}`;
    const collation = after.collation === undefined || after.collation === before.collation ? "" : ` COLLATE ${quoteIdentifier(after.collation)}`;
    if (isRewritten) blocksRewrite(writing, from, subject);
    commands.push(`ALTER COLUMN ${name} SET DATA TYPE ${typeText(after.type)}${collation}${using}`);
  }
  if (before.identity !== after.identity) {
    if (before.identity !== undefined) commands.push(`ALTER COLUMN ${name} DROP IDENTITY`);
    if (after.identity !== undefined) commands.push(`ALTER COLUMN ${name} ADD GENERATED ${after.identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`);
  }
  if (hasNewDefault && after.default !== undefined) commands.push(`ALTER COLUMN ${name} SET DEFAULT ${after.default.text}`);
  if (before.notNull && !after.notNull) commands.push(`ALTER COLUMN ${name} DROP NOT NULL`);
  const isRequired = !before.notNull && after.notNull;
  const fill = writing.options.fills.get(subject) ?? "";
  const isApart = isRequired && writing.isInUse(from);
  if (isRequired && !isApart) commands.push(`ALTER COLUMN ${name} SET NOT NULL`);
  if (isRequired && fill === "") {
    writing.risk("fails on rows", subject, `${subject} becomes required: the migration fails as long as a row has no value there. Fill it first.`, `SELECT count(*) AS count FROM ${named(from)} WHERE ${quoteIdentifier(before.name)} IS NULL`);
  }
  if (commands.length > 0) writing.write("alter columns", "AlterTable", `ALTER TABLE ${table} ${commands.join(", ")}`);
  if (isApart && fill !== "") fillAndRequire(writing, to, after, fill);
  else if (isApart) requireColumn(writing, to, after.name);
}

function riskOfType(writing: Writing, from: Table, subject: string, before: Column, after: Column): void {
  if (isWidening(before.type, after.type)) return;
  const loses = isLossy(before.type, after.type);
  const name = quoteIdentifier(before.name);
  const back = `${name}${castTo(before.type, after.type)}${castTo(after.type, before.type)}`;
  const count = `SELECT count(*) AS count FROM ${named(from)} WHERE ${loses && before.type.isArray === after.type.isArray ? `${back} IS DISTINCT FROM ${name}` : `${name} IS NOT NULL`}`;
  writing.risk(loses ? "loses data" : "fails on rows", subject, `${subject} becomes ${typeText(after.type)}, and was ${typeText(before.type)}: values that it cannot hold ${loses ? "are rounded or cut, or stop the migration" : "stop the migration"}.`, count);
}

/** `::text`, and by way of text from and to an enum. */
function castTo(from: PgType, to: PgType): string {
  return `${from.kind === "enum" || to.kind === "enum" ? (from.isArray ? "::text[]" : "::text") : ""}::${typeText(to)}`;
}

const integers = ["int2", "int4", "int8"];
const texts = ["varchar", "bpchar", "text", "citext"];

/** Assignment casts: PostgreSQL needs no USING. */
function isCastImplicit(from: PgType, to: PgType): boolean {
  if (from.isArray !== to.isArray || from.kind !== "base" || to.kind !== "base") return false;
  if (from.name === to.name || texts.includes(to.name)) return true;
  const numbers = [...integers, "numeric", "float4", "float8"];
  const times = ["timestamp", "timestamptz", "date"];
  return (numbers.includes(from.name) && numbers.includes(to.name)) || (times.includes(from.name) && times.includes(to.name)) || (from.name.startsWith("json") && to.name.startsWith("json"));
}

/** Whether every value fits as it is. */
function isWidening(from: PgType, to: PgType): boolean {
  if (from.isArray !== to.isArray) return !from.isArray;
  if (to.name === "text" && to.kind === "base") return true;
  if (integers.includes(from.name) && integers.includes(to.name)) return integers.indexOf(from.name) <= integers.indexOf(to.name);
  if (integers.includes(from.name) && to.name === "numeric") return to.modifiers.length === 0;
  if (from.name !== to.name) return false;
  if (to.modifiers.length === 0) return true;
  const [oldLength = Number.POSITIVE_INFINITY, oldScale = 0] = from.modifiers;
  const [length = 0, scale = 0] = to.modifiers;
  return scale >= oldScale && length - scale >= oldLength - oldScale;
}

/** Whether PostgreSQL changes a value to make it fit, and says nothing. */
function isLossy(from: PgType, to: PgType): boolean {
  const isFraction = ["numeric", "float4", "float8"].includes(from.name);
  if (isFraction && (integers.includes(to.name) || to.name === "numeric" || to.name === "float4")) return true;
  if (from.name.startsWith("timestamp") && (to.name === "date" || to.name.startsWith("time"))) return true;
  return from.isArray !== to.isArray || (from.name === "json" && to.name === "jsonb");
}
