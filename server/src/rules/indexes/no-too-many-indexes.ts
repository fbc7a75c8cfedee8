/** Tables with more indexes than writes should have to keep. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import { say } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noTooManyIndexes = defineRule({
  id: "no-too-many-indexes",
  aliases: ["too-many-indexes"],
  group: "schema",
  category: "indexes",
  severity: "information",
  since: "0.1.0",
  summary: "Keep the number of indexes of a table within what its writes can bear.",
  why: `Every INSERT writes to all of them, and so does every UPDATE of an indexed column; each one takes disk, memory and
time of VACUUM, and each one is a plan more to consider for every query. pg_stat_user_indexes tells which are used.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-intro.html",
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
  ],
  options: { indexes: { default: 12, description: "More indexes than this are reported; those of keys count." } },
  *checkTable(table, schema, { options }) {
    const most = numberIn(options, "indexes");
    if (table.indexes.length <= most) return;
    const own = table.indexes.filter((index) => !isImplied(index) && !isIndexOfParent(schema, table, index));
    if (own.length <= most) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} has ${own.length} indexes: every write keeps all of them up to date.`,
    };
  },
  examples: {
    bad: [
      {
        options: { indexes: 2 },
        prisma: `model Deal {
//    ^^^^ Deal has 3 indexes: every write keeps all of them up to date.
  id     Int    @id
  title  String
  amount Int

  @@index([title])
  @@index([amount])
}
`,
      },
      {
        options: { indexes: 2 },
        sql: `CREATE TABLE deal (id int PRIMARY KEY, title text UNIQUE, amount int);
--           ^^^^ deal has 3 indexes: every write keeps all of them up to date.
CREATE INDEX ON deal (amount);
`,
      },
    ],
    good: [
      {
        title: "A partition has what its parent has, and is not counted again",
        sql: `CREATE TABLE visit (id int, a int, b int, c int, d int, e int, f int, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE INDEX ON visit (a);
CREATE INDEX ON visit (b);
CREATE INDEX ON visit (c);
CREATE INDEX ON visit (d);
CREATE INDEX ON visit (e);
CREATE INDEX ON visit (f);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON visit_2026 (a, b);
CREATE INDEX ON visit_2026 (a, c);
CREATE INDEX ON visit_2026 (a, d);
CREATE INDEX ON visit_2026 (a, e);
CREATE INDEX ON visit_2026 (a, f);
CREATE INDEX ON visit_2026 (b, f);
`,
      },
    ],
  },
});
