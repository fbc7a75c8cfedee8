/** Files kept in the rows of a table. */
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noBlobColumn = defineRule({
  id: "no-blob-column",
  aliases: ["blob-in-row"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Keep files in object storage, and their addresses in the table.",
  why: `A file in a row passes through the write-ahead log, every backup and every replica, is held in memory as a whole when
it is read or written, and leaves a dead copy with each change. A value ends at one gigabyte.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-binary.html", "https://www.postgresql.org/docs/current/storage-toast.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, keepsFile)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} seems to keep files as bytea, by its name.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Contact {
  id     Int    @id
  avatar Bytes?
//^^^^^^ Contact(avatar) seems to keep files as bytea, by its name.
}
`,
      },
      {
        sql: `CREATE TABLE document (
  id int PRIMARY KEY,
  pdf_file bytea NOT NULL,
--^^^^^^^^ document(pdf_file) seems to keep files as bytea, by its name.
  "previewImage" bytea
--^^^^^^^^^^^^^^ document(previewImage) seems to keep files as bytea, by its name.
);
`,
      },
    ],
    good: [
      {
        title: "Keys, digests and what is encrypted are short, and belong to the row",
        sql: `CREATE TABLE document (
  id int PRIMARY KEY,
  file_hash bytea,
  image_key bytea,
  signature bytea,
  encrypted_secret bytea,
  file text,
  data bytea
);
`,
      },
      {
        prisma: `model Document {
  id         Int    @id
  fileDigest Bytes
  fileUrl    String
  profile    Bytes?
}
`,
      },
    ],
  },
});

function keepsFile(column: Column): boolean {
  if (column.type.name !== "bytea" || column.type.kind !== "base" || isImplied(column)) return false;
  const words = wordsOf(column.name);
  return words.some((word) => files.has(word)) && !words.some((word) => shortValues.has(word));
}

const files = new Set(
  (
    "attachment attachments audio avatar blob document documents download favicon file files icon image images jpeg jpg logo media mp3 mp4 " +
    "pdf photo photos picture pictures png recording screenshot thumbnail upload video videos wav webp zip"
  ).split(" "),
);

const shortValues = new Set("blurhash checksum cid digest encrypted fingerprint hash id iv key mac md5 nonce salt sha sha1 sha256 signature tag token uuid".split(" "));
