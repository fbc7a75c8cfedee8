/** What is read from the texts of policies and routines: conditions, calls, and statements that are put together. */
import assert from "node:assert/strict";
import type { Policy, Routine, Table } from "../../../server/src/model/schema.ts";
import { unsafeArgument } from "../../../server/src/rules/security/dynamicSql.ts";
import { heldColumns, inSelects, sessionCalls } from "../../../server/src/rules/security/policyConditions.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parseSqlText } from "../../support/schemas.ts";
import { processorTime } from "../../support/processorTime.ts";

before(() => loadSqlParser());

describe("the condition of a policy", () => {
  const held: readonly (readonly [string, readonly string[]])[] = [
    ["org_id = (SELECT current_setting('a.b')::int)", ["org_id"]],
    ["(SELECT current_setting('a.b'))::int = org_id", ["org_id"]],
    ["((deal.org_id)::text = current_setting('a.b'))", ["org_id"]],
    ['"Owner" = session_user', ["Owner"]],
    ['org_id = app.current_org() AND (amount > 0 AND "Owner" = current_user)', ["org_id", "Owner"]],
    ["org_id = 1", []],
    ["org_id = current_setting('a.b')::int OR amount = 0", []],
    ["NOT org_id = current_setting('a.b')::int", []],
    ["org_id <> current_setting('a.b')::int", []],
    ["org_id >= current_setting('a.b')::int", []],
    ["org_id = abs(amount)", []],
    ["org_id IN (SELECT current_setting('a.b')::int)", []],
    ["org_id = (SELECT m.org FROM member m WHERE m.id = amount)", []],
    ["true", []],
  ];

  for (const [condition, columns] of held) {
    it(`${condition} holds ${columns.length === 0 ? "no column" : columns.join(" and ")}`, () => {
      const { table, policy } = policyWith(condition);
      assert.deepEqual(heldColumns(table, policy.using), columns);
    });
  }

  it("has calls of the session, which become sub-selects where they stand", () => {
    const { policy } = policyWith(
      "auth.uid()::text = \"Owner\" OR (SELECT auth.jwt() ->> 'x') = '1' OR current_setting('a.b', true) = 'auth.uid()'",
    );
    assert.ok(policy.using !== undefined);
    const calls = sessionCalls(policy.using);
    assert.deepEqual(
      calls.map(({ text, isInSelect }) => [text, isInSelect]),
      [
        ["auth.uid()", false],
        ["auth.jwt()", true],
        ["current_setting('a.b', true)", false],
      ],
    );
    assert.equal(
      inSelects(
        policy.using,
        calls.filter(({ isInSelect }) => !isInSelect),
      ),
      "(SELECT auth.uid())::text = \"Owner\" OR (SELECT auth.jwt() ->> 'x') = '1' OR (SELECT current_setting('a.b', true)) = 'auth.uid()'",
    );
  });

  it("is read in time however long it is", () => {
    const parts = Array.from({ length: 2000 }, (_, i) => `(amount = ${i} AND org_id = current_setting('a.b')::int)`);
    const expression = { text: parts.join(" AND "), canonical: "", columns: ["org_id"] };
    const { table } = policyWith("true");
    const time = processorTime(() => {
      heldColumns(table, expression);
      sessionCalls(expression);
    });
    assert.ok(time < 2000);
  });
});

describe("a statement that a routine puts together", () => {
  const bodies: readonly (readonly [string, string | undefined])[] = [
    ["EXECUTE 'SELECT ' || lower(input);", "input"],
    ["EXECUTE input;", "input"],
    ["EXECUTE concat('SELECT ', input);", "input"],
    ["EXECUTE format('SELECT %1$s, %2$L', input, other);", "input"],
    ["sql := 'SELECT ' || input; sql := sql || ' LIMIT 1'; EXECUTE sql;", "input"],
    ["FOR row IN EXECUTE 'SELECT ' || input LOOP NULL; END LOOP;", "input"],
    ["RETURN QUERY EXECUTE 'SELECT ' || input::text;", "input"],
    ["EXECUTE format('SELECT %I, %L, %%s', input, other);", undefined],
    ["EXECUTE 'SELECT ' || quote_literal(input);", undefined],
    ["input := quote_ident(input); EXECUTE 'SELECT ' || input;", undefined],
    ["EXECUTE 'SELECT $1' INTO sql USING input;", undefined],
    ["EXECUTE 'SELECT ' || number;", undefined],
    ["EXECUTE 'SELECT ' || length(input);", undefined],
    ["RAISE NOTICE '%', 'EXECUTE ' || input; -- EXECUTE input", undefined],
    ["EXECUTE 'SELECT ''EXECUTE input''';", undefined],
  ];

  for (const [body, name] of bodies) {
    it(`${body} ${name === undefined ? "is safe" : `holds ${name} as it is`}`, () =>
      assert.equal(unsafeArgument(routineWith(body))?.name, name));
  }

  it("is told by where the argument stands in the body", () => {
    const routine = routineWith("EXECUTE 'SELECT ' || input;");
    const span = unsafeArgument(routine)?.span;
    assert.equal(routine.body?.slice(span?.start, span?.end), "input");
  });

  it("is read in time however broken it is", () => {
    const base = routineWith("NULL;");
    for (const piece of ["a := (input || ", "EXECUTE format('%s', ", "/* ", "'", "$$ ", "EXECUTE input || "]) {
      const body = `EXECUTE ${piece.repeat(20_000)}`;
      assert.ok(processorTime(() => unsafeArgument({ ...base, body })) < 3000, piece);
    }
  });
});

function policyWith(condition: string): { readonly table: Table; readonly policy: Policy } {
  const { schema } = parseSqlText(
    `CREATE TABLE deal (id int, org_id int, amount int, "Owner" text);\nCREATE POLICY p ON deal USING (${condition});`,
  );
  const table = schema.tables.get("public.deal");
  const policy = table?.policies[0];
  assert.ok(table !== undefined && policy !== undefined);
  return { table, policy };
}

function routineWith(body: string): Routine {
  const { schema, problems } = parseSqlText(
    `CREATE FUNCTION f(input text, other text, number int) RETURNS void LANGUAGE plpgsql AS $body$ DECLARE sql text; row record; BEGIN ${body} END $body$;`,
  );
  assert.deepEqual(problems, []);
  const [routine] = schema.routines.values();
  assert.ok(routine !== undefined);
  return routine;
}
