/** Columns that say something about a part of the key, not about the row. */
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { copiedColumns, partOfKey } from "./copiedColumns.ts";

export const noPartialDependency = defineRule({
  id: "no-partial-dependency",
  aliases: ["composite-key-partial-dependency"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Keep in a table with a composite key only what depends on the whole key.",
  why: `What depends on a part of the key (second normal form) is the same in every row with that part: it is written as
often as the part occurs, all of them must change together, and there is no row to keep it in while the part occurs
nowhere. It belongs to the table that the part refers to.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS"],
  *checkTable(table, schema) {
    if (table.primaryKey === undefined || table.primaryKey.columns.length < 2) return;
    for (const { column, foreignKey, referenced, original } of copiedColumns(schema, table)) {
      const key = partOfKey(table, foreignKey);
      if (key === undefined) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} depends on ${foreignKey.columns.join(", ")} alone, of the key (${key.join(", ")}).`,
        related: [{ at: original.origins, message: `${sayColumns(referenced, [original.name])} says the same.` }],
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Student {
  id         Int         @id
  enrolments Enrolment[]
}

model Course {
  id         Int         @id
  title      String
  enrolments Enrolment[]
}

model Enrolment {
  studentId   Int
  courseId    Int
  courseTitle String
//^^^^^^^^^^^ Enrolment(courseTitle) depends on courseId alone, of the key (studentId, courseId).
  grade       String?
  student     Student @relation(fields: [studentId], references: [id], onDelete: Cascade)
  course      Course  @relation(fields: [courseId], references: [id], onDelete: Cascade)

  @@id([studentId, courseId])
  @@index([courseId])
}
`,
      },
      {
        sql: `CREATE TABLE project (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE employee (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE assignment (
  project_id int REFERENCES project,
  employee_id int REFERENCES employee,
  employee_email text,
--^^^^^^^^^^^^^^ assignment(employee_email) depends on employee_id alone, of the key (project_id, employee_id).
  hours int NOT NULL,
  PRIMARY KEY (project_id, employee_id)
);
`,
      },
    ],
    good: [
      {
        title: "What the pair has, and a copy beside a reference that is no part of the key",
        sql: `CREATE TABLE project (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE employee (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE assignment (
  project_id int REFERENCES project,
  employee_id int REFERENCES employee,
  project_role text,
  employee_title text,
  lead_id int REFERENCES employee,
  lead_email text,
  PRIMARY KEY (project_id, employee_id)
);
`,
      },
    ],
  },
});
