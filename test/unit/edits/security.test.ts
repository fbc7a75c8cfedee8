/** Row-level security, policies, views, routines and rights: where the changes are written, and how names are quoted. */
import assert from "node:assert/strict";
import { renderIntent } from "../../../server/src/edits/render.ts";
import type { RenderContext } from "../../../server/src/edits/renderContext.ts";
import type { SecurityIntent } from "../../../server/src/edits/intents/securityIntent.ts";
import type { Policy, Routine, Schema, Table, View } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { inPlace } from "../../support/ruleExamples.ts";
import { type ParsedText, parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

const migration = { kind: "newMigration", uri: "file:///workspace/migrations/2/migration.sql" } as const;

describe("row-level security", () => {
  it("of a Prisma model is enabled in a new migration, and nowhere when there are none", () => {
    const prisma = { ...parsePrismaText("model Deal {\n  id Int @id\n}\n"), text: "model Deal {\n  id Int @id\n}\n" };
    const intent: SecurityIntent = { do: "setRowSecurity", table: tableIn(prisma.schema), enabled: true, forced: true };
    assert.deepEqual(renderIntent(intent, { ...inPlace(prisma), sqlPlacement: () => migration }), [
      { kind: "create", uri: migration.uri, text: 'ALTER TABLE "Deal" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n' },
    ]);
    const refused = renderIntent(intent, inPlace(prisma));
    assert.ok("ok" in refused && refused.reason.startsWith("Prisma has no words"));
  });

  it("stands behind the table, its columns and its indexes", () => {
    const text = "CREATE TABLE app.deal (id int);\nALTER TABLE app.deal ADD COLUMN a int;\nCREATE INDEX i ON app.deal (a);\nSELECT 1;\n";
    assert.equal(
      changed(`CREATE SCHEMA app;\n${text}`, (schema) => ({ do: "setRowSecurity", table: tableIn(schema), enabled: true })),
      `CREATE SCHEMA app;\n${text.replace("SELECT 1;", "ALTER TABLE app.deal ENABLE ROW LEVEL SECURITY;\nSELECT 1;")}`,
    );
  });
});

describe("a policy", () => {
  const table = "CREATE TABLE deal (id int, a int);\n";

  it("changes its conditions where they stand, and gets a WITH CHECK at its end", () => {
    assert.equal(
      changed(`${table}CREATE POLICY p ON deal FOR ALL TO app USING ((a = (SELECT 1))) ;\n`, (schema) => ({
        ...policyIn(schema),
        using: "a = 2",
        withCheck: "a = 3",
      })),
      `${table}CREATE POLICY p ON deal FOR ALL TO app USING (a = 2) WITH CHECK (a = 3) ;\n`,
    );
  });

  it("that was altered is altered once more", () => {
    const text = `${table}CREATE POLICY "a ""p""" ON public.deal USING (a = 1);\nALTER POLICY "a ""p""" ON public.deal USING (a = 2);\n`;
    assert.equal(
      changed(text, (schema) => ({ ...policyIn(schema), using: "a = 3" })),
      `${text}ALTER POLICY "a ""p""" ON public.deal USING (a = 3);\n`,
    );
  });
});

describe("an option of a view", () => {
  const table = "CREATE TABLE deal (id int);\n";
  const invoker = (schema: Schema): SecurityIntent => ({
    do: "setViewOption",
    view: viewIn(schema),
    option: "security_invoker",
    value: "true",
  });

  it("stands before AS, behind a list of columns, or in the list of options", () => {
    for (const [before, after] of [
      ["CREATE VIEW v AS SELECT id FROM deal;", "CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM deal;"],
      [
        'CREATE OR REPLACE VIEW "V" (as_id) AS SELECT id FROM deal',
        'CREATE OR REPLACE VIEW "V" (as_id) WITH (security_invoker = true) AS SELECT id FROM deal',
      ],
      [
        "CREATE VIEW v WITH (check_option = local) AS SELECT id FROM deal;",
        "CREATE VIEW v WITH (check_option = local, security_invoker = true) AS SELECT id FROM deal;",
      ],
    ] as const) {
      assert.equal(changed(table + before, invoker), table + after);
    }
  });

  it("that is there with another value, or of a view that was replaced, is set behind it", () => {
    for (const text of [
      "CREATE VIEW v WITH (security_invoker = false) AS SELECT id FROM deal;",
      "CREATE VIEW v AS SELECT id FROM deal;\nCREATE OR REPLACE VIEW v AS SELECT id FROM deal;",
    ]) {
      assert.equal(changed(table + text, invoker), `${table}${text}\nALTER VIEW v SET (security_invoker = true);`);
    }
  });
});

describe("a setting of a routine, and the right to call it", () => {
  const setting = (schema: Schema): SecurityIntent => ({
    do: "setRoutineSetting",
    routine: routineIn(schema),
    setting: "search_path",
    value: "public, pg_temp",
  });
  const revoked = (schema: Schema): SecurityIntent => {
    const routine = routineIn(schema);
    return { do: "revoke", on: routine, privileges: ["EXECUTE"], from: "public", stated: routine.origins };
  };

  it("stands before the body, or behind a routine whose body is no string", () => {
    assert.equal(
      changed("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", setting),
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public, pg_temp AS 'SELECT 1';",
    );
    assert.equal(
      changed("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a", setting),
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a;\nALTER FUNCTION f(integer) SET search_path = public, pg_temp;",
    );
  });

  it("names the routine by its arguments, with their own types quoted", () => {
    const text = `CREATE TYPE "Stage" AS ENUM ('a');\nCREATE FUNCTION "F x"("Stage", varchar(3)[]) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
    assert.equal(changed(text, revoked), `${text}\nREVOKE EXECUTE ON FUNCTION "F x"("Stage", character varying[]) FROM PUBLIC;`);
  });
});

type Made = (schema: Schema) => SecurityIntent;

function changed(text: string, make: Made): string {
  const parsed: ParsedText & { readonly text: string } = { ...parseSqlText(text), text };
  const context: RenderContext = inPlace(parsed);
  const edits = renderIntent(make(parsed.schema), context);
  assert.ok(!("ok" in edits), "ok" in edits ? edits.reason : "");
  const [edit, ...others] = edits;
  assert.ok(edit?.kind === "change" && others.length === 0);
  return applyEdits(text, edit.edits);
}

function tableIn(schema: Schema): Table {
  const [table] = schema.tables.values();
  assert.ok(table !== undefined);
  return table;
}

function policyIn(schema: Schema): { readonly do: "setPolicy"; readonly table: Table; readonly policy: Policy } {
  const table = tableIn(schema);
  const [policy] = table.policies;
  assert.ok(policy !== undefined);
  return { do: "setPolicy", table, policy };
}

function viewIn(schema: Schema): View {
  const [view] = schema.views.values();
  assert.ok(view !== undefined);
  return view;
}

function routineIn(schema: Schema): Routine {
  const [routine] = schema.routines.values();
  assert.ok(routine !== undefined);
  return routine;
}
