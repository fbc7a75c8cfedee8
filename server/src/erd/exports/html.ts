/**
 * A diagram as one HTML file that needs nothing else: the picture, which can be searched, zoomed and moved, and the same
 * content as tables for who cannot see it.
 *
 * Invariant: every name is text or the value of an attribute, escaped; the page's own policy runs no script and uses no
 * style but the two whose digests it has, and loads nothing.
 */
import type { ErdColumn, ErdDiagram, ErdRelation, ErdTable } from "../../../../protocol/src/erd.ts";
import { arrange } from "../layout/arrange.ts";
import { dark, light, type Palette, styleOf } from "../palette.ts";
import { classes, node, type PictureNode } from "../picture/node.ts";
import { everything } from "../picture/options.ts";
import { render } from "../picture/render.ts";
import { type SvgOptions, textOf } from "../svg.ts";
import { htmlScript } from "./htmlScript.ts";
import { changeNotes, shownName } from "./words.ts";

/** SHA-256 of a text in UTF-8, in Base64. */
export type Digest = (text: string) => string;

export function htmlOf(diagram: ErdDiagram, { palette, positions, ...options }: SvgOptions, digest: Digest): string {
  const colours = palette === "dark" ? dark : light;
  const style = styleOf(colours) + pageStyle(colours);
  const picture = render(diagram, arrange(diagram, positions), { ...everything, ...options });
  const policy = `default-src 'none'; script-src 'sha256-${digest(htmlScript)}'; style-src 'sha256-${digest(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${textOf(node("title", {}, [diagram.title]))}
<style>${style}</style>
</head>
<body>
${textOf(bar(diagram))}
<main>
<div class="stage" tabindex="0" role="application" aria-label="Diagram: arrow keys move, plus and minus zoom, 0 shows all, slash searches">
${textOf(picture)}
</div>
${textOf(contents(diagram))}
</main>
<script>${htmlScript}</script>
</body>
</html>
`;
}

function bar({ title, tables, relations }: ErdDiagram): PictureNode {
  const counts = `${tables.length} tables and views, ${relations.filter(({ kind }) => kind === "foreignKey" || kind === "manyToMany").length} relations`;
  const button = (does: string, label: string, sign: string): PictureNode => node("button", { type: "button", "data-does": does, "aria-label": label }, [sign]);
  return node("header", {}, [
    node("h1", {}, [title]),
    node("p", {}, [counts]),
    node("label", {}, ["Search ", node("input", { type: "search", autocomplete: "off" })]),
    node("output", { "aria-live": "polite" }, [""]),
    button("in", "Zoom in", "+"),
    button("out", "Zoom out", "−"),
    button("fit", "Show all", "All"),
  ]);
}

function contents({ tables, enums, relations }: ErdDiagram): PictureNode {
  const leaving = new Map<string, ErdRelation[]>();
  for (const relation of relations) leaving.set(relation.from.table, [...(leaving.get(relation.from.table) ?? []), relation]);
  return node("details", {}, [
    node("summary", {}, ["The same as a list"]),
    ...tables.map((table) => tableSection(table, leaving.get(table.key) ?? [])),
    ...enums.map((each) =>
      node("section", { class: classes("listed", each.change) }, [node("h2", {}, [heading(each)]), listOf(each.values)]),
    ),
  ]);
}

function tableSection(table: ErdTable, relations: readonly ErdRelation[]): PictureNode {
  const head = ["Column", "Type", "Key", "Null", "Default", "About"].map((title) => node("th", { scope: "col" }, [title]));
  return node("section", { class: classes("listed", table.change) }, [
    node("h2", {}, [heading(table)]),
    ...(table.comment === undefined ? [] : [node("p", {}, [table.comment])]),
    node("table", {}, [node("thead", {}, [node("tr", {}, head)]), node("tbody", {}, ["", ...table.columns.map(columnRow)])]),
    ...(relations.length === 0 ? [] : [listOf(relations.map(({ accessibleName }) => accessibleName))]),
    ...(table.findings.length === 0 ? [] : [listOf(table.findings.map(({ severity, message }) => `${severity}: ${message}`))]),
  ]);
}

/** An element without children has an empty text: HTML has no other way to end one. */
function listOf(items: readonly string[]): PictureNode {
  return node("ul", {}, ["", ...items.map((item) => node("li", {}, [item]))]);
}

function columnRow(column: ErdColumn): PictureNode {
  const marks = [...(column.primaryKey ? ["primary key"] : []), ...(column.foreignKey ? ["foreign key"] : []), ...(column.unique && !column.primaryKey ? ["unique"] : [])];
  const cells = [column.type, marks.join(", "), column.nullable ? "yes" : "no", column.default ?? "", [...changeNotes(column), column.comment ?? ""].filter((part) => part !== "").join(", ")];
  return node("tr", {}, [node("th", { scope: "row" }, [seen(column.name)]), ...cells.map((cell) => node("td", {}, [cell]))]);
}

function heading(box: Parameters<typeof shownName>[0] & { readonly change?: string }): string {
  const name = seen(shownName(box));
  return box.change === undefined ? name : `${name} (${box.change})`;
}

/** A name of nothing but spaces in quotes. */
function seen(name: string): string {
  return name.trim() === "" ? JSON.stringify(name) : name;
}

function pageStyle(p: Palette): string {
  return [
    `*{box-sizing:border-box}html,body{height:100%;margin:0}body{display:flex;flex-direction:column;background:${p.paper};color:${p.ink};font:14px/1.5 system-ui,sans-serif}`,
    `header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.5rem 1rem;border-bottom:1px solid ${p.line}}h1{font-size:1rem;margin:0}header p{margin:0;color:${p.quiet}}`,
    `input,button{font:inherit;color:inherit;background:${p.raised};border:1px solid ${p.edge};border-radius:4px;padding:.2rem .6rem;min-width:2.2rem}output{min-width:12rem}`,
    `:focus-visible{outline:2px solid ${p.accent};outline-offset:1px}`,
    "main{flex:1;min-height:0;overflow:auto}.stage{height:100%;touch-action:none;cursor:grab;overflow:hidden}.stage:active{cursor:grabbing}.stage svg{display:block;width:100%;height:100%}",
    "details{padding:1rem}summary{cursor:pointer}h2{font-size:1rem;margin:1.5rem 0 .25rem}",
    `table{border-collapse:collapse}th,td{text-align:start;padding:.15rem .75rem .15rem 0;border-bottom:1px solid ${p.line};vertical-align:top;font-weight:400}thead th{color:${p.quiet}}tbody th{font-weight:600}`,
  ].join("");
}
