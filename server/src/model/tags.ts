/**
 * Tags in comments: `@pii`, `@pii special`, `@retention 90d`. They stand in the `///` lines of a Prisma schema or in
 * COMMENT ON, and what they say wins over what a name suggests.
 */
import { lookup } from "./lookup.ts";
import { memoised } from "./memoised.ts";

/** What has a comment, or lines of documentation in a Prisma schema. */
export interface Commented {
  readonly comment: string | undefined;
  readonly doc?: string | undefined;
}

export interface Tags {
  /** `@pii`, `@pii special` (GDPR article 9), `@pii none` (looks personal, is not). */
  readonly pii: "personal" | "special" | "none" | undefined;
  /** As written: `90d`, `7 years`, `forever`. */
  readonly retention: string | undefined;
  /** `@audited`: every change is to be recorded. */
  readonly isAudited: boolean;
  /** `@append-only`: rows are added and never changed. */
  readonly isAppendOnly: boolean;
  /** `@hashed` or `@encrypted`: what stands in the column is of no use to who reads it. */
  readonly isUnreadable: boolean;
}

const noTags: Tags = { pii: undefined, retention: undefined, isAudited: false, isAppendOnly: false, isUnreadable: false };

/** The tags of a table or column; of both texts together. */
export function tagsOf(element: Commented): Tags {
  return element.comment === undefined && element.doc === undefined ? noTags : readTags(element);
}

const readTags = memoised(({ comment = "", doc = "" }: Commented): Tags => {
  const text = `${comment}\n${doc}`;
  if (!text.includes("@")) return noTags;
  const [, kind] = /@pii\b(?:[ \t]*:?[ \t]*(special|none)\b)?/i.exec(text) ?? [undefined, null];
  return {
    pii: kind === null ? undefined : kind === undefined ? "personal" : kind.toLowerCase() === "special" ? "special" : "none",
    retention: /@retention\b[ \t]*:?[ \t]*([^\n@]{1,60}?)[ \t]*(?:$|[\n@.;])/i.exec(text)?.[1],
    isAudited: /@audited\b/i.test(text),
    isAppendOnly: /@append-?only\b/i.test(text),
    isUnreadable: /@(?:hashed|encrypted)\b/i.test(text),
  };
});

/** Whether anything in the schema has the tag: then whoever wrote the schema uses it, and its absence says something. */
export function usesTag(schema: Parameters<typeof tagsInUse>[0], tag: "pii" | "retention"): boolean {
  return tagsInUse(schema, tag);
}

const tagsInUse = lookup((schema) => {
  const used = new Set<string>();
  const note = (element: Commented): void => {
    const tags = tagsOf(element);
    if (tags.pii !== undefined) used.add("pii");
    if (tags.retention !== undefined) used.add("retention");
  };
  for (const table of schema.tables.values()) {
    note(table);
    table.columns.forEach(note);
  }
  return (tag): boolean => used.has(tag);
});
