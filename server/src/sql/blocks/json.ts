/** Reading JSON of unknown shape. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The only key of `{"PLpgSQL_stmt_if": {…}}`, and what stands under it. */
export function tagged(value: unknown): { readonly tag: string; readonly fields: JsonRecord } {
  const [tag = "", fields] = isRecord(value) ? (Object.entries(value)[0] ?? []) : [];
  return { tag, fields: isRecord(fields) ? fields : {} };
}

/** The text of a `PLpgSQL_expr`. */
export function queryOf(value: unknown): string {
  const { query } = tagged(value).fields;
  return typeof query === "string" ? query : "";
}
