/** Small forms over the diagram: a new name, a new column. Enter does it, Escape leaves. */
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

export interface NewColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Types that tables are mostly made of; any other can be typed. */
const commonTypes = ["text", "integer", "bigint", "boolean", "numeric(12,2)", "uuid", "date", "timestamptz", "jsonb"];

export function askForColumn(back: HTMLElement, at: Point, table: string, done: (column: NewColumn) => void): void {
  const name = html("input", { type: "text", "aria-label": `Name of the new column of ${table}`, placeholder: "name", spellcheck: "false", autocomplete: "off" });
  const type = html("input", { type: "text", "aria-label": "Its type", list: "types", spellcheck: "false", autocomplete: "off" });
  const types = html("datalist", { id: "types" }, ...commonTypes.map((one) => html("option", { value: one })));
  const nullable = html("input", { type: "checkbox" });
  type.value = "text";
  nullable.checked = true; // rows that are there already have no value for it
  open(back, at, "Add Column", [name, type, types, html("label", {}, nullable, "may be null")], () => {
    if (name.value.trim() !== "" && type.value.trim() !== "") done({ name: name.value.trim(), type: type.value.trim(), nullable: nullable.checked });
  });
}

/** `columns` of the table, each with the tables that it could refer to, the likeliest first; none of them is empty. */
export function askForRelation(back: HTMLElement, at: Point, { table, columns, column }: RelationChoices, done: (relation: { readonly column: string; readonly to: string }) => void): void {
  const from = html("select", { "aria-label": `Column of ${table}` }, ...columns.map(({ name }) => html("option", { value: name }, name)));
  const to = html("select", { "aria-label": "Table that it refers to" });
  const fill = (): void => {
    const tables = columns.find(({ name }) => name === from.value)?.tables ?? [];
    to.replaceChildren(...tables.map(({ key, label }) => html("option", { value: key }, label)));
  };
  if (column !== undefined) from.value = column;
  from.addEventListener("change", fill);
  fill();
  open(back, at, "Add Relation", [from, html("span", { "aria-hidden": "true" }, "→"), to], () => done({ column: from.value, to: to.value }));
}

export interface RelationChoices {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly tables: readonly { readonly key: string; readonly label: string }[] }[];
  /** What is chosen at first. */
  readonly column?: string | undefined;
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
