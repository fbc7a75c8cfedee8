/** The row above the diagram: search, zoom, what is shown, exports. */
import { html, realise } from "../shared/dom.ts";
import type { Match } from "./search.ts";

export interface ToolbarActions {
  search(typed: string): readonly Match[];
  choose(match: Match): void;
  zoom(factor: number): void;
  fit(): void;
  arrange(): void;
  view(from: HTMLElement): void;
  exports(from: HTMLElement): void;
  list(): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #results: HTMLElement;
  readonly #list: HTMLButtonElement;
  readonly #actions: ToolbarActions;
  #matches: readonly Match[] = [];
  #active = 0;

  constructor(actions: ToolbarActions) {
    this.#actions = actions;
    this.#input = html("input", {
      type: "text",
      class: "search",
      placeholder: "Find a table or column",
      "aria-label": "Find a table or column",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "matches",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
    });
    this.#results = html("div", { id: "matches", class: "matches", role: "listbox", "aria-label": "Matches", hidden: true });
    this.#list = button("Table list", icons.list, () => actions.list());
    this.#list.setAttribute("aria-pressed", "false");
    const view = button("What is shown", icons.eye, () => actions.view(view), true);
    const exporting = button("Export", icons.save, () => actions.exports(exporting), true);
    this.element = html(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Diagram" },
      html("div", { class: "searching" }, this.#input, this.#results),
      button("Zoom out", icons.minus, () => actions.zoom(1 / 1.25)),
      button("Zoom in", icons.plus, () => actions.zoom(1.25)),
      button("Fit the diagram", icons.fit, () => actions.fit()),
      button("Arrange anew", icons.arrange, () => actions.arrange()),
      view,
      this.#list,
      exporting,
    );
    this.#listen();
  }

  focusSearch(): void {
    this.#input.focus();
    this.#input.select();
  }

  setListOpen(isOpen: boolean): void {
    this.#list.setAttribute("aria-pressed", String(isOpen));
  }

  #listen(): void {
    this.#input.addEventListener("input", () => this.#find());
    this.#input.addEventListener("focus", () => this.#find());
    this.#input.addEventListener("blur", () => this.#close());
    this.#input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined && this.#matches.length > 0) {
        this.#active = (this.#active + step + this.#matches.length) % this.#matches.length;
        this.#draw();
      } else if (event.key === "Enter") {
        const match = this.#matches[this.#active];
        if (match !== undefined) this.#choose(match);
      } else if (event.key === "Escape") {
        this.#input.value = "";
        this.#close();
      } else return;
      event.preventDefault();
    });
  }

  #find(): void {
    this.#matches = this.#actions.search(this.#input.value);
    this.#active = 0;
    this.#draw();
  }

  #draw(): void {
    const isNothing = this.#input.value.trim() !== "" && this.#matches.length === 0;
    const isOpen = this.#matches.length > 0;
    this.#results.hidden = !isOpen && !isNothing;
    this.#input.setAttribute("aria-expanded", String(isOpen));
    this.#results.setAttribute("role", isOpen ? "listbox" : "status");
    this.#results.replaceChildren(...(isNothing ? [html("p", {}, "Nothing is called that.")] : this.#matches.map((match, i) => this.#option(match, i))));
    if (isOpen) this.#input.setAttribute("aria-activedescendant", `match-${this.#active}`);
    else this.#input.removeAttribute("aria-activedescendant");
    this.#results.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #option(match: Match, at: number): HTMLElement {
    const option = html("div", { id: `match-${at}`, role: "option", "aria-selected": String(at === this.#active) }, match.label);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the input keeps the focus until it is chosen
      this.#choose(match);
    });
    return option;
  }

  #choose(match: Match): void {
    this.#close();
    this.#actions.choose(match);
  }

  #close(): void {
    this.#matches = [];
    this.#results.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}

/** Paths in a square of 16. */
const icons = {
  minus: "M3 8h10",
  plus: "M3 8h10M8 3v10",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4M5 5h6v6H5z",
  arrange: "M2 2h4v4H2zM10 2h4v4h-4zM6 10h4v4H6zM4 6v2h8V6M8 8v2",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  list: "M2 4h1.5M2 8h1.5M2 12h1.5M6 4h8M6 8h8M6 12h8",
  save: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
};

function button(label: string, icon: string, run: () => void, hasMenu = false): HTMLButtonElement {
  const drawing = realise({ tag: "svg", attributes: { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "icon" }, children: [{ tag: "path", attributes: { d: icon } }] });
  const made = html("button", { type: "button", title: label, "aria-label": label, "aria-haspopup": hasMenu ? "menu" : undefined }, drawing);
  made.addEventListener("click", run);
  return made;
}
