/** Every format of a diagram, of every case that is hard to draw and of every corpus, taken apart by a reader of that format. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ErdDiagram, ErdTextFormat } from "../../protocol/src/erd.ts";
import { exportText } from "../../server/src/erd/exports/exportText.ts";
import { pdfOf } from "../../server/src/erd/pdf/pdf.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { diagramFont } from "../../server/src/workspace/diagramFont.ts";
import { digestOf } from "../../server/src/workspace/digest.ts";
import { run } from "../support/commandLine.ts";
import { type Corpus, corporaFolder, forEachCorpus } from "../support/corpora.ts";
import { dbmlTables, elementsOf, mermaidRelations, mermaidTables, readXml, type XmlElement } from "../support/diagramReaders.ts";
import { type PictureCase, pictureCases, sqlDiagram } from "../support/diagrams.ts";
import { hostileSql } from "../support/hostileNames.ts";
import { assertPdf } from "../support/pdfs.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const cases: readonly PictureCase[] = [...pictureCases, { id: "names that are code", diagram: () => sqlDiagram(hostileSql) }];

describe("a diagram in every format", function () {
  this.timeout(60_000);

  let font: Uint8Array;
  before(async () => {
    await loadSqlParser();
    font = await diagramFont();
  });

  for (const { id, diagram: made } of cases) {
    describe(`of ${id}`, () => {
      let diagram: ErdDiagram;
      before(() => {
        diagram = made();
      });
      const written = (format: ErdTextFormat): string => exportText(diagram, format, { palette: "light", digest: digestOf });

      it("is SVG with a box for each table, and each name as text", () => assertPicture(readXml(written("svg")), diagram));

      it("is HTML with that picture and the same as a list, and one script, which is its own", () => {
        const page = written("html");
        assertPicture(readXml(page.slice(page.indexOf("<svg"), page.indexOf("</svg>") + 6)), diagram);
        const body = readXml(page.slice(page.indexOf("<details"), page.indexOf("</details>") + 10));
        const headings = [...elementsOf(body)].filter(({ tag }) => tag === "h2").length;
        assert.equal(headings, diagram.tables.length + diagram.enums.length);
        assert.equal(page.match(/<script/g)?.length, 1);
      });

      it("is Mermaid, of which its parser makes the same tables, columns and relations", async () => {
        const text = written("mermaid");
        assert.deepEqual((await mermaidTables(text)).map(({ columns }) => columns), diagram.tables.map(({ columns }) => columns.length));
        assert.equal(await mermaidRelations(text), diagram.relations.filter(({ kind }) => kind !== "uses").length);
      });

      it("is DBML, of which its parser makes the same names and references", () => {
        const read = dbmlTables(written("dbml"));
        const tables = diagram.tables.filter(({ kind, columns }) => kind === "table" && columns.length > 0);
        assert.deepEqual(read.tables.map(({ name, columns }) => [name, columns]), tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
        assert.equal(read.references + read.doubled, diagram.relations.filter(({ kind }) => kind === "foreignKey" || kind === "manyToMany").length);
      });

      it("is PlantUML, no line of which a name could have begun", () => {
        const text = written("plantuml");
        for (const line of text.split("\n")) assert.match(line, plantumlLine, line);
        assert.equal(text.match(/^entity /gm)?.length ?? 0, diagram.tables.length);
      });

      it("is a PDF with a bookmark for each box", () => {
        const { bytes, shapeless } = pdfOf(diagram, { palette: "light", font });
        assertPdf(bytes);
        assert.equal(Buffer.from(bytes).toString("latin1").match(/\/XYZ /g)?.length ?? 0, diagram.tables.length + diagram.enums.length);
        assert.deepEqual(shapeless.filter((word) => word < "\u2000"), []);
      });
    });
  }

  describe("on the command line", () => {
    const formats = ["svg", "pdf", "mermaid", "dbml", "plantuml", "html"] as const;
    let folder: string;
    before(() => {
      folder = temporaryFolder({});
    });

    let turn = 0;
    forEachCorpus((corpus) => {
      // A format a corpus, in turn: what all of them share, reading and drawing, is what differs between corpora.
      const format = formats[turn++ % formats.length] ?? "svg";
      it(`is twice the same, of ${corpus.id} as ${format}`, async () => {
        const draw = async (path: string): Promise<Buffer> => {
          const { status, stdout, stderr } = await run(placeOf(corpus), "erd", "--format", format, "--output", join(folder, path));
          assert.equal(stdout, "");
          // Files that are templates of another tool have errors; that they are drawn all the same is said.
          assert.deepEqual([status, stderr.split("\n").filter((line) => line !== "" && !/ has (?:an error|\d+ errors): what it concerns may be missing\./.test(line))], [stderr === "" ? 0 : 1, []]);
          return readFileSync(join(folder, path));
        };
        const first = await draw(`1.${format}`);
        if (format === "svg") readXml(first.toString());
        if (format === "pdf") assertPdf(first);
        assert.ok(first.equals(await draw(`2.${format}`)), "the same schema, other bytes");
      });
    });
  });
});

/** Where there is one project: beside some schemas lies the SQL that was derived from them. */
/** Of several schemas beside each other, the first. */
function placeOf({ folder, kind, schemaFiles: [schema], sqlFiles: [sql, ...others] }: Corpus): string {
  if (schema !== undefined) return dirname(schema);
  return sql === undefined ? corporaFolder : kind === "sql-schema" && others.length > 0 ? join(folder, sql) : folder;
}

const plantumlLine = /^(@startuml|@enduml|title |hide |skinparam |entity "[^"]*" as \w+( <<[\w ]+>>)* \{$|enum "[^"]*" as \w+ \{$| {2}\{field\} | {2}--$|\}$|$|\w+ (?:[|}][|o]--[|o][|{]|\.\.>) \w+( : |$))/;

function assertPicture(svg: XmlElement, diagram: ErdDiagram): void {
  assert.equal(svg.tag, "svg");
  const elements = [...elementsOf(svg)];
  for (const { tag, attributes } of elements) {
    assert.match(tag, /^(?:svg|g|path|rect|circle|line|text|tspan|title|style)$/);
    for (const name of attributes.keys()) assert.doesNotMatch(name, /^on|href/i);
  }
  const keys = elements.filter(({ attributes }) => /\b(?:box|enum)\b/.test(attributes.get("class") ?? "")).map(({ attributes }) => attributes.get("data-key"));
  const asXml = (key: string): string => key.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
  assert.deepEqual([...new Set(keys)].sort(), [...diagram.tables, ...diagram.enums].map(({ key }) => asXml(key)).sort());
  for (const { name } of diagram.tables) assert.ok(svg.text.includes(name.slice(0, 10)), name);
}
