/**
 * What is kept from one edit to the next never changes what is said: after any sequence of edits a workspace says of
 * every file what one says that opens it for the first time. The edits are those of somebody typing, and of somebody
 * who moves, doubles and deletes lines; the sequence is random, and the same in every run.
 */
import assert from "node:assert/strict";
import { relative } from "node:path";
import { crm, crmLegacy, type Sample } from "../support/samples.ts";
import { randomOf } from "../support/random.ts";
import { typed } from "../support/typing.ts";
import { TestWorkspace } from "../support/workspaceOf.ts";

const editsOfOneRun = 30;

/** A sample with its own paths, and what somebody may edit there. */
function filesOf(sample: Sample): Record<string, string> {
  return Object.fromEntries([
    ...sample.schema.map(({ uri, text }) => [relative(sample.folder, uri), text]),
    ...sample.migrations.map(({ name, text }) => [`prisma/migrations/${name}/migration.sql`, text]),
  ]);
}

const dump = `CREATE TYPE stage AS ENUM ('open', 'won');
CREATE TABLE account (id int NOT NULL, name text);
CREATE TABLE deal (id int PRIMARY KEY, account_id int, stage stage DEFAULT 'open', amount float8);
CREATE TABLE note (id int PRIMARY KEY, deal_id int NOT NULL REFERENCES deal, body text);
ALTER TABLE account ADD PRIMARY KEY (id);
ALTER TABLE deal ADD FOREIGN KEY (account_id) REFERENCES account ON DELETE CASCADE;
CREATE INDEX ON deal (account_id);
CREATE INDEX ON note (deal_id);
CREATE VIEW open_deals AS SELECT id, amount FROM deal WHERE stage = 'open';
COMMENT ON TABLE note IS 'What was said';
`.repeat(2);

describe("after a sequence of edits", function () {
  this.timeout(120_000);

  const cases: readonly (readonly [string, Record<string, string>, (path: string) => boolean])[] = [
    ["the legacy sample", filesOf(crmLegacy), () => true],
    ["the sample's schema", filesOf(crm), (path) => path.endsWith(".prisma")],
    ["a dump of two halves that collide", { "schema.sql": dump }, () => true],
  ];
  for (const [what, files, isEdited] of cases) {
    for (const seed of [1, 2, 3]) {
      it(`${what} (${seed}) says what a fresh look says`, async () => {
        const random = randomOf(seed);
        const paths = Object.keys(files).filter(isEdited);
        const texts = { ...files };
        const kept = await TestWorkspace.of(files);
        for (const path of paths) kept.open(path);
        for (let edit = 0; edit < editsOfOneRun; edit++) {
          const path = paths[random(paths.length)] ?? "";
          texts[path] = typed(texts[path] ?? "", random);
          kept.type(path, texts[path]);
          if (edit % 3 === 2)
            assert.deepEqual(told(kept, paths), await toldAfresh(files, texts, paths), `after edit ${edit + 1} of ${path}`);
        }
        assert.deepEqual(kept.faults, []);
      });
    }
  }
});

async function toldAfresh(files: Record<string, string>, texts: Record<string, string>, paths: readonly string[]): Promise<unknown> {
  const fresh = await TestWorkspace.of(files);
  for (const path of paths) fresh.open(path, texts[path] ?? "");
  return told(fresh, paths);
}

/** Everything that is shown, and where. */
function told(workspace: TestWorkspace, paths: readonly string[]): unknown {
  return paths.map((path) => {
    const report = workspace.report(path);
    return [
      path,
      (report?.problems ?? []).map(({ code, message, span }) => `${span.start}-${span.end} ${code} ${message}`).sort(),
      (report?.findings ?? [])
        .map(({ finding, span }) => `${span.start}-${span.end} ${finding.rule} ${finding.severity} ${finding.subject} ${finding.message}`)
        .sort(),
    ];
  });
}
