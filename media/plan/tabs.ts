/** A row of tabs: one tab stop, arrows choose. */
import { html } from "../shared/dom.ts";

export interface Tab {
  readonly name: string;
  readonly label: string;
}

let lists = 0;

export class TabList {
  readonly element: HTMLElement;
  readonly #id = `tabs-${++lists}`;
  readonly #panel: string;
  readonly #choose: (name: string) => void;
  #shown = "";

  /** `panel` is the id of what the tabs are for. */
  constructor(label: string, panel: string, choose: (name: string) => void) {
    this.#panel = panel;
    this.#choose = choose;
    this.element = html("div", { class: "tabs", role: "tablist", "aria-label": label });
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  idOf(name: string): string {
    return `${this.#id}-${name}`;
  }

  show(tabs: readonly Tab[], chosen: string): void {
    const shown = JSON.stringify([tabs, chosen]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren(...tabs.map((tab) => this.#tab(tab, tab.name === chosen)));
    if (hadFocus) this.element.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  #tab({ name, label }: Tab, isChosen: boolean): HTMLElement {
    const tab = html("button", { type: "button", role: "tab", id: this.idOf(name), "aria-selected": String(isChosen), "aria-controls": this.#panel, tabindex: isChosen ? 0 : -1, title: label }, label);
    tab.addEventListener("click", () => this.#choose(name));
    return tab;
  }

  #key(event: KeyboardEvent): void {
    const all = [...this.element.querySelectorAll<HTMLElement>("[role=tab]")];
    const at = all.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    all[to % all.length]?.click();
    event.preventDefault();
  }
}
