/** Questions to attributes and their arguments. */
import type { Argument, ArrayValue, Attribute, Value } from "./syntax.ts";

/** The first attribute of that name, without the `@`. */
export function attributeNamed(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((attribute) => attribute.name.text === name);
}

/** The argument of that name; with `isDefault`, else the first one without a name. */
export function argumentNamed(holder: { readonly arguments: readonly Argument[] }, name: string, isDefault = false): Value | undefined {
  let unnamed: Value | undefined;
  for (const argument of holder.arguments) {
    if (argument.name?.text === name) return argument.value;
    if (isDefault && argument.name === undefined) unnamed ??= argument.value;
  }
  return unnamed;
}

export function stringArgument(attribute: Attribute | undefined, name: string, isDefault = false): string | undefined {
  if (attribute === undefined) return undefined;
  const value = argumentNamed(attribute, name, isDefault);
  return value?.kind === "string" ? value.value : undefined;
}

/** The value of a path such as `Cascade`, else undefined. */
export function pathText(value: Value | undefined): string | undefined {
  return value?.kind === "path" ? value.text : undefined;
}

export function asArray(value: Value | undefined): ArrayValue | undefined {
  return value?.kind === "array" ? value : undefined;
}

/** `@db.VarChar(20)`: the one attribute with a dot in its name. */
export function nativeTypeAttribute(attributes: readonly Attribute[]): Attribute | undefined {
  return attributes.find((attribute) => attribute.name.text.includes("."));
}

/** The name a `@map` or `@@map` gives. */
export function mappedName(attributes: readonly Attribute[]): string | undefined {
  const name = stringArgument(attributeNamed(attributes, "map"), "name", true);
  return name === "" ? undefined : name;
}
