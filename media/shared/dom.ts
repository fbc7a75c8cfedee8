/**
 * Makes plain nodes into elements of the page. Text becomes text and attributes become attributes, whatever they say:
 * nothing here is ever parsed as HTML.
 */

/** What a pure function describes: an element of HTML or SVG, or text. */
export type PlainNode = PlainElement | string;

export interface PlainElement {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children?: readonly PlainNode[];
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** As SVG inside of SVG, else as HTML. */
export function realise(node: PlainElement, isSvg = node.tag === "svg"): Element {
  const element = isSvg ? document.createElementNS(svgNamespace, node.tag) : document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attributes ?? {})) setAttribute(element, name, value);
  for (const child of node.children ?? []) element.append(typeof child === "string" ? child : realise(child, isSvg || child.tag === "svg"));
  return element;
}

/** False and undefined take the attribute away, true is an empty one. */
export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (/^on/i.test(name)) throw new Error(`An attribute is no place for code: ${name}`);
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** An HTML element, with its children or text. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: PlainElement["attributes"] = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}
