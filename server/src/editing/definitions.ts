/** Where an object is defined: in Prisma and in SQL, in the order of its origins. */
import type { Places } from "../model/places.ts";
import { shift, type Span } from "../text/span.ts";
import type { PrismaNames } from "./prismaNames.ts";
import { elementsOf, type SchemaObject } from "./schemaObject.ts";

export interface Place {
  readonly uri: string;
  /** The name, in the file. */
  readonly span: Span;
  readonly language: "prisma" | "sql";
}

export function placesOf(object: SchemaObject, places: Places, names: PrismaNames): readonly Place[] {
  const inPrisma = object.kind === "enumValue" ? valueInPrisma(object.type.prismaName, object.value, names) : undefined;
  const found = elementsOf(object).flatMap((element) =>
    element.origins.flatMap((origin): readonly Place[] =>
      origin.kind === "prisma" || origin.kind === "sql" ? [{ uri: origin.uri, span: places.nameSpan(origin), language: origin.kind }] : [],
    ),
  );
  return inPrisma === undefined ? found : [inPrisma, ...found.filter((place) => place.language !== "prisma")];
}

/**
 * Where to go from a name: to where the object is defined, and from there to where the other language defines it. The
 * first is Prisma's definition where there is one, else the statement that made it.
 */
export function definitionFrom(object: SchemaObject, uri: string, offset: number, places: Places, names: PrismaNames): readonly Place[] {
  const all = placesOf(object, places, names);
  const isHere = (place: Place): boolean => place.uri === uri && place.span.start <= offset && offset <= place.span.end;
  const here = all.find(isHere);
  const others = all.filter((place) => !isHere(place) && place.language !== here?.language);
  // Overloaded routines have a definition each; everything else was made once.
  if (object.kind === "routine") return all;
  return (here === undefined ? all : others.length > 0 ? others : [here]).slice(0, 1);
}

function valueInPrisma(type: string | undefined, value: string, names: PrismaNames): Place | undefined {
  const found = type === undefined ? undefined : names.block(type);
  if (found === undefined || found.placed.block.kind !== "enum") return undefined;
  const { block, offset } = found.placed;
  const stated = block.values.find((one) => names.databaseValue(one) === value);
  return stated === undefined ? undefined : { uri: found.uri, span: shift(stated.name.span, offset), language: "prisma" };
}
