/** Diagrams as PDF, read by Poppler, which is what reads them in most of Linux. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installWithApt } from "../../../scripts/support/apt.ts";
import { findOnPath, run } from "../../../scripts/support/command.ts";
import type { ErdDiagram } from "../../../protocol/src/erd.ts";
import { boxesOf } from "../../../server/src/erd/picture/boxes.ts";
import { pdfOf } from "../../../server/src/erd/pdf/pdf.ts";
import { svgOf } from "../../../server/src/erd/svg.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { diagramFont } from "../../../server/src/workspace/diagramFont.ts";
import { prismaSchema } from "../../../bench/generateSchema.ts";
import { prismaDiagram, sqlDiagram } from "../../support/diagrams.ts";
import { hostileSql } from "../../support/hostileNames.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const scripts = `CREATE TABLE "Ärger" (id int PRIMARY KEY, "größe" int);
CREATE TABLE "заказы" (id int PRIMARY KEY, "Σύνολο" numeric(12,2), "Ärger" int REFERENCES "Ärger" ON DELETE CASCADE);
CREATE TABLE "注文" (id int PRIMARY KEY, "🎉" text);`;

describe("A diagram as PDF", function () {
  this.timeout(120_000);

  let folder: string;
  before(async () => {
    await loadSqlParser();
    folder = temporaryFolder({});
    if (findOnPath("pdftotext") === undefined) assert.ok(await installWithApt(["poppler-utils"]), "Poppler is needed: apt-get install poppler-utils");
  });

  async function written(diagram: ErdDiagram): Promise<{ readonly path: string; readonly shapeless: readonly string[] }> {
    const { bytes, shapeless } = pdfOf(diagram, { palette: "light", font: await diagramFont() });
    const path = join(folder, `${diagram.tables.length}.pdf`);
    writeFileSync(path, bytes);
    return { path, shapeless };
  }
  /** What can be searched for, in the order in which it was drawn. */
  const textIn = async (path: string): Promise<string> => run("pdftotext", ["-raw", path, "-"], { output: "quiet" });

  it("is a page of the diagram's size, with its font inside", async () => {
    const diagram = sqlDiagram(scripts, "shop");
    const { path } = await written(diagram);
    const facts = await run("pdfinfo", [path], { output: "quiet" });
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svgOf(diagram, { palette: "light" })) ?? [];
    const [, across, down] = /Page size: +([\d.]+) x ([\d.]+)/.exec(facts) ?? [];
    assert.deepEqual([across, down].map(Number), [width, height].map((pixels) => Number(pixels) * 0.75));
    assert.match(facts, /Title: +shop\n/);
    assert.match(await run("pdffonts", [path], { output: "quiet" }), /DejaVuSans +CID TrueType +Identity-H +yes yes yes/);
  });

  it("holds every name as text, in whatever script, and says which have no shape", async () => {
    const { path, shapeless } = await written(sqlDiagram(scripts));
    const text = await textIn(path);
    for (const name of ["Ärger", "größe", "заказы", "Σύνολο", "注文", "🎉", "numeric(12,2)", "cascade"]) assert.ok(text.includes(name), `${name} is not in ${text}`);
    assert.deepEqual(shapeless, ["注文", "🎉"]);
  });

  it("holds hostile names as text", async () => {
    const { path } = await written(sqlDiagram(hostileSql));
    assert.ok((await textIn(path)).includes("<script>"));
  });

  it("is a picture", async () => {
    const { path } = await written(sqlDiagram(scripts));
    await run("pdftoppm", ["-r", "50", "-gray", "-singlefile", path, join(folder, "page")], { output: "quiet" });
    const image = readFileSync(join(folder, "page.pgm"));
    const dark = image.filter((shade) => shade < 128).length;
    assert.ok(dark > 200 && dark < image.length / 5, `${dark} dark pixels of ${image.length}`);
  });

  it("has all of a thousand tables on one page that readers take", async () => {
    const diagram = prismaDiagram(prismaSchema(1000));
    const { path } = await written(diagram);
    const facts = await run("pdfinfo", [path], { output: "quiet" });
    const [, across, down] = /Page size: +([\d.]+) x ([\d.]+)/.exec(facts) ?? [];
    assert.ok(Number(across) <= 14_400 && Number(down) <= 14_400, facts);
    const text = await textIn(path);
    for (const { name } of diagram.tables) assert.ok(text.includes(name), `${name} is missing`);
    assert.equal(boxesOf(diagram).size, diagram.tables.length + diagram.enums.length);
  });
});
