/** The row above the plan: explain and run, the database, how the plan is drawn, saving. */
import type { PlanMeasure, PlanView } from "../../protocol/src/plan.ts";
import { html, realise } from "../shared/dom.ts";
import type { ViewState } from "./state.ts";
import { measureNames } from "./wording.ts";

export interface ToolbarActions {
  explain(analyze: boolean): void;
  cancel(): void;
  target(): void;
  save(): void;
  reveal(): void;
  picture(picture: ViewState["picture"]): void;
  measure(measure: PlanMeasure): void;
  statement(at: number): void;
}

export interface ToolbarLook {
  readonly picture: ViewState["picture"];
  readonly measure: PlanMeasure;
  readonly measures: readonly PlanMeasure[];
  readonly statement: number;
  readonly isPair: boolean;
}

const pictures: readonly (readonly [ViewState["picture"], string, string])[] = [
  ["tree", "Tree", "M2 3h5M5 8h6M5 13h6M3.5 3v10H5M3.5 8H5"],
  ["icicle", "Icicle", "M2 3h12v3H2zM2 6h7v3H2zM9 6h5v3H9zM2 9h4v4H2z"],
  ["table", "Table", "M2 3h12v10H2zM2 6.5h12M2 10h12M6 3v10"],
];

export class Toolbar {
  readonly element: HTMLElement;
  readonly #actions: ToolbarActions;
  readonly #explain = labelled("Explain", "The plan, without running the query", "M5 3.5v9l7-4.5z");
  readonly #run = labelled("Explain Analyze", "Runs the query, in a transaction that is rolled back", "M9 2 4 9h4l-1 5 5-7H8z");
  readonly #cancel = labelled("Cancel", "Stops it on the server", "M4 4h8v8H4z");
  readonly #target = html("button", { type: "button", class: "target", title: "The database to explain on" });
  readonly #statements = html("select", { class: "statements", "aria-label": "Statement" });
  readonly #pictures: readonly { readonly name: ViewState["picture"]; readonly button: HTMLButtonElement }[];
  readonly #measures = html("select", { class: "measures", "aria-label": "Measure of the bars" });
  readonly #reveal = iconButton("Go to the query", "M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5");
  readonly #save = iconButton("Save or copy the plan", "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11");

  constructor(actions: ToolbarActions) {
    this.#actions = actions;
    this.#pictures = pictures.map(([name, label, icon]) => {
      const button = iconButton(label, icon);
      button.addEventListener("click", () => actions.picture(name));
      return { name, button };
    });
    this.#explain.addEventListener("click", () => actions.explain(false));
    this.#run.addEventListener("click", () => actions.explain(true));
    this.#cancel.addEventListener("click", () => actions.cancel());
    this.#target.addEventListener("click", () => actions.target());
    this.#reveal.addEventListener("click", () => actions.reveal());
    this.#save.addEventListener("click", () => actions.save());
    this.#measures.addEventListener("change", () => this.#chooseMeasure());
    this.#statements.addEventListener("change", () => actions.statement(this.#statements.selectedIndex));
    this.element = html(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Plan" },
      this.#explain,
      this.#run,
      this.#cancel,
      this.#target,
      this.#statements,
      html("span", { class: "gap" }),
      this.#measures,
      html("div", { class: "group", role: "group", "aria-label": "Picture" }, ...this.#pictures.map(({ button }) => button)),
      this.#reveal,
      this.#save,
    );
  }

  show(view: PlanView, { picture, measure, measures, statement, isPair }: ToolbarLook): void {
    const { target, can, activity, statements } = view;
    this.#explain.hidden = !can.explain || activity !== undefined;
    this.#run.hidden = !can.explain || activity !== undefined;
    this.#cancel.hidden = activity === undefined;
    this.#target.hidden = target.kind === "text";
    this.#target.replaceChildren(drawing("M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2ZM3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"), html("span", {}, html("span", { class: "visually-hidden" }, "Database: "), target.label), ...(target.environment === undefined ? [] : [html("span", { class: `environment ${target.environment}` }, target.environment)]));
    this.#reveal.hidden = !can.reveal;
    this.#save.disabled = statements[statement]?.plans.length === 0;
    for (const { name, button } of this.#pictures) {
      button.setAttribute("aria-pressed", String(name === picture && !isPair));
      button.disabled = isPair;
    }
    this.#measures.replaceChildren(...measures.map((each) => html("option", { value: each, selected: each === measure }, measureNames[each])));
    this.#measures.hidden = measures.length < 2;
    this.#statements.replaceChildren(...statements.map(({ text }, at) => html("option", { selected: at === statement }, `${at + 1} of ${statements.length}: ${text.replaceAll(/\s+/g, " ").slice(0, 60)}`)));
    this.#statements.hidden = statements.length < 2;
  }

  #chooseMeasure(): void {
    const chosen = this.#measures.value;
    if (chosen === "time" || chosen === "cost" || chosen === "rows" || chosen === "buffers") this.#actions.measure(chosen);
  }
}

function drawing(path: string): Element {
  return realise({ tag: "svg", attributes: { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "icon" }, children: [{ tag: "path", attributes: { d: path } }] });
}

function iconButton(label: string, icon: string): HTMLButtonElement {
  return html("button", { type: "button", class: "iconButton", title: label, "aria-label": label }, drawing(icon));
}

function labelled(label: string, title: string, icon: string): HTMLButtonElement {
  return html("button", { type: "button", class: "labelled", title }, drawing(icon), html("span", {}, label));
}
