/** A menu at a place: arrow keys move, Enter chooses, Escape leaves. One at a time. */
import { html } from "../shared/dom.ts";

export interface MenuItem {
  readonly label: string;
  /** For what is on or off. */
  readonly checked?: boolean;
  readonly isSeparate?: boolean;
  /** Stays open after it, to switch several. */
  readonly stays?: boolean;
  run(): void;
}

let close = (): void => undefined;

/** `items` is asked again after an item that stays. Focus goes back to `from` when the menu closes. */
export function openMenu(label: string, at: { readonly x: number; readonly y: number }, from: HTMLElement, items: () => readonly MenuItem[]): void {
  close();
  const menu = html("div", { class: "menu", role: "menu", "aria-label": label });
  const fill = (focused: number): void => {
    menu.replaceChildren(...items().map((item, i) => itemElement(item, () => {
      if (item.stays !== true) close();
      item.run();
      if (item.stays === true) fill(i);
    })));
    buttons(menu)[focused]?.focus();
  };
  const leave = (event: Event): void => {
    if (!(event.target instanceof Node && menu.contains(event.target))) close();
  };
  const opened = document.activeElement;
  close = (): void => {
    close = () => undefined;
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    document.removeEventListener("pointerdown", leave, true);
    window.removeEventListener("blur", leave);
    if (hadFocus) (opened instanceof HTMLElement && opened !== document.body ? opened : from).focus();
  };
  menu.addEventListener("keydown", (event) => {
    const all = buttons(menu);
    const current = all.findIndex((button) => button === document.activeElement);
    const to = { ArrowDown: current + 1, ArrowUp: current - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[to % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  fill(0);
  const room = { x: window.innerWidth - menu.offsetWidth - 4, y: window.innerHeight - menu.offsetHeight - 4 };
  menu.style.left = `${Math.max(4, Math.min(at.x, room.x))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, room.y))}px`;
  document.addEventListener("pointerdown", leave, true);
  window.addEventListener("blur", leave);
}

function itemElement({ label, checked, isSeparate }: MenuItem, run: () => void): HTMLElement {
  const button = html(
    "button",
    { type: "button", class: isSeparate === true ? "separate" : undefined, role: checked === undefined ? "menuitem" : "menuitemcheckbox", "aria-checked": checked === undefined ? undefined : String(checked), tabindex: -1 },
    html("span", { class: "check", "aria-hidden": "true" }, checked === true ? "✓" : ""),
    label,
  );
  button.addEventListener("click", run);
  return button;
}

function buttons(menu: HTMLElement): readonly HTMLButtonElement[] {
  return [...menu.querySelectorAll("button")];
}
