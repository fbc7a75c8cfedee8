/** A picture as plain data: the server writes it as text, a webview makes elements of it. No DOM, no markup in strings. */

export interface PictureNode {
  /** An SVG element's name. */
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Strings are text, never markup. */
  readonly children: readonly (PictureNode | string)[];
}

export function node(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly (PictureNode | string | undefined)[] = [],
): PictureNode {
  const stated: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) stated[name] = value;
  return { tag, attributes: stated, children: children.filter((child) => child !== undefined) };
}

/** `class` of those names that hold. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter((name) => name !== false && name !== undefined).join(" ");
}
