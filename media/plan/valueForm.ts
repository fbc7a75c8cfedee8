/** Values of a query's parameters: typed, or chosen from what their columns hold. */
import type { PlanParameter, PlanSuggestion } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { percent } from "./figures.ts";
import { button } from "./insightList.ts";

export interface ValueActions {
  explain(values: readonly (string | null)[] | undefined, analyze: boolean): void;
}

export class ValueForm {
  readonly element = html("form", { class: "values" });
  readonly #actions: ValueActions;
  /** What was typed, by the parameters it was typed for. */
  #fields: readonly Field[] = [];
  #name = "";

  constructor(actions: ValueActions) {
    this.#actions = actions;
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#actions.explain(this.values(), false);
    });
  }

  /** Keeps what is being typed when the same parameters come again. */
  show(parameters: readonly PlanParameter[]): void {
    const name = JSON.stringify(parameters);
    if (name === this.#name) return;
    const typed = new Map(this.#fields.filter(({ isTouched }) => isTouched).map((field) => [field.number, field]));
    this.#name = name;
    this.#fields = parameters.map((parameter) => new Field(parameter, typed.get(parameter.number)));
    const generic = button("For No Values");
    generic.title = "The plan that a prepared statement may fall back to";
    generic.addEventListener("click", () => this.#actions.explain(undefined, false));
    const run = button("Run with These");
    run.addEventListener("click", () => this.#actions.explain(this.values(), true));
    this.element.replaceChildren(
      html("p", { class: "quiet" }, "A plan depends on values: a common one may need another plan than a rare one."),
      ...this.#fields.map((field) => field.element),
      html("div", { class: "buttons" }, html("button", { type: "submit", class: "primary" }, "Explain for These"), run, generic),
    );
  }

  /** For $1, $2, …. */
  values(): readonly (string | null)[] {
    const values: (string | null)[] = [];
    for (const field of this.#fields) values[field.number - 1] = field.value;
    return Array.from(values, (value) => value ?? null);
  }

  focus(): void {
    this.element.querySelector("input")?.focus();
  }
}

class Field {
  readonly element: HTMLElement;
  readonly number: number;
  readonly #input: HTMLInputElement;
  readonly #isNull: HTMLInputElement;
  isTouched = false;

  constructor({ number, name, type, column, value, suggestions }: PlanParameter, before: Field | undefined) {
    this.number = number;
    const id = `value-${number}`;
    const given = before?.value ?? value ?? (value === null ? null : suggestions[0]?.value);
    this.isTouched = before !== undefined;
    this.#input = html("input", { type: "text", id, autocomplete: "off", spellcheck: "false", value: given ?? "" });
    this.#isNull = html("input", { type: "checkbox", id: `${id}-null`, checked: given === null });
    this.#input.disabled = given === null;
    this.#isNull.addEventListener("change", () => {
      this.isTouched = true;
      this.#input.disabled = this.#isNull.checked;
    });
    this.#input.addEventListener("input", () => {
      this.isTouched = true;
    });
    const about = [column, type].filter((part) => part !== undefined).join(", ");
    const label = html("label", { for: id }, html("code", {}, name === undefined ? `$${number}` : `$${number} ${name}`), ...(about === "" ? [] : [html("span", { class: "quiet" }, ` ${about}`)]));
    const nullLabel = html("label", { for: `${id}-null`, class: "null" }, this.#isNull, "NULL");
    this.element = html("div", { class: "field" }, label, html("div", { class: "inputs" }, this.#input, nullLabel), html("div", { class: "chips" }, ...suggestions.map((each) => this.#chip(each))));
  }

  get value(): string | null {
    return this.#isNull.checked ? null : this.#input.value;
  }

  #chip({ value, kind, share }: PlanSuggestion): HTMLElement {
    const about = kind === "guess" ? "for example" : `${kind}${share === undefined ? "" : `, ${percent(share)}`}`;
    const chip = html("button", { type: "button", class: "chip" }, html("span", { class: "quiet" }, `${about}: `), html("code", {}, value === "" ? "''" : value));
    chip.addEventListener("click", () => {
      this.isTouched = true;
      this.#isNull.checked = false;
      this.#input.disabled = false;
      this.#input.value = value;
      this.#input.focus();
    });
    return chip;
  }
}
