/** A plan as FORMAT JSON writes it, before it is understood, and careful ways to look into it: it may come from anywhere. */

export interface PlanObject {
  readonly [name: string]: unknown;
}

export function isObject(value: unknown): value is PlanObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectsIn(value: unknown): readonly PlanObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A finite number, also one that is written as text. */
export function numberIn(object: PlanObject, name: string): number | undefined {
  const value = object[name];
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function textIn(object: PlanObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** A list of texts, or one text as a list of one. */
export function textsIn(object: PlanObject, name: string): readonly string[] {
  const value = object[name];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
