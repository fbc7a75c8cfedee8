/** A small form over the diagram: a new name. Enter does it, Escape leaves. */
import { html } from "../shared/dom.ts";
import type { Point } from "./viewport.ts";

export function askForName(back: HTMLElement, at: Point, name: string, done: (name: string) => void): void {
  const input = html("input", { type: "text", "aria-label": `New name of ${name}`, spellcheck: "false", autocomplete: "off" });
  input.value = name;
  open(back, at, "Rename", [input], () => {
    const to = input.value.trim();
    if (to !== "" && to !== name) done(to);
  });
  input.select();
}

function open(back: HTMLElement, at: Point, label: string, fields: readonly HTMLElement[], done: () => void): void {
  const form = html("form", { class: "form", "aria-label": label }, ...fields, html("button", { type: "submit" }, label));
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    form.remove();
    back.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    done();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    event.stopPropagation();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (isOpen && !(relatedTarget instanceof Node && form.contains(relatedTarget))) close();
  });
  document.body.append(form);
  form.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - form.offsetWidth - 4))}px`;
  form.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - form.offsetHeight - 4))}px`;
  fields[0]?.focus();
}
