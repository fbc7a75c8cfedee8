/**
 * A call in Prisma's JSON protocol, as Prisma Client 7 would send it to the query compiler: values become placeholders
 * where the client makes them placeholders, so that the SQL is the client's, letter for letter. What only the running
 * program knows becomes a placeholder of the type that the schema says.
 */
import type { ArgumentEntry, Assumption, CallArgument, ObjectArgument, PrismaCall, RuntimeArgument } from "./call.ts";
import { entriesOf, entryNamed } from "./call.ts";
import type { CallModel, CallModels } from "./callModels.ts";
import type { Json } from "./json.ts";
import { namesOneRow, protocolAction } from "./operations.ts";
import { Parameters } from "./parameters.ts";
import { ScalarValues } from "./scalarValues.ts";

export interface CallRequest {
  /** Of the protocol. */
  readonly json: Json;
  readonly parameters: Parameters;
  /** Those of the call and those made while it was put together. */
  readonly assumptions: readonly Assumption[];
}

export function callRequest(call: PrismaCall, models: CallModels): CallRequest {
  return new RequestBuilder(call, models).build();
}

const aggregates = ["_count", "_avg", "_sum", "_min", "_max"];

class RequestBuilder {
  readonly #call: PrismaCall;
  readonly #models: CallModels;
  readonly #parameters = new Parameters();
  readonly #assumptions: Assumption[] = [];
  readonly #scalars: ScalarValues;

  constructor(call: PrismaCall, models: CallModels) {
    this.#call = call;
    this.#models = models;
    this.#scalars = new ScalarValues(models, this.#parameters, (span, text) => this.#assume(span, text));
  }

