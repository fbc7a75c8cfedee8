/** Diagrams for tests of the ERD: small schemas that each show one case, and the corpora's real ones. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { ErdDiagram } from "../../protocol/src/erd.ts";
import { diagramOf } from "../../server/src/erd/diagramOf.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import type { Corpus } from "./corpora.ts";
import { corpusHistory } from "./histories.ts";
import { parsePrismaText, parseSqlText } from "./schemas.ts";

/** `loadSqlParser()` must have been awaited. */
export function sqlDiagram(text: string, title = "test"): ErdDiagram {
  return diagramOf(parseSqlText(text).schema, { title });
}

export function prismaDiagram(text: string, title = "test"): ErdDiagram {
  return diagramOf(parsePrismaText(text).schema, { title });
}

/** Of its Prisma schema where it has one, else of its history. `loadSqlParser()` must have been awaited. */
export function corpusDiagram(corpus: Corpus): ErdDiagram {
  const schema =
    corpus.schemaFiles.length > 0
      ? fromPrisma(corpus.schemaFiles.map((path) => parsePrisma(pathToFileURL(path).href, readFileSync(path, "utf8"))))
      : fromSql(corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text)));
  return diagramOf(schema, { title: corpus.id });
}

/** One case a picture must get right. */
export interface PictureCase {
  readonly id: string;
  diagram(): ErdDiagram;
}

export const pictureCases: readonly PictureCase[] = [
  {
    id: "composite-key",
    diagram: () =>
      sqlDiagram(`CREATE TABLE shelf (aisle integer, number integer, label text NOT NULL, PRIMARY KEY (aisle, number));
CREATE TABLE book (id integer PRIMARY KEY, title text NOT NULL, aisle integer NOT NULL, shelf_number integer NOT NULL,
  FOREIGN KEY (aisle, shelf_number) REFERENCES shelf (aisle, number) ON DELETE RESTRICT);
CREATE INDEX ON book (aisle, shelf_number);`),
  },
  {
    id: "self-relation",
    diagram: () =>
      sqlDiagram(
        "CREATE TABLE employee (id integer PRIMARY KEY, name text NOT NULL, manager_id integer REFERENCES employee ON DELETE SET NULL);\nCREATE INDEX ON employee (manager_id);",
      ),
  },
  {
    id: "several-relations",
    diagram: () =>
      sqlDiagram(`CREATE TABLE airport (code char(3) PRIMARY KEY, name text NOT NULL);
CREATE TABLE flight (id integer PRIMARY KEY, origin char(3) NOT NULL REFERENCES airport, destination char(3) NOT NULL REFERENCES airport ON DELETE CASCADE, alternate char(3) REFERENCES airport ON DELETE SET NULL);
CREATE INDEX ON flight (origin);`),
  },
  {
    id: "implicit-many-to-many",
    diagram: () =>
      prismaDiagram(
        'model Post {\n  id Int @id\n  title String\n  tags Tag[]\n  related Post[] @relation("related")\n  relatedTo Post[] @relation("related")\n}\n\nmodel Tag {\n  id Int @id\n  name String @unique\n  posts Post[]\n}\n',
      ),
  },
  {
    id: "cross-schema",
    diagram: () =>
      sqlDiagram(`CREATE SCHEMA auth; CREATE SCHEMA billing;
CREATE TABLE auth.account (id uuid PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE billing.invoice (id bigint PRIMARY KEY, account_id uuid NOT NULL REFERENCES auth.account ON DELETE RESTRICT, total numeric(12,2) NOT NULL);
CREATE INDEX ON billing.invoice (account_id);`),
  },
  {
    id: "one-to-one",
    diagram: () =>
      sqlDiagram(
        "CREATE TABLE person (id integer PRIMARY KEY, email text UNIQUE);\nCREATE TABLE passport (id integer PRIMARY KEY, person_id integer NOT NULL UNIQUE REFERENCES person ON DELETE CASCADE, number varchar(20) NOT NULL);",
      ),
  },
  {
    id: "optional",
    diagram: () =>
      sqlDiagram(
        "CREATE TABLE coupon (id integer PRIMARY KEY, code text NOT NULL);\nCREATE TABLE purchase (id integer PRIMARY KEY, coupon_id integer REFERENCES coupon, placed_at timestamptz NOT NULL DEFAULT now());",
      ),
  },
  {
    id: "views",
    diagram: () =>
      sqlDiagram(`CREATE TABLE sale (id integer PRIMARY KEY, amount numeric NOT NULL, sold_on date NOT NULL);
CREATE VIEW recent_sale AS SELECT id, amount FROM sale WHERE sold_on > now() - interval '7 days';
CREATE MATERIALIZED VIEW sale_by_day AS SELECT sold_on, sum(amount) AS total FROM sale GROUP BY sold_on;`),
  },
  {
    id: "enums",
    diagram: () =>
      sqlDiagram(
        "CREATE TYPE stage AS ENUM ('lead', 'won', 'lost');\nCREATE TYPE unused AS ENUM ('a');\nCREATE TABLE deal (id integer PRIMARY KEY, stage stage NOT NULL DEFAULT 'lead', history stage[]);",
      ),
  },
  {
    id: "many-columns",
    diagram: () =>
      sqlDiagram(
        `CREATE TABLE parent (id integer PRIMARY KEY);\nCREATE TABLE measurement (id integer PRIMARY KEY, ${Array.from({ length: 398 }, (_, i) => `reading_${i} double precision`).join(", ")}, parent_id integer REFERENCES parent);`,
      ),
  },
  {
    id: "long-names",
    diagram: () => {
      const name = (start: string): string => start + "_and_on".repeat(10).slice(0, 60 - start.length);
      return sqlDiagram(`CREATE TABLE ${name("customer")} (${name("identifier")} bigint PRIMARY KEY);
CREATE TABLE ${name("order")} (${name("id")} bigint PRIMARY KEY, ${name("customer")} bigint NOT NULL REFERENCES ${name("customer")} ON DELETE CASCADE, ${name("placed")} timestamp with time zone);`);
    },
  },
  {
    id: "markup-names",
    diagram: () =>
      sqlDiagram(`CREATE TABLE "<img src=x onerror=alert(1)>" (id integer PRIMARY KEY, "</text><script>alert(2)</script>" text, "a""b&c'd" text);
CREATE TABLE child (id integer PRIMARY KEY, "]]>" integer REFERENCES "<img src=x onerror=alert(1)>" ON DELETE CASCADE);`),
  },
  {
    id: "cycle",
    diagram: () =>
      sqlDiagram(
        `${Array.from({ length: 50 }, (_, i) => `CREATE TABLE ring_${i} (id integer PRIMARY KEY, next_id integer);`).join("\n")}\n${Array.from({ length: 50 }, (_, i) => `ALTER TABLE ring_${i} ADD FOREIGN KEY (next_id) REFERENCES ring_${(i + 1) % 50} ON DELETE CASCADE;`).join("\n")}`,
      ),
  },
  {
    id: "partitions",
    diagram: () =>
      sqlDiagram(`CREATE TABLE reading (id bigint, taken_on date NOT NULL, PRIMARY KEY (id, taken_on)) PARTITION BY RANGE (taken_on);
CREATE TABLE reading_2025 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`),
  },
  { id: "empty", diagram: () => sqlDiagram("") },
];
