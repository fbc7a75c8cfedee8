/** Data of the special categories of the GDPR in columns that whoever reads the table can read. */
import { personalColumns } from "../../model/personalData.ts";
import { isImplied } from "../../model/queries.ts";
import { tagsOf } from "../../model/tags.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPlainSpecialCategory = defineRule({
  id: "no-plain-special-category",
  aliases: ["pii-special-category"],
  group: "schema",
  category: "privacy",
  severity: "information",
  since: "0.1.0",
  summary: "Protect data about health, belief, origin, politics, union, sex life or biometrics.",
  why: `Article 9 of the GDPR forbids processing such data but for a few reasons, and asks for more protection than a
column beside the others: encryption, or a table of its own with rights of its own. Where that is decided, @pii special
or @encrypted says so and this rule is silent.`,
  sources: ["https://www.postgresql.org/docs/current/encryption-options.html", "https://gdpr-info.eu/art-9-gdpr/"],
  *checkTable(table) {
    for (const { column, data } of personalColumns(table)) {
      if (data.category !== "special" || data.basis === "tag" || isImplied(column) || tagsOf(column).isUnreadable) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} looks like ${data.what}, and whoever reads the table can read it.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Employee {
  id       Int     @id
  religion String?
//^^^^^^^^ Employee(religion) looks like religion or belief, and whoever reads the table can read it.
}
`,
      },
      {
        sql: `CREATE TABLE patient (
  id int PRIMARY KEY,
  known_allergies text[] NOT NULL,
--^^^^^^^^^^^^^^^ patient(known_allergies) looks like health data, and whoever reads the table can read it.
  is_pregnant boolean
--^^^^^^^^^^^ patient(is_pregnant) looks like health data, and whoever reads the table can read it.
);
`,
      },
    ],
    good: [
      {
        title: "Encrypted, decided on, or about something else",
        sql: `CREATE TABLE patient (
  id int PRIMARY KEY,
  diagnosis bytea NOT NULL,
  allergies text,
  religion_id int,
  race_result text,
  disability_count int
);
COMMENT ON COLUMN patient.allergies IS 'Shown to staff on the ward. @pii special';
`,
      },
    ],
  },
});
