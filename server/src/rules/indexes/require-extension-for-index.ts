/** Indexes whose operator class or method comes with an extension that nothing creates. */
import { extensionsNeededBy } from "../../model/indexExtensions.ts";
import { doubtAbout, isImplied } from "../../model/queries.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireExtensionForIndex = defineRule({
  id: "require-extension-for-index",
  aliases: ["extension-missing-for-index"],
  group: "schema",
  category: "indexes",
  severity: "error",
  since: "0.1.0",
  summary: "Create the extension that an index needs before the index.",
  why: `The operator classes of pg_trgm, btree_gin, btree_gist and others exist only after CREATE EXTENSION. Without it the
index fails (42704) in every new database: the shadow database of Prisma, the one of the tests, the next server.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-opclass.html",
    "https://www.postgresql.org/docs/current/pgtrgm.html",
    "https://www.postgresql.org/docs/current/btree-gist.html",
  ],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      for (const extension of extensionsNeededBy(table, index)) {
        if (isImplied(index) || schema.extensions.has(extension)) continue;
        yield {
          at: index.origins,
          subject: subjectOfPart(table, index.name),
          message: `Index ${index.name} of ${say(table)} needs the extension ${extension}, which nothing creates.`,
          fix: {
            title: `Create the extension ${extension}`,
            safety: "review",
            intent: { do: "createExtension", extension, neededBy: index.origins },
          },
          doubt: doubt(schema, table),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        prisma: `generator client {
  provider        = "prisma-client"
  output          = "./client"
  previewFeatures = ["postgresqlExtensions"]
}

datasource db {
  provider   = "postgresql"
  extensions = [citext]
}

model Contact {
  id   Int    @id
  name String

  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Index Contact_name_idx of Contact needs the extension pg_trgm, which nothing creates.
}
`,
        fixed: `generator client {
  provider        = "prisma-client"
  output          = "./client"
  previewFeatures = ["postgresqlExtensions"]
}

datasource db {
  provider   = "postgresql"
  extensions = [citext, pg_trgm]
}

model Contact {
  id   Int    @id
  name String

  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
}
`,
      },
      {
        title: "A constraint that no two bookings of a room overlap compares the rooms too",
        sql: `CREATE TABLE booking (
  id int PRIMARY KEY,
  room_id uuid NOT NULL,
  during tstzrange NOT NULL,
  CONSTRAINT booking_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&)
--           ^^^^^^^^^^^^^^^ Index booking_overlap of booking needs the extension btree_gist, which nothing creates.
);
`,
        fixed: `CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE booking (
  id int PRIMARY KEY,
  room_id uuid NOT NULL,
  during tstzrange NOT NULL,
  CONSTRAINT booking_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&)
);
`,
      },
    ],
    good: [
      {
        title: "What PostgreSQL itself has, and what the history creates",
        sql: `CREATE EXTENSION pg_trgm;
CREATE TABLE contact (id int PRIMARY KEY, name text, tags text[], data jsonb, active tstzrange, at inet);
CREATE INDEX contact_name_idx ON contact USING gin (name gin_trgm_ops);
CREATE INDEX contact_tags_idx ON contact USING gin (tags);
CREATE INDEX contact_data_idx ON contact USING gin (data jsonb_path_ops);
CREATE INDEX contact_active_idx ON contact USING gist (active);
CREATE INDEX contact_at_idx ON contact USING gist (at inet_ops);
CREATE INDEX contact_prefix_idx ON contact (name text_pattern_ops);
CREATE INDEX contact_words_idx ON contact USING gin (to_tsvector('english', name));
`,
      },
      {
        title: "A migration creates it",
        prisma: `model Contact {
  id   Int    @id
  name String

  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
}
`,
        history: `CREATE EXTENSION IF NOT EXISTS "pg_trgm";
`,
      },
    ],
  },
});

/** Without any SQL it is not known what the database was given before. */
function doubt(schema: Schema, table: Table): string | undefined {
  if (schema.sources.every(({ layer }) => layer === "prisma")) return "No migrations were read, which may create it.";
  return doubtAbout(schema, table);
}
