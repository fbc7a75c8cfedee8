/** A type as a statement names it, before anybody asks which type that is. */
import type { Node, TypeName } from "@pgsql/types";
import { baseType, builtInTypeName } from "../../pgTypes.ts";
import type { PgType } from "../../schema.ts";
import type { TypeUse } from "../entries.ts";
import { stringsOf, textOfConstant } from "./nodes.ts";

export interface TypeSpec {
  readonly path: readonly string[];
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
  readonly isSet: boolean;
  /** `serial` and its sizes: an integer with a sequence. */
  readonly serial: "int2" | "int4" | "int8" | undefined;
  /** Set when it can only be PostgreSQL's own. */
  readonly builtIn: TypeUse | undefined;
  /** `table.column%TYPE`. */
  readonly isColumnType: boolean;
  readonly location: number | undefined;
}

const serials: ReadonlyMap<string, "int2" | "int4" | "int8"> = new Map([
  ["smallserial", "int2"],
  ["serial2", "int2"],
  ["serial", "int4"],
  ["serial4", "int4"],
  ["bigserial", "int8"],
  ["serial8", "int8"],
]);

const specs = new WeakMap<TypeName, TypeSpec>();

/** The same object for the same part of the tree. */
export function typeSpec(type: TypeName): TypeSpec {
  let spec = specs.get(type);
  if (spec === undefined) {
    spec = readType(type);
    specs.set(type, spec);
  }
  return spec;
}

function readType(type: TypeName): TypeSpec {
  const path = stringsOf(type.names);
  const name = path.at(-1) ?? "";
  const isArray = (type.arrayBounds ?? []).length > 0;
  const modifiers = modifiersOf(name, type.typmods);
  const serial = path.length === 1 ? serials.get(name) : undefined;
  const isColumnType = type.pct_type ?? false;
  const canBeBuiltIn = !isColumnType && (path.length === 1 || (path.length === 2 && path[0] === "pg_catalog"));
  const builtIn = serial !== undefined ? baseType(serial) : canBeBuiltIn ? builtInType(name, modifiers, isArray) : undefined;
  return {
    path,
    modifiers,
    isArray,
    isSet: type.setof ?? false,
    serial,
    builtIn: builtIn === undefined ? undefined : { entry: undefined, type: builtIn },
    isColumnType,
    location: type.location,
  };
}

/** The parse tree holds internal names already, so `char` can only be the quoted one. */
function builtInType(name: string, modifiers: readonly number[], isArray: boolean): PgType | undefined {
  if (name === "char") return baseType("char", modifiers, isArray);
  const builtIn = builtInTypeName(name);
  if (builtIn !== undefined) return baseType(builtIn, modifiers, isArray);
  const element = name.startsWith("_") ? builtInTypeName(name.slice(1)) : undefined;
  return element === undefined ? undefined : baseType(element, modifiers, true);
}

/** As `format_type` gives them: `numeric(10)` has scale 0, and an interval's fields are no modifier. */
function modifiersOf(name: string, nodes: readonly Node[] | undefined): readonly number[] {
  const modifiers: number[] = [];
  for (const node of nodes ?? []) {
    const value = Number(textOfConstant(node) ?? Number.NaN);
    if (Number.isInteger(value)) modifiers.push(value);
  }
  if (name === "interval") return modifiers.slice(1);
  return name === "numeric" && modifiers.length === 1 ? [...modifiers, 0] : modifiers;
}
