import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { compareSchemas, elementCounts, formatDifference } from "../support/compareSchemas.ts";
import { forEachCorpus, wantedIds } from "../support/corpora.ts";
import { inconsistencies } from "../support/inconsistencies.ts";
import type { PostgresMajor } from "../support/postgres.ts";
import { prisma6Sample, prismaSamples } from "../support/prismaSchemas.ts";
import { replay } from "../support/replay.ts";
import { crm, crmLegacy } from "../support/samples.ts";
import { createScript, type SchemaFile } from "../support/schemaEngine.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/**
 * `fromPrisma` of a schema equals the catalog of a real PostgreSQL after the SQL that Prisma's own schema engine writes for
 * that schema. Prisma creates no views, so those are not compared; everything else is.
 *
 *     CORPUS=umami npx mocha test/truth/fromPrisma.test.ts
 */
describe("fromPrisma equals what the schema engine creates in PostgreSQL", function () {
  this.timeout(120_000);
  const wanted = wantedIds();
  const isWanted = (id: string): boolean => wanted === undefined || wanted.has(id);

  for (const { id, text } of prismaSamples.filter((sample) => isWanted(sample.id))) {
    const files = [{ uri: "file:///schema.prisma", text }];
    it(`${id} on PostgreSQL 15`, () => assertEqualToEngine(files, 15));
    it(`${id} on PostgreSQL 18`, () => assertEqualToEngine(files, 18));
  }
  if (isWanted(prisma6Sample.id)) it("a schema of Prisma 6", () => assertEqualToEngine([{ uri: "file:///schema.prisma", text: prisma6Sample.text }], 15, 6));

  for (const sample of [crm, crmLegacy].filter(({ name }) => isWanted(name))) {
    it(`the sample ${sample.name}`, () => assertEqualToEngine(sample.schema, 15, 6));
  }

  forEachCorpus((corpus) => {
    if (corpus.schemaFiles.length === 0) return;
    const files = (): readonly SchemaFile[] => corpus.schemaFiles.map((path) => ({ uri: path, text: readFileSync(path, "utf8") }));
    it(`the corpus ${corpus.id}`, () => assertEqualToEngine(files(), 15, 6, corpus.derivedSql === undefined ? undefined : readFileSync(corpus.derivedSql, "utf8")));
  });
});

/** The engine is Prisma 7's; with `prisma` below 7, connection URLs are overlooked. `derived` is its script, where that is kept. */
async function assertEqualToEngine(files: readonly SchemaFile[], postgres: PostgresMajor, prisma = 7, derived?: string): Promise<void> {
  await loadSqlParser();
  const script = `${extensionsFor(files)}${derived ?? (await createScript(files, prisma))}`;
  const truth = await replay({ id: "engine", corpus: undefined, files: [{ uri: "engine.sql", text: script }] }, await sharedPostgres(postgres));
  assert.deepEqual(truth.failures.map((failure) => `${failure.message}: ${failure.statement.text}`), []);
  const schema = fromPrisma(files.map(({ uri, text }) => parsePrisma(uri, text)), { major: prisma });
  assert.deepEqual(inconsistencies(schema), []);
  assert.ok((elementCounts(schema).get("column") ?? 0) > 1, "there is something to compare");
  const isDeclared = /^\s*extensions\s*=/m.test(files.map(({ text }) => text).join("\n"));
  const differences = compareSchemas(schema, truth.schema, { without: isDeclared ? ["view"] : ["view", "extension"], withoutFacts: ["index.valid"] });
  assert.equal(differences.map(formatDifference).join("\n"), "");
}

/** What a schema uses of them. */
const signsOfExtensions = { vector: /Unsupported\("vector/, citext: /@db\.Citext/, pg_trgm: /\bgin_trgm_ops\b/, btree_gin: /raw\("uuid_ops"\)/ };

/** Extensions whose types and operator classes a schema uses and that somebody else installs. */
function extensionsFor(files: readonly SchemaFile[]): string {
  const text = files.map((file) => file.text).join("\n");
  if (/^\s*extensions\s*=/m.test(text)) return "";
  return Object.entries(signsOfExtensions)
    .map(([extension, sign]) => (sign.test(text) ? `CREATE EXTENSION ${extension};\n` : ""))
    .join("");
}
