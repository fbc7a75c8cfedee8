/**
 * What a picture's stylesheet says of each of its elements: the rules of `palette.ts`, which are lists of classes and
 * names of elements, beside or inside of each other. So a PDF looks as the SVG does, and colours are said once.
 */

export type Declarations = ReadonlyMap<string, string>;

/** An element on the way from the root: its name and its classes. */
export interface Standing {
  readonly tag: string;
  readonly classes: readonly string[];
}

interface Compound {
  readonly tag: string | undefined;
  readonly classes: readonly string[];
  /** Whether what stands before it must be its parent. */
  readonly isChild: boolean;
}

interface Rule {
  /** The last one is the element itself. */
  readonly compounds: readonly Compound[];
  readonly weight: number;
  readonly declarations: Declarations;
}

export class Styles {
  readonly #rules: readonly Rule[];
  /** By the whole way of classes: boxes are much alike. */
  readonly #known = new Map<string, Declarations>();

  constructor(sheet: string) {
    this.#rules = rulesOf(sheet);
  }

  /** Of the last element of the way; later and weightier rules win. */
  of(way: readonly Standing[]): Declarations {
    const name = way.map(({ tag, classes }) => `${tag}.${classes.join(".")}`).join(" ");
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = new Map<string, string>();
    for (const { compounds, declarations } of this.#rules) {
      if (matches(compounds, way)) for (const [property, value] of declarations) found.set(property, value);
    }
    this.#known.set(name, found);
    return found;
  }
}

function rulesOf(sheet: string): readonly Rule[] {
  const rules: Rule[] = [];
  for (const [, selectors = "", body = ""] of sheet.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const declarations = new Map(
      body.split(";").flatMap((declaration): [string, string][] => {
        const [property = "", ...value] = declaration.split(":");
        return property === "" ? [] : [[property.trim(), value.join(":").trim()]];
      }),
    );
    for (const selector of selectors.split(",")) {
      const compounds = compoundsOf(selector.trim());
      rules.push({ compounds, weight: compounds.reduce((sum, { tag, classes }) => sum + classes.length * 100 + (tag === undefined ? 0 : 1), 0), declarations });
    }
  }
  return rules.sort((a, b) => a.weight - b.weight); // keeps the order of equal ones
}

function compoundsOf(selector: string): readonly Compound[] {
  return selector
    .replaceAll(/\s*>\s*/g, " >")
    .split(" ")
    .map((part) => {
      const [tag = "", ...classes] = part.replace(">", "").split(".");
      return { tag: tag === "" ? undefined : tag, classes, isChild: part.startsWith(">") };
    });
}

function matches(compounds: readonly Compound[], way: readonly Standing[]): boolean {
  const fits = (at: number, number: number): boolean => {
    const [compound, element] = [compounds[number], way[at]];
    if (compound === undefined || element === undefined) return false;
    if (compound.tag !== undefined && compound.tag !== element.tag) return false;
    if (!compound.classes.every((one) => element.classes.includes(one))) return false;
    if (number === 0) return true;
    if (compound.isChild) return fits(at - 1, number - 1);
    for (let above = at - 1; above >= 0; above--) if (fits(above, number - 1)) return true;
    return false;
  };
  return fits(way.length - 1, compounds.length - 1);
}
