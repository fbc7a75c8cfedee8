/** The diagram as a list, for those who cannot see it or would rather read: every table with its columns and relations. */
import type { ErdDiagram, ErdRelation, ErdTable, ErdTarget } from "../../protocol/src/erd.ts";
import { html } from "../shared/dom.ts";
import { typeText } from "../../server/src/erd/picture/boxes.ts";

export interface ListActions {
  /** Brings it into sight in the diagram. */
  select(target: ErdTarget): void;
  reveal(target: ErdTarget): void;
}

export class TableList {
  readonly element: HTMLElement;
  readonly #actions: ListActions;
  readonly #open = new Set<string>();
  /** Undefined while it is closed. */
  #shown: { readonly diagram: ErdDiagram; readonly hidden: string } | undefined;

  constructor(actions: ListActions) {
    this.#actions = actions;
    this.element = html("section", { class: "list", "aria-label": "Table list", tabindex: 0, hidden: true });
  }

  /** Built only while it is open, and again only when there is something else in it: who reads it keeps their place. */
  show(diagram: ErdDiagram, hidden: ReadonlySet<string>, isOpen: boolean): void {
    this.element.hidden = !isOpen;
    const shown = isOpen ? { diagram, hidden: [...hidden].join("\n") } : undefined;
    if (shown?.diagram === this.#shown?.diagram && shown?.hidden === this.#shown?.hidden) return;
    this.#shown = shown;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-name") : undefined;
    this.#build(diagram, hidden, isOpen);
    if (focused !== undefined && focused !== null) [...this.element.querySelectorAll("button")].find((button) => button.getAttribute("data-name") === focused)?.focus();
  }

  #build(diagram: ErdDiagram, hidden: ReadonlySet<string>, isOpen: boolean): void {
    if (!isOpen) return this.element.replaceChildren();
    const tables = diagram.tables.filter(({ key }) => !hidden.has(key));
    const enums = diagram.enums.filter(({ key }) => !hidden.has(key));
    const relations = relationsByTable(diagram.relations);
    this.element.replaceChildren(
      html("h2", {}, `${tables.length} ${tables.length === 1 ? "table" : "tables"}`),
      html("ul", {}, ...tables.map((table) => this.#entry(table.key, table.accessibleName, { kind: "table", key: table.key }, () => this.#contentOf(table, relations.get(table.key) ?? [])))),
      ...(enums.length === 0 ? [] : [html("h2", {}, `${enums.length} ${enums.length === 1 ? "enum" : "enums"}`)]),
      ...(enums.length === 0 ? [] : [html("ul", {}, ...enums.map((each) => this.#entry(each.key, each.accessibleName, { kind: "enum", key: each.key }, () => [plainList(each.values)])))]),
    );
  }

  #entry(key: string, label: string, target: ErdTarget, content: () => readonly HTMLElement[]): HTMLElement {
    const isOpen = this.#open.has(key);
    const details = html("div", { class: "content", hidden: !isOpen }, ...(isOpen ? content() : []));
    const toggle = html("button", { type: "button", class: "entry", "aria-expanded": String(isOpen), "data-name": JSON.stringify(target) }, label);
    toggle.addEventListener("click", () => {
      const opens = details.hidden;
      if (opens) this.#open.add(key);
      else this.#open.delete(key);
      details.replaceChildren(...(opens ? content() : []));
      details.hidden = !opens;
      toggle.setAttribute("aria-expanded", String(opens));
      this.#actions.select(target);
    });
    toggle.addEventListener("dblclick", () => this.#actions.reveal(target));
    return html("li", {}, toggle, details);
  }

  #contentOf(table: ErdTable, relations: readonly ErdRelation[]): readonly HTMLElement[] {
    const reveal = html("button", { type: "button", class: "link" }, "Go to definition");
    reveal.addEventListener("click", () => this.#actions.reveal({ kind: "table", key: table.key }));
    const columns = table.columns.map((column) => {
      const facts = [column.primaryKey && "primary key", column.foreignKey && "foreign key", column.unique && !column.primaryKey && "unique"].filter((fact) => fact !== false);
      const label = [column.name, typeText(column), ...facts, ...(column.personalData === undefined ? [] : [`personal data: ${column.personalData.what}`])].filter((part) => part !== "").join(", ");
      return { label, target: { kind: "table", key: table.key, column: column.name } } as const;
    });
    return [
      reveal,
      ...(columns.length === 0 ? [] : [html("h3", {}, "Columns"), this.#choices(columns)]),
      ...(relations.length === 0 ? [] : [html("h3", {}, "Relations"), this.#choices(relations.map(({ key, accessibleName }) => ({ label: accessibleName, target: { kind: "relation", key } })))]),
      ...(table.findings.length === 0 ? [] : [html("h3", {}, "Findings"), plainList(table.findings.map(({ severity, message }) => `${severity}: ${message}`))]),
    ];
  }

  /** Each selects what it names, as a click in the diagram does. */
  #choices(choices: readonly { readonly label: string; readonly target: ErdTarget }[]): HTMLElement {
    const items = choices.map(({ label, target }) => {
      const button = html("button", { type: "button", class: "part", "data-name": `part ${JSON.stringify(target)}` }, label);
      button.addEventListener("click", () => this.#actions.select(target));
      return html("li", {}, button);
    });
    return html("ul", { class: "plain" }, ...items);
  }
}

function plainList(lines: readonly string[]): HTMLElement {
  return html("ul", { class: "plain" }, ...lines.map((line) => html("li", {}, line)));
}

function relationsByTable(relations: readonly ErdRelation[]): ReadonlyMap<string, readonly ErdRelation[]> {
  const byTable = new Map<string, ErdRelation[]>();
  for (const relation of relations)
    for (const key of new Set([relation.from.table, relation.to.table])) byTable.set(key, [...(byTable.get(key) ?? []), relation]);
  return byTable;
}
