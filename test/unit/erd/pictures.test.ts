/** Pictures as they should look: one SVG for each case under test/fixtures/erd. `UPDATE_GOLDENS=1` writes them anew; look at what changed. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { svgOf } from "../../../server/src/erd/svg.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { pictureCases, sqlDiagram } from "../../support/diagrams.ts";

const folder = join(import.meta.dirname, "../../fixtures/erd");

describe("pictures of diagrams", () => {
  before(loadSqlParser);

  for (const { id, diagram } of pictureCases) {
    it(`are as they were: ${id}`, () => {
      const svg = svgOf(diagram(), { palette: "light" });
      const file = join(folder, `${id}.svg`);
      if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, svg);
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE_GOLDENS=1 and look at it.`);
      assert.equal(svg, readFileSync(file, "utf8"));
    });
  }

  it("has no picture that no case draws", () => {
    assert.deepEqual(readdirSync(folder).sort(), pictureCases.map(({ id }) => `${id}.svg`).sort());
  });

  it("let no name become markup", () => {
    const svg = svgOf(
      sqlDiagram('CREATE TABLE "<img src=x onerror=alert(1)>" (id int PRIMARY KEY, "</text><script>" text);', "]]></title><script>"),
      { palette: "dark" },
    );
    assert.doesNotMatch(svg, /<img|<script|onerror=alert\(1\)>/);
    assert.match(svg, /&lt;img src=x onerror=alert\(1\)&gt;/);
  });

  it("hold nothing from elsewhere: no address but the namespace, no script, no import", () => {
    for (const { diagram } of pictureCases) {
      const svg = svgOf(diagram(), { palette: "dark" });
      assert.deepEqual(new Set(svg.match(/https?:[^"'\s)<]*/g)), new Set(["http://www.w3.org/2000/svg"]));
      assert.doesNotMatch(svg, /<script|@import|url\(|href/);
    }
  });

  it("say of nothing why there is nothing", () => {
    assert.match(svgOf(sqlDiagram(""), { palette: "light" }), /There are no tables, views or enums to draw\./);
  });

  it("leave out what is hidden, and what ends there", () => {
    const diagram = sqlDiagram("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);");
    const svg = svgOf(diagram, { palette: "light", hidden: new Set(["public.a"]) });
    assert.match(svg, /data-key="public\.b"/);
    assert.doesNotMatch(svg, /data-key="public\.a"|class="relation /);
  });

  it("draw less at lower levels of detail, at the same places", () => {
    const diagram = sqlDiagram("CREATE TABLE a (id int PRIMARY KEY, plain text);");
    const [names, keys, columns] = (["names", "keys", "columns"] as const).map((detail) => svgOf(diagram, { palette: "light", detail }));
    assert.match(columns ?? "", />plain</);
    assert.doesNotMatch(keys ?? "", />plain</);
    assert.match(keys ?? "", />id</);
    assert.doesNotMatch(names ?? "", />id</);
    const box = /<rect class="body"[^>]*>/;
    assert.equal(box.exec(names ?? "")?.[0], box.exec(columns ?? "")?.[0]);
  });
});
