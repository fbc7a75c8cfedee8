/** Personal data where it is not found again: in free JSON, or copied into logs. */
import { personalColumns } from "../../model/personalData.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { tagsOf } from "../../model/tags.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPersonalDataInLogOrJson = defineRule({
  id: "no-personal-data-in-log-or-json",
  aliases: ["pii-in-log-or-json"],
  group: "schema",
  category: "privacy",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Keep personal data out of logs and free JSON.",
  why: `A request to erase a person goes through columns and foreign keys. What was copied into a log, or stands
somewhere in a JSON document, stays. Refer to the person by a key, or tag the column @pii to have it on the list.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-json.html", "https://gdpr-info.eu/art-17-gdpr/"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isPersonalJson)) {
      if (!isImplied(column)) yield finding(table, column, "keeps data about a person as free JSON");
    }
    if (!isLog(table)) return;
    for (const { column, data } of personalColumns(table)) {
      if (data.basis === "name" && data.isIdentifying && !isImplied(column)) yield finding(table, column, `copies ${data.what} into a log`);
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE orders (
  id int PRIMARY KEY,
  customer_data jsonb NOT NULL
--^^^^^^^^^^^^^ orders(customer_data) keeps data about a person as free JSON.
);
`,
      },
      {
        prisma: `model LoginLog {
  id    Int    @id
  email String
//^^^^^ LoginLog(email) copies an e-mail address into a log.
}
`,
      },
    ],
    good: [
      {
        title: "JSON about something else, what is tagged, a log that refers to the person",
        sql: `CREATE TABLE login_log (
  id int PRIMARY KEY,
  user_id int NOT NULL,
  details jsonb,
  user_settings jsonb,
  profile_data jsonb
);
COMMENT ON COLUMN login_log.profile_data IS '@pii';
`,
      },
    ],
  },
});

function finding(table: Table, column: Column, what: string) {
  const names = [column.name];
  return { at: column.origins, subject: subjectOfColumns(table, names), message: `${sayColumns(table, names)} ${what}.` };
}

function isPersonalJson(column: Column): boolean {
  if (column.type.name !== "jsonb" && column.type.name !== "json") return false;
  if (tagsOf(column).pii !== undefined) return false;
  const words = wordsOf(column.name);
  return words.some((word) => people.has(word)) && words.some((word) => contents.has(word));
}

const people = new Set("user customer person contact patient employee member personal profile applicant guest billing shipping".split(" "));
const contents = new Set("data info information details profile payload snapshot address record".split(" "));

/** By the last word of its name. */
function isLog({ name }: Table): boolean {
  return logs.has(wordsOf(name).at(-1) ?? "");
}

const logs = new Set("log logs history trail audit audits".split(" "));