  build(): CallRequest {
    const { model: name, operation } = this.#call;
    const model = this.#models.byName.get(name);
    const query = this.#selected(this.#followed(asProtocol(operation, this.#call.argument)), model, true);
    const [first] = this.#scalars.given;
    const given = [...new Set(this.#scalars.given.map(({ text }) => `\`${text}\``))];
    if (first !== undefined) this.#assume(first.span, `${given.join(", ")} ${given.length === 1 ? "is" : "are"} given, and not null.`);
    const assumptions = [...this.#call.assumptions, ...this.#assumptions].toSorted((a, b) => a.span.start - b.span.start);
    return { json: { modelName: name, action: protocolAction(operation), query }, parameters: this.#parameters, assumptions };
  }

  /** `.posts()` after a call selects what it follows. */
  #followed(argument: ObjectArgument): ObjectArgument {
    let inner: ObjectArgument | undefined;
    for (const { name, argument: own } of this.#call.fluent.toReversed()) {
      const entries = inner === undefined ? own.entries : [...own.entries, entry("select", inner)];
      inner = { ...own, entries: [entry(name, { ...own, entries })] };
    }
    return inner === undefined ? argument : { ...argument, entries: [...argument.entries, entry("select", inner)] };
  }

  /** The arguments of the call or of a selected relation, with what it selects. */
  #selected(argument: ObjectArgument, model: CallModel | undefined, isRoot: boolean): Json {
    for (const unread of argument.unread) this.#assume(unread.span, `\`${unread.text}\` adds nothing.`);
    const named: Record<string, Json> = {};
    let selection: Json | undefined;
    for (const { name, value } of entriesOf(argument)) {
      if (name === "select" || name === "include" || name === "omit") selection ??= this.#selection(argument, model);
      else {
        const json = this.#argument(name, value, model, isRoot);
        if (json !== undefined) named[name] = json;
      }
    }
    if (isRoot) this.#addKey(named, argument, model);
    return { arguments: named, selection: selection ?? this.#selection(argument, model) };
  }

  /** A `where` that must name one row, and that only the program knows: by the key. */
  #addKey(named: Record<string, Json>, argument: ObjectArgument, model: CallModel | undefined): void {
    const where = entryNamed(argument, "where")?.value;
    if (!namesOneRow(this.#call.operation) || model === undefined || (named["where"] !== undefined && where?.kind !== "runtime")) return;
    const unread = where?.kind === "runtime" ? where : argument.unread[0];
    if (unread !== undefined) named["where"] = this.#keyFrom(unread, model) ?? {};
  }

  #argument(name: string, value: CallArgument, model: CallModel | undefined, isRoot: boolean): Json | undefined {
    if (value.kind === "absent") return undefined;
    switch (name) {
      case "where":
        if (value.kind !== "runtime") return this.#where(value, model, isRoot && namesOneRow(this.#call.operation));
        return isRoot && namesOneRow(this.#call.operation) ? undefined : this.#leftOut(value, "sets no condition");
      case "having":
        return value.kind === "runtime" ? this.#leftOut(value, "sets no condition") : this.#where(value, model, false);
      case "cursor":
        return value.kind === "runtime" && model !== undefined ? this.#keyFrom(value, model) : this.#where(value, model, true);
      case "data":
        return this.#dataOrList(value, model, /^create/.test(this.#call.operation));
      case "create":
        return this.#dataOrList(value, model, true);
      case "update":
        return this.#dataOrList(value, model, false);
      case "take":
      case "skip":
      case "limit":
        return value.kind === "runtime" ? this.#parameters.standIn(value.text, value.span, name === "skip" ? "0" : "20") : this.#plain(value);
      default:
        return this.#plain(value);
    }
  }

  /** Order, names and switches, which are a part of the statement's shape. What only the program knows is left out. */
  #plain(value: CallArgument): Json | undefined {
    switch (value.kind) {
      case "absent":
        return undefined;
      case "literal":
        return value.value;
      case "tagged":
        return this.#scalars.tagged(value);
      case "list":
        return value.items.flatMap((item) => this.#plain(item) ?? []);
      case "runtime":
        this.#assume(value.span, `\`${value.text}\` is left out.`);
        return undefined;
      case "object": {
        for (const unread of value.unread) this.#assume(unread.span, `\`${unread.text}\` is left out.`);
        const entries = entriesOf(value).flatMap((each): [string, Json][] => {
          const isDirection = each.value.kind === "runtime";
          if (isDirection) this.#assume(each.value.span, `${each.name} is sorted upwards.`);
          const json = isDirection ? "asc" : this.#plain(each.value);
          return json === undefined ? [] : [[each.name, json]];
        });
        return Object.fromEntries(entries);
      }
    }
  }

  #where(value: CallArgument, model: CallModel | undefined, isKey: boolean): Json {
    if (value.kind === "list") return value.items.map((item) => this.#where(item, model, false));
    if (value.kind !== "object") return value.kind === "runtime" ? (this.#leftOut(value, "sets no condition") ?? {}) : (this.#plain(value) ?? null);
    const named: Record<string, Json> = {};
    for (const unread of value.unread) this.#assume(unread.span, `\`${unread.text}\` sets no condition.`);
    for (const each of entriesOf(value)) {
      const json = this.#condition(each, model);
      if (json !== undefined) named[each.name] = json;
    }
    const [unread] = value.unread;
    return isKey && Object.keys(named).length === 0 && unread !== undefined && model !== undefined ? (this.#keyFrom(unread, model) ?? {}) : named;
  }

  #condition({ name, value }: ArgumentEntry, model: CallModel | undefined): Json | undefined {
    if (value.kind === "absent") return undefined;
    const field = model?.fields.get(name);
    if (field === undefined) {
      // AND, OR, NOT; or the name of a key of several fields.
      if (/^(?:AND|OR|NOT)$/.test(name)) return value.kind === "runtime" ? this.#leftOut(value, "sets no condition") : this.#where(value, model, false);
      if (value.kind === "runtime" && model?.key?.name === name) return this.#keyFrom(value, model, false);
      return value.kind === "object" ? this.#where(value, model, false) : this.#plain(value);
    }
    if (field.kind !== "relation") return this.#scalars.filter(value, field);
    const target = this.#models.byName.get(field.type);
    if (value.kind === "runtime") return this.#leftOut(value, "sets no condition");
    if (value.kind !== "object") return this.#plain(value);
    const words = entriesOf(value);
    const isQuantified = words.some((each) => /^(?:is|isNot|some|every|none)$/.test(each.name) && target?.fields.has(each.name) !== true);
    if (!isQuantified) return this.#where(value, target, false);
    return Object.fromEntries(words.flatMap((each) => (each.value.kind === "absent" ? [] : [[each.name, this.#where(each.value, target, false)]])));
  }

  #dataOrList(value: CallArgument, model: CallModel | undefined, isNew: boolean): Json {
    if (value.kind === "list") return value.items.map((item) => this.#data(item, model, isNew));
    return this.#data(value, model, isNew);
  }

  #data(value: CallArgument, model: CallModel | undefined, isNew: boolean): Json {
    if (value.kind === "runtime") return this.#data({ kind: "object", entries: [], unread: [value], span: value.span }, model, isNew);
    if (value.kind !== "object") return this.#plain(value) ?? null;
    const named: Record<string, Json> = {};
    for (const each of entriesOf(value)) {
      const json = this.#given(each, model);
      if (json !== undefined) named[each.name] = json;
    }
    const [unread] = value.unread;
    if (unread !== undefined && model !== undefined) this.#complete(named, unread, model, isNew);
    return named;
  }

  /** What a spread is taken to hold: for a new row everything it must be given, else one field. */
  #complete(named: Record<string, Json>, unread: RuntimeArgument, model: CallModel, isNew: boolean): void {
    const fields = [...model.fields.values()].filter((field) => field.kind !== "relation" && !field.isList && named[field.name] === undefined);
    const given = isNew ? fields.filter((field) => field.isRequired) : Object.keys(named).length > 0 ? [] : fields.filter((field) => !field.isKey).slice(0, 1);
    if (given.length > 0) this.#assume(unread.span, `\`${unread.text}\` gives ${given.map((field) => field.name).join(", ")}.`);
    const source = unread.text.replace(/^\.\.\./, "");
    // A write names its related rows all by their columns, or all by relations.
    const namesRelations = Object.keys(named).some((name) => model.fields.get(name)?.kind === "relation");
    for (const field of given) {
      const relation = namesRelations ? [...model.fields.values()].find((each) => each.through.includes(field.name)) : undefined;
      const target = this.#models.byName.get(relation?.type ?? "");
      if (relation === undefined || target === undefined) named[field.name] = this.#scalars.scalar({ ...unread, text: `${source}.${field.name}` }, field);
      else named[relation.name] ??= { connect: this.#keyFrom({ ...unread, text: `${source}.${relation.name}` }, target) ?? {} };
    }
  }

  #given({ name, value }: ArgumentEntry, model: CallModel | undefined): Json | undefined {
    if (value.kind === "absent") return undefined;
    const field = model?.fields.get(name);
    if (field === undefined) return this.#plain(value);
    if (field.kind !== "relation") return this.#scalars.data(value, field);
    const target = this.#models.byName.get(field.type);
    if (value.kind === "runtime") return this.#leftOut(value, "writes nothing");
    if (value.kind !== "object" || target === undefined) return this.#plain(value);
    return Object.fromEntries(entriesOf(value).flatMap((each) => (each.value.kind === "absent" ? [] : [[each.name, this.#nested(each.name, each.value, target)]])));
  }

  /** What is done with the rows of a relation: `create`, `connect`, … */
  #nested(name: string, value: CallArgument, target: CallModel): Json {
    if (value.kind === "list") return value.items.map((item) => this.#nested(name, item, target));
    switch (name) {
      case "create":
        return this.#data(value, target, true);
      case "connect":
      case "set":
      case "disconnect":
      case "delete":
      case "deleteMany":
        if (value.kind === "runtime" && name !== "deleteMany") return this.#keyFrom(value, target) ?? {};
        return value.kind === "object" ? this.#where(value, target, name !== "deleteMany") : (this.#plain(value) ?? {});
      case "update":
        if (value.kind === "object" && entriesOf(value).some((each) => each.name === "data" && !target.fields.has("data"))) return this.#parts(value, target, false);
        return this.#data(value, target, false);
      case "connectOrCreate":
      case "createMany":
        return this.#parts(value, target, true);
      default:
        return this.#parts(value, target, false);
    }
  }

  /** `{ where, create, update, data }` of a nested write. */
  #parts(value: CallArgument, target: CallModel, isNew: boolean): Json {
    if (value.kind !== "object") return this.#plain(value) ?? {};
    const parts = entriesOf(value).flatMap((each): [string, Json][] => {
      if (each.value.kind === "absent") return [];
      if (each.name === "where") return [["where", this.#where(each.value, target, true)]];
      if (each.name === "data") return [["data", this.#dataOrList(each.value, target, isNew)]];
      if (each.name === "create" || each.name === "update") return [[each.name, this.#data(each.value, target, each.name === "create")]];
      const json = this.#plain(each.value);
      return json === undefined ? [] : [[each.name, json]];
    });
    return Object.fromEntries(parts);
  }

  #selection(argument: ObjectArgument, model: CallModel | undefined): Json {
    const select = entryNamed(argument, "select")?.value;
    const include = entryNamed(argument, "include")?.value;
    const omit = entryNamed(argument, "omit")?.value;
    for (const value of [select, include, omit]) {
      if (value?.kind === "runtime") this.#assume(value.span, `\`${value.text}\` changes nothing of what is selected.`);
      if (value?.kind === "object") for (const unread of value.unread) this.#assume(unread.span, `\`${unread.text}\` selects nothing.`);
    }
    if (select?.kind === "object") return Object.fromEntries(this.#chosen(select, model));
    const all: Record<string, Json> = model === undefined ? {} : { $composites: true, $scalars: true };
    if (include?.kind === "object") Object.assign(all, Object.fromEntries(this.#chosen(include, model)));
    if (omit?.kind === "object") for (const { name, value } of entriesOf(omit)) if (value.kind === "literal") all[name] = value.value !== true;
    return all;
  }

  #chosen(selected: ObjectArgument, model: CallModel | undefined): readonly (readonly [string, Json])[] {
    return entriesOf(selected).flatMap(({ name, value }): readonly (readonly [string, Json])[] => {
      const field = model?.fields.get(name);
      const target = field?.kind === "relation" ? this.#models.byName.get(field.type) : undefined;
      if (value.kind === "absent" || (value.kind === "literal" && value.value === false)) return [[name, false]];
      if (value.kind === "runtime") this.#assume(value.span, `${name} is selected.`);
      if (value.kind !== "object") return [[name, target === undefined ? true : this.#selected(emptyAt(value), target, false)]];
      // `_count: { select: { deals: { where } } }` counts relations of the same model.
      return [[name, name === "_count" ? this.#counted(value, model) : this.#selected(value, target, false)]];
    });
  }

  #counted(value: ObjectArgument, model: CallModel | undefined): Json {
    const select = entryNamed(value, "select")?.value;
    if (select?.kind !== "object") return this.#selected(value, undefined, false);
    const counted = entriesOf(select).flatMap(({ name, value: each }): [string, Json][] => {
      const target = this.#models.byName.get(model?.fields.get(name)?.type ?? "");
      if (each.kind !== "object") return each.kind === "absent" ? [] : [[name, each.kind === "runtime" ? true : (this.#plain(each) ?? false)]];
      const where = entryNamed(each, "where")?.value;
      return [[name, { arguments: where === undefined || where.kind === "absent" ? {} : { where: this.#where(where, target, false) }, selection: {} }]];
    });
    return { arguments: {}, selection: Object.fromEntries(counted) };
  }

  /** The key of a row of which only the program knows which. */
  #keyFrom(value: RuntimeArgument, model: CallModel, isNamed = true): Json | undefined {
    if (model.key === undefined) return undefined;
    this.#assume(value.span, `\`${value.text}\` names a row by ${model.key.fields.join(", ")}.`);
    const source = value.text.replace(/^\.\.\./, "");
    const parts = model.key.fields.flatMap((name): [string, Json][] => {
      const field = model.fields.get(name);
      return field === undefined ? [] : [[name, this.#scalars.scalar({ ...value, text: `${source}.${name}` }, field)]];
    });
    const key: Json = Object.fromEntries(parts);
    return model.key.name === undefined || !isNamed ? key : { [model.key.name]: key };
  }

  #leftOut(value: RuntimeArgument, how: string): undefined {
    this.#assume(value.span, `\`${value.text}\` ${how}.`);
    return undefined;
  }

  #assume(span: Assumption["span"], text: string): void {
    if (!this.#assumptions.some((known) => known.span.start === span.start && known.text === text)) this.#assumptions.push({ span, text });
  }
}

/** Counting, aggregating and grouping, in the form that the protocol has for them: all three are selections. */
function asProtocol(operation: PrismaCall["operation"], argument: ObjectArgument): ObjectArgument {
  if (operation === "count") {
    const select = entryNamed(argument, "select")?.value;
    const counted: CallArgument = select?.kind === "object" ? select : { ...argument, entries: [entry("_all", yes(argument))], unread: [] };
    return aggregated({ ...argument, entries: [...argument.entries.filter(({ name }) => name !== "select"), entry("_count", counted)] });
  }
  if (operation === "aggregate") return aggregated(argument);
  if (operation !== "groupBy") return argument;
  const by = entryNamed(argument, "by")?.value;
  const names = by?.kind === "list" ? by.items : by === undefined ? [] : [by];
  const fields = names.flatMap((item) => (item.kind === "literal" && typeof item.value === "string" ? [entry(item.value, yes(argument))] : []));
  return aggregated(argument, fields);
}

function aggregated(argument: ObjectArgument, more: readonly ArgumentEntry[] = []): ObjectArgument {
  const selected = argument.entries.flatMap((each): readonly ArgumentEntry[] => {
    if (!aggregates.includes(each.name)) return [];
    const { value } = each;
    const isSwitch = value.kind === "literal" && typeof value.value === "boolean";
    const of: CallArgument = each.name === "_count" && isSwitch ? { kind: "object", entries: [{ name: "_all", nameSpan: value.span, value }], unread: [], span: value.span } : value;
    return [{ ...each, value: { kind: "object", entries: [{ ...each, name: "select", value: of }], unread: [], span: value.span } }];
  });
  const select: ObjectArgument = { ...argument, entries: [...selected, ...more], unread: [] };
  return { ...argument, entries: [...argument.entries.filter(({ name }) => !aggregates.includes(name)), entry("select", select)] };
}

function entry(name: string, value: CallArgument): ArgumentEntry {
  return { name, nameSpan: value.span, value };
}

function yes(at: CallArgument): CallArgument {
  return { kind: "literal", value: true, span: at.span };
}

function emptyAt(value: CallArgument): ObjectArgument {
  return { kind: "object", entries: [], unread: [], span: value.span };
}
