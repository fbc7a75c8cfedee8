/** B-tree indexes over arrays and jsonb, which find nothing but whole values. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import type { Column, Index, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noBtreeOnArrayOrJson = defineRule({
  id: "no-btree-on-array-or-json",
  aliases: ["btree-on-array-or-json"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Index arrays and jsonb with GIN.",
  why: `A B-tree over an array or a document finds rows whose whole value equals another one. What is asked is what they
contain, and @>, &&, has and path filters cannot use it; GIN indexes each element. A long value also breaks the limit of
2,704 bytes that a row of a B-tree has.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-types.html#INDEXES-TYPES-GIN",
    "https://www.postgresql.org/docs/current/datatype-json.html#JSON-INDEXING",
  ],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      if (index.method !== "btree" || index.unique || isImplied(index)) continue;
      const column = documentIn(table, index);
      if (column === undefined || isIndexOfParent(schema, table, index)) continue;
      const { type, name } = column;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Index ${index.name} on ${say(table)} is a B-tree over ${name}, ${type.isArray ? "an array" : "jsonb"}: it finds whole values only.`,
        fix: canBeGin(index)
          ? { title: "Make it a GIN index", safety: "review", intent: { do: "replaceIndex", table, index, method: "gin" } }
          : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Contact {
  id    Int      @id
  tags  String[]
  extra Json

  @@index([tags], map: "contact_tags")
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Index contact_tags on Contact is a B-tree over tags, an array: it finds whole values only.
  @@index([extra])
//^^^^^^^^^^^^^^^^ Index Contact_extra_idx on Contact is a B-tree over extra, jsonb: it finds whole values only.
}
`,
        fixed: `model Contact {
  id    Int      @id
  tags  String[]
  extra Json

  @@index([tags], map: "contact_tags", type: Gin)
  @@index([extra])
}
`,
      },
      {
        sql: `CREATE TABLE contact (id int PRIMARY KEY, org_id int, tags text[] NOT NULL, extra jsonb);
CREATE INDEX contact_tags_idx ON contact (tags) WHERE org_id IS NOT NULL;
--           ^^^^^^^^^^^^^^^^ Index contact_tags_idx on contact is a B-tree over tags, an array: it finds whole values only.
CREATE INDEX contact_extra_idx ON contact USING btree (org_id, extra);
--           ^^^^^^^^^^^^^^^^^ Index contact_extra_idx on contact is a B-tree over extra, jsonb: it finds whole values only.
`,
        fixed: `CREATE TABLE contact (id int PRIMARY KEY, org_id int, tags text[] NOT NULL, extra jsonb);
CREATE INDEX contact_tags_idx ON contact USING gin (tags) WHERE org_id IS NOT NULL;
CREATE INDEX contact_extra_idx ON contact USING btree (org_id, extra);
`,
      },
    ],
    good: [
      {
        title: "GIN, one value out of the document, its length, and a set that must be unique",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, tags text[] NOT NULL, extra jsonb, scope text[] UNIQUE);
CREATE INDEX ON contact USING gin (tags);
CREATE INDEX ON contact USING gin (extra jsonb_path_ops);
CREATE INDEX ON contact ((extra ->> 'source'));
CREATE INDEX ON contact (cardinality(tags));
`,
      },
    ],
  },
});

function documentIn(table: Table, index: Index): Column | undefined {
  for (const { column } of index.keys) {
    const found = column === undefined ? undefined : table.columns.get(column);
    if (found !== undefined && (found.type.isArray || found.type.name === "jsonb")) return found;
  }
  return undefined;
}

/** GIN has a class for arrays and jsonb, no order and no included columns. */
function canBeGin({ keys, include }: Index): boolean {
  const [key, ...others] = keys;
  return (
    key?.operatorClass === undefined && key?.direction === "asc" && key.nulls === "last" && others.length === 0 && include.length === 0
  );
}
