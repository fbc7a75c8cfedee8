/** Functions, procedures and aggregates. */
import type { AlterFunctionStmt, CreateFunctionStmt, DefElem, DefineStmt, FunctionParameter, Node, VariableSetStmt } from "@pgsql/types";
import { baseType } from "../pgTypes.ts";
import { changed, type Context } from "./context.ts";
import type { NamespaceEntry, RoutineEntry, TypeUse } from "./entries.ts";
import { grantDefaults, grantToPublic } from "./grantDefaults.ts";
import { identifierText } from "./identifierText.ts";
import { entry, owned } from "./newEntries.ts";
import { RareSet } from "./rare.ts";
import { optionsOf, rangeVarOf, stringsOf, textOfConstant, textOfValue } from "./read/nodes.ts";
import type { Place } from "./read/place.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { addRoutine } from "./registry.ts";
import { findRoutine, hasArguments, routineNamed } from "./routineLookup.ts";
import { builtInUse, resolveType, typeOf } from "./types.ts";

export function createFunction(statement: CreateFunctionStmt, ctx: Context): void {
  const name = rangeVarOf(stringsOf(statement.funcname));
  const place = ctx.source.wholeWithBody(name.relname, textOfValue(optionsOf(statement.options).get("as")?.arg) ?? "");
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  const parameters = (statement.parameters ?? []).flatMap((node) => ("FunctionParameter" in node ? [node.FunctionParameter] : []));
  const argumentTypes = parameters.filter(isInput).map((parameter) => argumentType(parameter, ctx));
  const routine = startRoutine(namespace, name.relname ?? "", argumentTypes, statement.replace ?? false, place, ctx);
  if (routine === undefined) return;
  routine.form = statement.is_procedure ? "procedure" : "function";
  routine.argumentNames = parameters.filter(isInput).map((parameter) => parameter.name ?? "");
  routine.body = "";
  routine.outputs = parameters.filter(isOutput).map((parameter) => ({ name: parameter.name ?? "", type: argumentType(parameter, ctx) }));
  routine.returns = statement.is_procedure ? undefined : returnType(statement, routine, ctx);
  routine.volatility = "volatile";
  routine.securityDefiner = false;
  routine.settings = new Map();
  routine.language = "sql";
  applyOptions(routine, statement.options ?? []);
}

function isInput(parameter: FunctionParameter): boolean {
  return parameter.mode !== "FUNC_PARAM_OUT" && parameter.mode !== "FUNC_PARAM_TABLE";
}

function isOutput(parameter: FunctionParameter): boolean {
  return parameter.mode === "FUNC_PARAM_OUT" || parameter.mode === "FUNC_PARAM_INOUT" || parameter.mode === "FUNC_PARAM_TABLE";
}

/** Signatures have no modifiers: `varchar(20)` is `varchar`. */
function argumentType(parameter: FunctionParameter, ctx: Context): TypeUse {
  return parameter.argType === undefined ? builtInUse(voidType) : withoutModifiers(resolveType(typeSpec(parameter.argType), ctx));
}

function withoutModifiers(use: TypeUse): TypeUse {
  return use.type.modifiers.length === 0 ? use : { entry: use.entry, type: { ...use.type, modifiers: [] } };
}

const voidType = baseType("void");
const recordType = baseType("record");

function returnType(statement: CreateFunctionStmt, routine: RoutineEntry, ctx: Context): TypeUse {
  if (statement.returnType !== undefined) return withoutModifiers(resolveType(typeSpec(statement.returnType), ctx));
  const [first, ...others] = routine.outputs;
  if (others.length > 0) return builtInUse(recordType);
  return first?.type ?? builtInUse(voidType);
}

/** A new routine, or the one that OR REPLACE replaces; undefined, with a problem, when the signature is taken. */
function startRoutine(
  namespace: NamespaceEntry,
  name: string,
  argumentTypes: readonly TypeUse[],
  isReplacing: boolean,
  place: Place,
  ctx: Context,
): RoutineEntry | undefined {
  const known = namespace.routines.get(name)?.find((routine) => hasArguments(routine, argumentTypes.map(typeOf)));
  if (known !== undefined) {
    if (isReplacing) {
      known.origins = changed(known.origins, ctx.origin(place));
      return known;
    }
    ctx.problem("sql-duplicate-object", `Function "${name}" with the same argument types exists already.`, place.nameSpan);
    return undefined;
  }
  const routine: RoutineEntry = {
    kind: "routine",
    ...entry(name, ctx.origins(place)),
    ...owned(),
    usedBy: new RareSet(),
    namespace,
    form: "function",
    argumentTypes,
    argumentNames: argumentTypes.map(() => ""),
    outputs: [],
    returns: undefined,
    language: "sql",
    volatility: "volatile",
    securityDefiner: false,
    settings: new Map(),
    triggers: [],
    body: "",
  };
  addRoutine(routine);
  grantToPublic(routine.acl, "EXECUTE", "functions", routine.origins, ctx);
  grantDefaults(routine.acl, "functions", namespace, ctx);
  return routine;
}

