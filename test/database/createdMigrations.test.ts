/**
 * What is written for changes of a Prisma schema, in PostgreSQL: every file runs up, down and up again over rows, ends where
 * the schema says, and holds nobody up for as long as a table is large.
 */
import assert from "node:assert/strict";
import { foldSql } from "../../server/src/model/fromSql.ts";
import { effectOf } from "../../server/src/model/migration/locks.ts";
import { readHistory, type MigrationFile } from "../../server/src/migrations/history.ts";
import { proveMigrations } from "../../server/src/migrations/prove.ts";
import type { Proof } from "../../server/src/migrations/proof.ts";
import { verdictText } from "../../server/src/migrations/proof.ts";
import { planApply, planDown } from "../../server/src/migrations/run/plan.ts";
import { planSquash } from "../../server/src/migrations/run/squash.ts";
import { carryOut } from "../../server/src/migrations/run/run.ts";
import { serverPlace } from "../../server/src/migrations/run/serverProof.ts";
import { readSituation } from "../../server/src/migrations/run/situation.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { FileHost } from "../../server/src/text/fileHost.ts";
import { historyOf, proposalOf, type Scenario, scenarios } from "../support/proposals.ts";
import { catalogLines } from "../support/catalogFingerprint.ts";
import { contextFor, historyIn } from "../support/runHistory.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { valueOf } from "../support/valueOf.ts";

/** What reads or writes all rows while others wait, because there is no other way. */
const holdsUp: ReadonlyMap<string, string> = new Map([
  ["takes a value from an enum", "PostgreSQL cannot take a value from a type"],
  ["puts the values of an enum in another order", "PostgreSQL cannot move a value"],
]);

describe("a created migration", function () {
  this.timeout(120_000);
  before(loadSqlParser);

  for (const scenario of scenarios) {
    it(`that ${scenario.title} leads there, back and there again`, async () => {
      const { files, created } = filesFor(scenario);
      const proofs = await prove(files, created);
      assert.equal(proofs.length, created.length);
      for (const proof of proofs) assert.equal(proof.verdict, "proven", `${proof.migration}: ${verdictText(proof)}`);
      assert.deepEqual([proofs.flatMap(({ model }) => model), proofs.flatMap(({ rows }) => rows.complaints)], [[], []]);
      const disagreements = proofs.flatMap(({ locks }) => locks.flatMap((lock) => lock.disagreements));
      assert.deepEqual(disagreements, []);
      assert.equal(worksUnderLock(files, created).length > 0, holdsUp.has(scenario.title), worksUnderLock(files, created).join("\n"));
    });
  }
});

describe("the created migrations, run on a database with rows", function () {
  this.timeout(600_000);
  before(loadSqlParser);

  // Every kind of file once: what each scenario does is proven above.
  const some = /^(?:renames a column in steps|ends|renames a table|adds an index|adds a unique|adds a foreign|adds a required column that people|numbers|requires|makes a text of an enum|gives a key that others|takes a value|drops a required|drops a table|changes a primary)/;
  for (const scenario of scenarios.filter(({ title }) => some.test(title))) {
    it(`apply and go back: that ${scenario.title}`, async () => {
      const proposal = proposalOf(scenario);
      assert.ok(proposal.kind === "migration");
      const database = await (await sharedPostgres(15)).createDatabase();
      try {
        const earlier = historyOf(scenario);
        const texts = [...earlier, ...proposal.files].flatMap(({ up, down }, i): readonly (readonly [string, string])[] => {
          const name = `202401${String(i + 1).padStart(2, "0")}000000_step`;
          return i < earlier.length ? [[`${name}/migration.sql`, up]] : [[`${name}/migration.sql`, up], [`${name}/down.sql`, down]];
        });
        const root = temporaryFolder(Object.fromEntries(texts.filter((_, i) => i < earlier.length)));
        const apply = async (): Promise<readonly string[]> => {
          const context = await contextFor(root, database.url);
          const outcome = valueOf(await carryOut(context, valueOf(await planApply(context)), { loss: true }));
          assert.ok(outcome.ok, JSON.stringify(outcome));
          return outcome.done;
        };
        await apply();
        const client = await database.client();
        await client.query(rowsOfUsers).finally(() => client.end());
        const before = await catalogLines(database);
        writeFiles(root, Object.fromEntries(texts.filter((_, i) => i >= earlier.length)));
        assert.equal((await apply()).length, proposal.files.length);
        const context = await contextFor(root, database.url);
        assert.deepEqual(valueOf(await readSituation(context)).drift.map(({ text }) => text), []);
        const plan = valueOf(await planDown(context, { count: proposal.files.length }, { isProven: false }));
        const undone = valueOf(await carryOut(context, plan, { loss: true }));
        assert.ok(undone.ok, JSON.stringify(undone));
        assert.deepEqual(await catalogLines(database), before);
      } finally {
        await database.drop();
      }
    });
  }
});

