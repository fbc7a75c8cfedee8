import assert from "node:assert/strict";
import type { Problem } from "../../../server/src/text/problem.ts";
import { finish } from "../../../server/src/workspace/steps.ts";
import { currentProblems, withoutDoubles } from "../../../server/src/workspace/validation.ts";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const problem = (start: number, end: number, message = "problem"): Problem => ({
  span: { start, end },
  message,
  severity: "error",
  code: "prisma-validation",
});

describe("What the schema engine said", () => {
  const before = "model A {\n  x Nope\n  y Also\n}\n";
  const validated = { texts: new Map([["a", before]]), problems: new Map([["a", [problem(14, 18), problem(23, 27)]]]) };
  const shown = (text: string): readonly string[] =>
    currentProblems(validated, "a", text).map(({ span }) => text.slice(span.start, span.end));

  it("stays where it is while nothing changes, and moves along with what stands behind a change", () => {
    assert.deepEqual(shown(before), ["Nope", "Also"]);
    assert.deepEqual(shown(`// more\n${before}`), ["Nope", "Also"]);
    assert.deepEqual(shown(before.replace("  y", "  // between\n  y")), ["Nope", "Also"]);
    assert.deepEqual(shown(`${before}model B {`), ["Nope", "Also"]);
  });

  it("is gone where a change touches it", () => {
    assert.deepEqual(shown(before.replace("Nope", "Int")), ["Also"]);
    assert.deepEqual(shown("model A {\n}\n"), []);
    assert.deepEqual(shown(""), []);
  });

  it("replaces what our own parser says about the same line", () => {
    const own = [problem(12, 13, "own"), problem(30, 31, "own, elsewhere")];
    assert.deepEqual(
      withoutDoubles(own, [problem(14, 18, "engine")], before).map(({ message }) => message),
      ["engine", "own, elsewhere"],
    );
  });
});

describe("A schema that keeps the schema engine busy until it is stopped", () => {
  const file = "prisma/schema.prisma";
  const schema = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel A {\n  id Int @id\n}\n';
  const tasks = (test: TestWorkspace): number => finish(test.workspace.snapshot().validationTasks()).length;

  it("is set aside, with a message, until it changes; also when it comes back to what it was", async () => {
    const test = await TestWorkspace.of({ "package.json": "{}", [file]: schema });
    test.open(file);
    const [task, ...others] = finish(test.workspace.snapshot().validationTasks());
    assert.ok(task !== undefined && others.length === 0);
    test.workspace.applyChange({ kind: "validated", project: task.project.id, validated: { texts: task.texts, problems: "timedOut" } });
    assert.equal(tasks(test), 0);
    assert.match(test.problems(file)[0] ?? "", /took too long/);
    test.type(file, `${schema}\n`);
    assert.equal(tasks(test), 1);
    assert.deepEqual(test.problems(file), []);
    test.type(file, schema);
    assert.equal(tasks(test), 0);
    assert.match(test.problems(file)[0] ?? "", /took too long/);
  });

  it("is not asked about where the settings, Prisma's extension or the language say no", async () => {
    const test = await TestWorkspace.of({ "package.json": "{}", [file]: schema });
    assert.equal(tasks(test), 1);
    test.settings({ prismaValidation: "off" });
    assert.equal(tasks(test), 0);
    test.settings({});
    test.workspace.applyChange({ kind: "environment", environment: { prismaExtensionInstalled: true, workspaceTrusted: true } });
    assert.equal(tasks(test), 0);
    test.settings({ prismaValidation: "on" });
    assert.equal(tasks(test), 1);
    test.open(file, `// use prisma-next\n${schema}`);
    assert.equal(tasks(test), 0);
  });
});
