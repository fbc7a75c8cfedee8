/** Columns that look personal and are not tagged, in a schema that tags others. */
import { personalColumns } from "../../model/personalData.ts";
import { isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { usesTag } from "../../model/tags.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requirePiiTag = defineRule({
  id: "require-pii-tag",
  aliases: ["pii-untagged"],
  group: "schema",
  category: "privacy",
  severity: "information",
  since: "0.1.0",
  summary: "Tag columns with personal data with @pii.",
  why: `Who has to answer what is stored about a person, or to erase it, starts from the tags: a column without one is
forgotten. The rule speaks up once any column of the schema is tagged, or always when its option says so. A column that
only looks personal is tagged @pii none.`,
  sources: ["https://www.postgresql.org/docs/current/sql-comment.html", "https://gdpr-info.eu/art-30-gdpr/"],
  options: {
    always: { default: false, description: "Also in schemas that tag nothing yet." },
  },
  *checkTable(table, schema, { options }) {
    const found = personalColumns(table);
    if (found.length === 0 || (options["always"] !== true && !usesTag(schema, "pii"))) return;
    for (const { column, data } of found) {
      if (data.basis === "tag" || isImplied(column)) continue;
      const tag = data.category === "special" ? "@pii special" : "@pii";
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} looks like ${data.what} and has no @pii tag.`,
        fix: {
          title: `Tag it ${tag}`,
          safety: "review",
          intent: { do: "setComment", table, column, text: withTag(column, tag) },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Customer {
  id    Int    @id
  /// Login. @pii
  email String
  /// As on the contract.
  phone String
//^^^^^ Customer(phone) looks like a telephone number and has no @pii tag.
}
`,
        fixed: `model Customer {
  id    Int    @id
  /// Login. @pii
  email String
  /// As on the contract. @pii
  phone String
}
`,
      },
      {
        title: "In other languages, and of the special categories",
        sql: `CREATE TABLE patienten (
  id int PRIMARY KEY,
  nachname text NOT NULL,
  geburtsdatum date NOT NULL,
--^^^^^^^^^^^^ patienten(geburtsdatum) looks like a date of birth and has no @pii tag.
  blutgruppe text
--^^^^^^^^^^ patienten(blutgruppe) looks like health data and has no @pii tag.
);
COMMENT ON COLUMN patienten.nachname IS '@pii';
`,
        fixed: `CREATE TABLE patienten (
  id int PRIMARY KEY,
  nachname text NOT NULL,
  geburtsdatum date NOT NULL,
  blutgruppe text
);
COMMENT ON COLUMN patienten.geburtsdatum IS '@pii';
COMMENT ON COLUMN patienten.nachname IS '@pii';
`,
      },
    ],
    good: [
      {
        title: "Names that only begin like personal data, other types, names of things, and what is tagged as none",
        prisma: `model Customer {
  id             Int       @id
  /// @pii
  email          String
  emailVerified  DateTime? @db.Timestamptz(3)
  emailTemplate  String
  phoneType      String
  companyName    String
  ipAddressCount Int
  /// The switchboard. @pii none
  phone          String
}

model Product {
  id   Int    @id
  name String
}
`,
      },
      {
        title: "Nothing is tagged here",
        sql: `CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL);
`,
      },
    ],
  },
});

/** Behind what is said where the column is written. */
function withTag({ origins: [origin], doc, comment }: Column, tag: string): string {
  const said = origin.kind === "prisma" ? doc : comment;
  return said === undefined || said === "" ? tag : `${said} ${tag}`;
}
