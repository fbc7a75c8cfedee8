/** A node in one line, as psql writes it. */
import { type PlanObject, textIn } from "./planObject.ts";
import { quoted, tableName } from "./sqlNames.ts";

export function nodeLabel(object: PlanObject, type: string): string {
  const prefix = `${object["Parallel Aware"] === true ? "Parallel " : ""}${stage(object)}`;
  const name = textIn(object, "Relation Name") ?? textIn(object, "CTE Name") ?? textIn(object, "Function Name");
  const alias = textIn(object, "Alias");
  const index = textIn(object, "Index Name");
  const target = targetName(name, textIn(object, "Schema"), alias);
  const backward = object["Scan Direction"] === "Backward" ? " Backward" : "";
  if (type === "Bitmap Index Scan") return `${prefix}${type} on ${quoted(index ?? "?")}`;
  const using = index === undefined ? "" : ` using ${quoted(index)}`;
  return `${prefix}${kind(object, type)}${backward}${using}${target === undefined ? "" : ` on ${target}`}`;
}

function targetName(name: string | undefined, schema: string | undefined, alias: string | undefined): string | undefined {
  if (name === undefined) return alias === undefined ? undefined : quoted(alias);
  const table = tableName({ schema, name });
  return alias === undefined || alias === name ? table : `${table} ${quoted(alias)}`;
}

function stage(object: PlanObject): string {
  const mode = textIn(object, "Partial Mode");
  return mode === undefined || mode === "Simple" ? "" : `${mode} `;
}

const aggregates: Readonly<Record<string, string>> = { Sorted: "GroupAggregate", Hashed: "HashAggregate", Mixed: "MixedAggregate" };

function kind(object: PlanObject, type: string): string {
  const join = textIn(object, "Join Type");
  switch (type) {
    case "Aggregate":
      return aggregates[textIn(object, "Strategy") ?? ""] ?? type;
    case "ModifyTable":
      return textIn(object, "Operation") ?? type;
    case "Hash Join":
    case "Merge Join":
      return join === undefined || join === "Inner" ? type : `${type.replace(" Join", "")} ${join} Join`;
    case "Nested Loop":
      return join === undefined || join === "Inner" ? type : `${type} ${join} Join`;
    case "SetOp":
      return [textIn(object, "Strategy") === "Hashed" ? "HashSetOp" : type, textIn(object, "Command")].filter((part) => part !== undefined).join(" ");
    case "Custom Scan":
      return [type, ...(textIn(object, "Custom Plan Provider") === undefined ? [] : [`(${textIn(object, "Custom Plan Provider")})`])].join(" ");
    default:
      return type;
  }
}