export function alterFunction(statement: AlterFunctionStmt, ctx: Context): void {
  if (statement.func === undefined) return;
  const name = stringsOf(statement.func.objname);
  const place = ctx.source.wholeNamed(name.at(-1));
  const routine = routineNamed(statement.func, ctx);
  if (routine === undefined) {
    ctx.problem("sql-undefined-object", `Function ${name.join(".")} with these argument types does not exist.`, place.nameSpan, "warning");
    return;
  }
  applyOptions(routine, statement.actions ?? []);
  routine.origins = changed(routine.origins, ctx.origin(place));
}

function applyOptions(routine: RoutineEntry, nodes: readonly Node[]): void {
  for (const node of nodes) if ("DefElem" in node) applyOption(routine, node.DefElem);
}

function applyOption(routine: RoutineEntry, { defname, arg }: DefElem): void {
  const value = textOfValue(arg);
  switch (defname) {
    case "language":
      routine.language = value?.toLowerCase() ?? routine.language;
      break;
    case "volatility":
      if (value === "immutable" || value === "stable" || value === "volatile") routine.volatility = value;
      break;
    case "security":
      routine.securityDefiner = value === "true" || value === "1";
      break;
    case "as":
      routine.body = value ?? "";
      break;
    case "set":
      if (arg !== undefined && "VariableSetStmt" in arg) applySetting(routine.settings, arg.VariableSetStmt);
  }
}

/** Settings whose value is a list of names, which PostgreSQL quotes one by one. */
const nameLists = new Set(["search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"]);

function applySetting(settings: Map<string, string>, statement: VariableSetStmt): void {
  const name = statement.name ?? "";
  if (statement.kind === "VAR_RESET_ALL") settings.clear();
  else if (statement.kind === "VAR_RESET" || statement.kind === "VAR_SET_DEFAULT") settings.delete(name);
  else if (statement.kind === "VAR_SET_VALUE") {
    const values = (statement.args ?? []).flatMap((node) => textOfConstant(node) ?? []);
    settings.set(name, values.map((value) => (nameLists.has(name) ? identifierText(value) : value)).join(", "));
  }
}

export function createAggregate(statement: DefineStmt, ctx: Context): void {
  const name = rangeVarOf(stringsOf(statement.defnames));
  const place = ctx.source.wholeNamed(name.relname);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  const options = optionsOf(statement.definition);
  const argumentTypes = statement.oldstyle ? baseTypes(options.get("basetype"), ctx) : aggregateArguments(statement.args, ctx);
  const routine = startRoutine(namespace, name.relname ?? "", argumentTypes, statement.replace ?? false, place, ctx);
  if (routine === undefined) return;
  routine.form = "aggregate";
  if (!statement.oldstyle) routine.argumentNames = aggregateParameters(statement.args).map((parameter) => parameter.name ?? "");
  routine.language = "internal";
  routine.volatility = "immutable";
  const final = options.get("finalfunc")?.arg;
  const finalName = final !== undefined && "TypeName" in final ? stringsOf(final.TypeName.names) : undefined;
  routine.returns = (finalName === undefined ? undefined : findRoutine(finalName, ctx)?.returns) ?? typeOption(options.get("stype"), ctx);
}

function aggregateArguments(nodes: readonly Node[] | undefined, ctx: Context): TypeUse[] {
  return aggregateParameters(nodes).map((parameter) => argumentType(parameter, ctx));
}

function aggregateParameters(nodes: readonly Node[] | undefined): FunctionParameter[] {
  const [list] = nodes ?? [];
  const parameters = list !== undefined && "List" in list ? (list.List.items ?? []) : [];
  return parameters.flatMap((node) => ("FunctionParameter" in node ? [node.FunctionParameter] : []));
}

/** The old syntax names one type, or ANY for none. */
function baseTypes(option: DefElem | undefined, ctx: Context): TypeUse[] {
  const use = typeOption(option, ctx);
  return use === undefined || use.type.name.toLowerCase() === "any" ? [] : [use];
}

function typeOption(option: DefElem | undefined, ctx: Context): TypeUse | undefined {
  const arg = option?.arg;
  return arg !== undefined && "TypeName" in arg ? withoutModifiers(resolveType(typeSpec(arg.TypeName), ctx)) : undefined;
}
