/** What is selected, in a card at the edge: comment, findings, row-level security, size. */
import type { ErdDiagram, ErdRelation, ErdTable, ErdTarget } from "../../protocol/src/erd.ts";
import { html } from "../shared/dom.ts";
import type { Point, Size } from "./viewport.ts";

export interface DetailsActions {
  reveal(target: ErdTarget): void;
  explainRule(rule: string): void;
  close(): void;
}

const mostFindings = 6;

/** Whether a stage has no room for the card beside a table: it lies across then, over two fifths at most. */
export function isNarrow({ width }: Size): boolean {
  return width < 900;
}

export class Details {
  readonly element: HTMLElement;
  readonly #actions: DetailsActions;

  constructor(actions: DetailsActions) {
    this.#actions = actions;
    this.element = html("section", { class: "details", "aria-label": "Selection", hidden: true });
  }

  /** On the other side of what is selected, whose middle this is: to the left or right of it, above or below where there is little room. */
  keepClearOf(middle: Point, stage: Size): void {
    const isAcross = isNarrow(stage);
    this.element.classList.toggle("across", isAcross);
    this.element.classList.toggle("left", !isAcross && middle.x > stage.width / 2);
    this.element.classList.toggle("low", isAcross && middle.y <= stage.height / 2);
  }

  show(diagram: ErdDiagram, target: ErdTarget | undefined): void {
    const content = target === undefined ? undefined : this.#contentOf(diagram, target);
    this.element.hidden = content === undefined;
    this.element.replaceChildren(...(content ?? []));
  }

  #contentOf(diagram: ErdDiagram, target: ErdTarget): readonly HTMLElement[] | undefined {
    if (target.kind === "relation") {
      const relation = diagram.relations.find(({ key }) => key === target.key);
      return relation === undefined ? undefined : [this.#head(relation.name ?? "relation", target), ...relationFacts(relation)];
    }
    if (target.kind === "enum") {
      const found = diagram.enums.find(({ key }) => key === target.key);
      return found === undefined ? undefined : [this.#head(found.name, target), html("p", {}, found.values.join(", "))];
    }
    const table = diagram.tables.find(({ key }) => key === target.key);
    if (table === undefined) return undefined;
    return [this.#head(table.key, target), ...this.#tableFacts(table, target.column)];
  }

  #head(title: string, target: ErdTarget): HTMLElement {
    const open = html("button", { type: "button", class: "link" }, "Go to definition");
    open.addEventListener("click", () => this.#actions.reveal(target));
    const close = html("button", { type: "button", class: "close", "aria-label": "Close", title: "Close" }, "×");
    close.addEventListener("click", () => this.#actions.close());
    return html("header", {}, html("h2", {}, title), open, close);
  }

  #tableFacts(table: ErdTable, columnName: string | undefined): readonly HTMLElement[] {
    const facts: HTMLElement[] = [];
    const column = table.columns.find(({ name }) => name === columnName);
    if (table.prismaName !== undefined) facts.push(html("p", { class: "quiet" }, `${table.prismaName} in Prisma`));
    if (table.comment !== undefined) facts.push(html("p", {}, table.comment));
    if (column !== undefined) {
      const parts = [column.type, column.nullable ? "may be null" : "not null", ...(column.default === undefined ? [] : [`default ${column.default}`])];
      facts.push(html("h3", {}, column.name), html("p", {}, parts.filter((part) => part !== "").join(", ")));
      if (column.comment !== undefined) facts.push(html("p", {}, column.comment));
      if (column.personalData !== undefined) facts.push(html("p", {}, `Personal data: ${column.personalData.what}`));
    }
    const { enabled, forced, policies } = table.rowSecurity;
    if (enabled) facts.push(html("p", { class: "quiet" }, `Row-level security${forced ? ", forced" : ""}: ${policies.map(({ name, command }) => `${name} (${command})`).join(", ") || "no policy, so nobody reads a row"}`));
    if (table.size !== undefined) facts.push(html("p", { class: "quiet" }, `About ${table.size.rows.toLocaleString("en")} rows, ${Math.round(table.size.bytes / 1024).toLocaleString("en")} kB`));
    if (table.findings.length > 0) facts.push(this.#findings(table));
    return facts;
  }

  #findings({ findings }: ErdTable): HTMLElement {
    const shown = findings.slice(0, mostFindings).map(({ rule, severity, message }) => {
      const explain = html("button", { type: "button", class: "link" }, rule);
      explain.addEventListener("click", () => this.#actions.explainRule(rule));
      return html("li", {}, html("span", { class: `severity ${severity}` }, severity), ` ${message} `, explain);
    });
    const more = findings.length - shown.length;
    return html("ul", { class: "findings" }, ...shown, ...(more > 0 ? [html("li", { class: "quiet" }, `and ${more} more`)] : []));
  }
}

function relationFacts(relation: ErdRelation): readonly HTMLElement[] {
  const actions = relation.onDelete === undefined ? [] : [html("p", { class: "quiet" }, `on delete ${relation.onDelete.toLowerCase()}, on update ${(relation.onUpdate ?? "no action").toLowerCase()}`)];
  return [html("p", {}, relation.accessibleName), ...actions];
}