describe("the created migrations, joined into one", function () {
  this.timeout(240_000);
  before(loadSqlParser);

  it("make the same though they were written for tables in use", async () => {
    const scenario = scenarios.find(({ title }) => title === "ends a rename in steps");
    assert.ok(scenario !== undefined);
    const proposal = proposalOf(scenario);
    assert.ok(proposal.kind === "migration");
    const texts = [...historyOf(scenario), ...proposal.files].map(({ up }, i) => [`2024010${i + 1}000000_step/migration.sql`, up] as const);
    const history = historyIn(temporaryFolder(Object.fromEntries(texts)), "prisma");
    const plan = valueOf(await planSquash(history, undefined, { scratch: await scratchOptions(), foldOptions: {} }));
    assert.deepEqual([plan.form, plan.replaced.length], ["model", texts.length]);
    assert.doesNotMatch(plan.files[0]?.text ?? "", /CONCURRENTLY|TRIGGER|DO \$/);
    const rows = `${texts[0]?.[1] ?? ""}INSERT INTO "User" (email) VALUES ('a');\n`;
    const kept = historyIn(temporaryFolder(Object.fromEntries([["20240101000000_step/migration.sql", rows], ...texts.slice(1)])), "prisma");
    const all = valueOf(await planSquash(kept, undefined, { scratch: await scratchOptions(), foldOptions: {} }));
    assert.equal(all.form, "statements");
    assert.match(all.files[0]?.text ?? "", /UPDATE "User" SET "phone" = "phone1"/);
    assert.doesNotMatch(all.files[0]?.text ?? "", /COMMIT/);
  });
});

const rowsOfUsers = `INSERT INTO "Company" (name) VALUES ('a'), ('b');
DO $$ BEGIN
  IF to_regclass('"User"') IS NOT NULL THEN INSERT INTO "User" (email, phone1) SELECT 'u' || i, 'p' || i FROM generate_series(1, 50) i; END IF;
END $$;`;

/** The whole history, and what of it is new. */
function filesFor(scenario: Scenario): { readonly files: readonly MigrationFile[]; readonly created: readonly MigrationFile[] } {
  const proposal = proposalOf(scenario);
  assert.ok(proposal.kind === "migration", JSON.stringify(proposal));
  const earlier = historyOf(scenario);
  const texts = new Map<string, string>();
  for (const [i, { up, down }] of [...earlier, ...proposal.files].entries()) {
    texts.set(`/m/${i}_file/migration.sql`, up);
    if (i >= earlier.length) texts.set(`/m/${i}_file/down.sql`, down);
  }
  const host: FileHost = {
    readText: (path) => { const text = texts.get(path); return text === undefined ? { ok: false, reason: "missing" } : { ok: true, text }; },
    list: () => [],
    realPath: (path) => path,
    stat: (path) => (texts.has(path) ? "file" : "missing"),
  };
  const uris = [...texts.keys()].filter((path) => path.endsWith("migration.sql")).map((path) => uriOfPath(path));
  const { migrations, complaints } = readHistory({ kind: "prisma", root: "/m", uris }, host, () => "message");
  assert.deepEqual(complaints, []);
  return { files: migrations, created: migrations.slice(earlier.length) };
}

async function prove(files: readonly MigrationFile[], created: readonly MigrationFile[]): Promise<readonly Proof[]> {
  const { url } = await sharedPostgres(18);
  const opened = await serverPlace({ url, allowsUnverified: true });
  assert.ok(opened.ok, JSON.stringify(opened));
  const proofs: Proof[] = [];
  for await (const proof of proveMigrations(files, new Set(created), { scratch: await scratchOptions(), place: opened.place, foldOptions: {} })) proofs.push(proof);
  return proofs;
}

/** Statements of the new files that go through a table while nobody can write to it. */
function worksUnderLock(files: readonly MigrationFile[], created: readonly MigrationFile[]): readonly string[] {
  const { changes } = foldSql(files.map(({ file }) => file));
  return created.flatMap(({ uri }) =>
    (changes.get(uri)?.statements ?? []).flatMap((statement) =>
      statement.changes.flatMap((change) => {
        const { work, locks } = effectOf(change, 18);
        const isHeavy = locks.some(({ mode }) => mode === "ACCESS EXCLUSIVE" || mode.startsWith("SHARE ROW") || mode === "SHARE");
        return isHeavy && work.length > 0 ? [`${change.do} ${work.map(({ kind }) => kind).join()}`] : [];
      }),
    ),
  );
}
