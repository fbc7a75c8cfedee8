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
import { serverPlace } from "../../server/src/migrations/run/serverProof.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { FileHost } from "../../server/src/text/fileHost.ts";
import { proposalOf, type Scenario, scenarios, usersHistory } from "../support/proposals.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/** What reads or writes all rows while others wait, because there is no other way. */
const holdsUp: ReadonlyMap<string, string> = new Map([
  ["gives a numbered key more room", "a key that others refer to has no twin"],
  ["takes a value from an enum", "PostgreSQL cannot take a value from a type"],
]);

describe("a created migration", function () {
  this.timeout(120_000);
  before(loadSqlParser);

  for (const scenario of scenarios) {
    it(`that ${scenario.title} leads there, back and there again`, async () => {
      const files = filesFor(scenario);
      const proofs = await prove(files);
      assert.equal(proofs.length, files.length - 1);
      for (const proof of proofs) assert.equal(proof.verdict, "proven", `${proof.migration}: ${verdictText(proof)}`);
      assert.deepEqual([proofs.flatMap(({ model }) => model), proofs.flatMap(({ rows }) => rows.complaints)], [[], []]);
      const disagreements = proofs.flatMap(({ locks }) => locks.flatMap((lock) => lock.disagreements));
      assert.deepEqual(disagreements, []);
      assert.equal(worksUnderLock(files).length > 0, holdsUp.has(scenario.title), worksUnderLock(files).join("\n"));
    });
  }
});

function filesFor(scenario: Scenario): readonly MigrationFile[] {
  const proposal = proposalOf(scenario);
  assert.ok(proposal.kind === "migration", JSON.stringify(proposal));
  const texts = new Map([["/m/0_init/migration.sql", usersHistory + (scenario.sql ?? "")]]);
  for (const [i, { up, down }] of proposal.files.entries()) texts.set(`/m/${i + 1}_file/migration.sql`, up).set(`/m/${i + 1}_file/down.sql`, down);
  const host: FileHost = {
    readText: (path) => { const text = texts.get(path); return text === undefined ? { ok: false, reason: "missing" } : { ok: true, text }; },
    list: () => [],
    realPath: (path) => path,
    stat: (path) => (texts.has(path) ? "file" : "missing"),
  };
  const uris = [...texts.keys()].filter((path) => path.endsWith("migration.sql")).map((path) => uriOfPath(path));
  const { migrations, complaints } = readHistory({ kind: "prisma", root: "/m", uris }, host, () => "message");
  assert.deepEqual(complaints, []);
  return migrations;
}

async function prove(files: readonly MigrationFile[]): Promise<readonly Proof[]> {
  const { url } = await sharedPostgres(18);
  const opened = await serverPlace({ url, allowsUnverified: true });
  assert.ok(opened.ok, JSON.stringify(opened));
  const proofs: Proof[] = [];
  for await (const proof of proveMigrations(files, new Set(files.slice(1)), { scratch: await scratchOptions(), place: opened.place, foldOptions: {} })) proofs.push(proof);
  return proofs;
}

/** Statements of the new files that go through a table while nobody can write to it. */
function worksUnderLock(files: readonly MigrationFile[]): readonly string[] {
  const { changes } = foldSql(files.map(({ file }) => file));
  return files.slice(1).flatMap(({ uri }) =>
    (changes.get(uri)?.statements ?? []).flatMap((statement) =>
      statement.changes.flatMap((change) => {
        const { work, locks } = effectOf(change, 18);
        const isHeavy = locks.some(({ mode }) => mode === "ACCESS EXCLUSIVE" || mode.startsWith("SHARE ROW") || mode === "SHARE");
        return isHeavy && work.length > 0 ? [`${change.do} ${work.map(({ kind }) => kind).join()}`] : [];
      }),
    ),
  );
}
