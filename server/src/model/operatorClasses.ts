/**
 * Which operator class an index key has when none is named. The model leaves default classes out, so that a class a text
 * spells out and one the server fills in compare equal. https://www.postgresql.org/docs/current/indexes-opclass.html
 */
import type { PgType } from "./schema.ts";

/** Whether a key of this type in an index of this method would have the operator class anyway. */
export function isDefaultOperatorClass(operatorClass: string, method: string, type: PgType): boolean {
  return defaultOperatorClass(method, type) === operatorClass;
}

/** Undefined where the type has none, or one of an extension that is not known here. */
function defaultOperatorClass(method: string, type: PgType): string | undefined {
  const name = classTypes.get(type.name) ?? type.name;
  switch (method) {
    case "btree":
    case "hash":
      if (type.isArray) return "array_ops";
      if (type.kind === "enum") return "enum_ops";
      return isRange(name) ? rangeClass(name) : `${name}_ops`;
    case "gin":
      if (type.isArray) return "array_ops";
      return name === "jsonb" || name === "tsvector" ? `${name}_ops` : undefined;
    case "gist":
      if (isRange(name)) return rangeClass(name);
      if (name === "polygon") return "poly_ops";
      return ["box", "circle", "point", "tsquery", "tsvector"].includes(name) ? `${name}_ops` : undefined;
    case "spgist":
      if (isRange(name)) return "range_ops";
      if (name === "point") return "quad_point_ops";
      if (name === "polygon") return "poly_ops";
      return ["box", "inet", "text"].includes(name) ? `${name}_ops` : undefined;
    case "brin":
      if (isRange(name)) return "range_inclusion_ops";
      return name === "inet" || name === "box" ? `${name}_inclusion_ops` : `${name}_minmax_ops`;
    default:
      return undefined;
  }
}

/** Types that use the operator classes of another one. */
const classTypes: ReadonlyMap<string, string> = new Map([
  ["varchar", "text"],
  ["cidr", "inet"],
]);

function isRange(name: string): boolean {
  return /range$/.test(name);
}

function rangeClass(name: string): string {
  return name.endsWith("multirange") ? "multirange_ops" : "range_ops";
}
