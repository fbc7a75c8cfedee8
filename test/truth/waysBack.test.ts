/**
 * Ways back that are written for migrations of others, over the samples and the corpora: up, down and up again in PostgreSQL
 * is identity wherever nothing else is said. Rows are made up in between, and the locks that are seen are the table's.
 *
 * All of the samples' migrations and a few of each corpus; `DATABASE_ARCHITECT_ALL=1` takes them all.
 */
import assert from "node:assert/strict";
import type { MigrationFile } from "../../server/src/migrations/history.ts";
import { type Proof, verdictText } from "../../server/src/migrations/proof.ts";
import { proveMigrations } from "../../server/src/migrations/prove.ts";
import { serverPlace } from "../../server/src/migrations/run/serverProof.ts";
import { type WayBack, wayBackOf } from "../../server/src/migrations/wayBack.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { corpusHistories, type History, sampleHistories } from "../support/histories.ts";
import { migrationFile } from "../support/migrationFiles.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const perCorpus = process.env["DATABASE_ARCHITECT_ALL"] === "1" ? Number.POSITIVE_INFINITY : 3;

interface Tried {
  readonly migration: string;
  readonly back: WayBack;
  readonly proof: Proof;
}

/** What the share is made of: none of them is wrong. */
function outcomeOf({ back, proof }: Tried): "identity" | "refused" | "not run" | "wrong" {
  if (proof.verdict === "not run" || proof.up !== undefined) return "not run";
  if (back.gaps.length > 0) return "refused";
  // Rows are in the way, as was said.
  if (back.conditions.length > 0 && /\((?:22|23)\w{3}\)/.test(proof.down ?? "")) return "refused";
  return proof.verdict === "proven" ? "identity" : "wrong";
}

describe("a way back for a migration of somebody else", function () {
  this.timeout(3_600_000);
  before(loadSqlParser);
  const counts = { identity: 0, refused: 0, "not run": 0, wrong: 0 };

  for (const history of [...sampleHistories(), ...corpusHistories()].filter(({ files }) => files.length > 1)) {
    const most = history.corpus === undefined ? Number.POSITIVE_INFINITY : perCorpus;
    it(`in ${history.id} undoes it, or says what stays`, async () => {
      const wrong: string[] = [];
      const otherLocks: string[] = [];
      for (const tried of await tryOut(history, most)) {
        const outcome = outcomeOf(tried);
        counts[outcome]++;
        if (process.env["DATABASE_ARCHITECT_ALL"] === "1") console.log(`${history.id} ${tried.migration}: ${outcome}${outcome === "identity" ? "" : ` ${tried.back.gaps[0] ?? ""} | ${verdictText(tried.proof)}`}`);
        for (const { statement, disagreements } of tried.proof.locks) otherLocks.push(...disagreements.map((each) => `${tried.migration}: ${statement}: ${each}`));
        if (outcome === "wrong") wrong.push(`${tried.migration}: ${verdictText(tried.proof)}`);
      }
      assert.deepEqual({ wrong, otherLocks }, { wrong: [], otherLocks: [] });
    });
  }

  after(() => console.log(`      ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ")}`));
});

async function tryOut(history: History, most: number): Promise<readonly Tried[]> {
  const files = history.files.map(({ uri, text }) => parseSql(uri, text));
  const chosen = new Set(spread(files.length, most));
  const backs = new Map<MigrationFile, WayBack>();
  const migrations = files.map((file, i) => {
    const name = new URL(file.uri, "file:///").pathname.split("/").slice(-2).join("/");
    const back = chosen.has(i) ? wayBackOf(file, files.slice(0, i), {}, "each") : undefined;
    const migration = migrationFile(file, name, "each", back?.text);
    if (back !== undefined) backs.set(migration, back);
    return migration;
  });
  const { url } = await sharedPostgres(18);
  const opened = await serverPlace({ url, allowsUnverified: true });
  assert.ok(opened.ok, JSON.stringify(opened));
  const tried: Tried[] = [];
  const wanted = [...backs.keys()];
  for await (const proof of proveMigrations(migrations, new Set(wanted), { scratch: await scratchOptions(), place: opened.place, foldOptions: {} })) {
    const migration = wanted[tried.length];
    const back = migration === undefined ? undefined : backs.get(migration);
    assert.ok(migration !== undefined && back !== undefined);
    tried.push({ migration: migration.name, back, proof });
  }
  return tried;
}

/** So many numbers below `count`, as far apart as they can be, the last one among them; never the first file, which makes all. */
function spread(count: number, most: number): readonly number[] {
  if (count - 1 <= most) return Array.from({ length: count - 1 }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 2)) / (most - 1)));
}
