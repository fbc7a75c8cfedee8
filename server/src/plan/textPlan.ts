/**
 * EXPLAIN's text form, turned into the object that FORMAT JSON would have written, as far as text tells. Goes by
 * indentation, as people do, and takes each line once.
 */
import type { PlanObject } from "./planObject.ts";
import { textProperties } from "./textProperties.ts";

type Writable = Record<string, unknown>;

interface Open {
  readonly indent: number;
  readonly node: Writable;
}

/** A sentence when the text is no plan. */
export function textPlan(text: string): { readonly object: PlanObject; readonly others: number } | string {
  const reader = new TextReader();
  for (const line of text.split(/\r?\n/)) reader.take(line);
  return reader.result();
}

const figures = /^(.*?) {1,2}\((?:cost=([\d.]+)\.\.([\d.]+) rows=(\d+) width=(\d+)|(?=actual |never ))\)?(.*)$/;
const measured = /\(actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)\)/;

class TextReader {
  readonly #plan: Writable = {};
  readonly #open: Open[] = [];
  readonly #queryText: string[] = [];
  /** What the next node is to its parent, from a line such as `SubPlan 1`. */
  #heading: { readonly indent: number; readonly relationship: string; readonly name: string } | undefined;
  /** A block at the end: `Planning:`, `JIT:`. */
  #section: { readonly name: string; readonly indent: number } | undefined;
  #others = 0;

  take(line: string): void {
    if (line.trim() === "") return;
    const indent = line.length - line.trimStart().length;
    const content = line.trim();
    const body = content.replace(/^->\s+/, "");
    const found = figures.exec(body);
    const isNode = found !== null && (content.startsWith("->") || this.#plan["Plan"] === undefined || indent <= this.#rootIndent) && nodeNamed(found[1] ?? "");
    if (isNode) return this.#node(content.startsWith("->") ? indent : indent - 2, found);
    if (this.#plan["Plan"] === undefined) return this.#before(content);
    if (this.#ofPlan(content, indent)) return;
    const heading = /^(SubPlan|InitPlan|CTE) (.+)$/.exec(content);
    if (heading !== null && !content.includes(": ")) {
      const kind = heading[1] ?? "";
      const name = heading[2] ?? "";
      const relationship = kind === "SubPlan" ? "SubPlan" : "InitPlan";
      this.#heading = { indent, relationship, name: kind === "CTE" ? `CTE ${name}` : `${kind} ${name}` };
      return;
    }
    const owner = this.#ownerOf(indent);
    if (owner === undefined) return;
    // A condition that psql or a mail program broke goes on without a name.
    if (!/^[A-Z][\w/() -]*?:/.test(content)) return continueLast(owner, content);
    textProperties(owner, content);
  }

  result(): { readonly object: PlanObject; readonly others: number } | string {
    if (this.#plan["Plan"] === undefined) return "This text is no plan: a plan begins with a node such as \"Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\".";
    if (this.#queryText.length > 0) this.#plan["Query Text"] = this.#queryText.join("\n");
    return { object: this.#plan, others: this.#others };
  }

  get #rootIndent(): number {
    return (this.#open[0]?.indent ?? 0) + 2;
  }

  #before(content: string): void {
    const query = /^Query Text: (.*)$/.exec(content);
    if (query !== null) this.#queryText.push(query[1] ?? "");
    else if (this.#queryText.length > 0) this.#queryText.push(content);
  }

  #node(indent: number, found: RegExpExecArray): void {
    const [, name = "", startup, total, rows, width, rest = ""] = found;
    if (indent <= this.#rootIndent - 2 && this.#open.length > 0) {
      // A second plan in the same text.
      this.#others++;
      return;
    }
    const node: Writable = nodeName(name);
    if (total !== undefined) Object.assign(node, { "Startup Cost": Number(startup), "Total Cost": Number(total), "Plan Rows": Number(rows), "Plan Width": Number(width) });
    const actual = measured.exec(total === undefined ? found[0] : rest);
    if (actual !== null) {
      if (actual[2] !== undefined) Object.assign(node, { "Actual Startup Time": Number(actual[1]), "Actual Total Time": Number(actual[2]) });
      Object.assign(node, { "Actual Rows": Number(actual[3]), "Actual Loops": Number(actual[4]) });
    } else if (/\(never executed\)/.test(found[0])) Object.assign(node, { "Actual Rows": 0, "Actual Loops": 0 });
    while (this.#open.length > 0 && (this.#open.at(-1)?.indent ?? 0) >= indent) this.#open.pop();
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#plan["Plan"] = node;
    else {
      const plans: unknown = (parent.node["Plans"] ??= []);
      const heading = this.#heading !== undefined && this.#heading.indent < indent ? this.#heading : undefined;
      if (heading !== undefined) Object.assign(node, { "Parent Relationship": heading.relationship, "Subplan Name": heading.name });
      else if (Array.isArray(plans)) node["Parent Relationship"] = relationship(parent.node, plans.length);
      if (Array.isArray(plans)) plans.push(node);
    }
    this.#heading = undefined;
    this.#section = undefined;
    this.#open.push({ indent, node });
  }

  /** Lines of the whole plan; true when `content` was one. */
  #ofPlan(content: string, indent: number): boolean {
    if (this.#section !== undefined && indent > this.#section.indent) {
      this.#inSection(this.#section.name, content);
      return true;
    }
    this.#section = undefined;
    if (indent > this.#rootIndent) return false;
    const time = /^(Planning|Execution) Time: ([\d.]+) ms/.exec(content);
    if (time !== null) {
      this.#plan[`${time[1]} Time`] = Number(time[2]);
      return true;
    }
    const section = /^(Planning|JIT|Serialization):?$/.exec(content.split(": ")[0] ?? "");
    if (section !== null) {
      this.#section = { name: section[1] ?? "", indent };
      return true;
    }
    const trigger = /^Trigger (?:for constraint )?(\S+?)(?: on (\S+?))?: (?:time=([\d.]+) )?calls=(\d+)/.exec(content);
    if (trigger !== null) {
      const triggers: unknown = (this.#plan["Triggers"] ??= []);
      const isConstraint = content.startsWith("Trigger for constraint");
      const named = isConstraint ? { "Constraint Name": trigger[1] } : { "Trigger Name": trigger[1] };
      if (Array.isArray(triggers)) triggers.push({ ...named, Relation: trigger[2], Time: Number(trigger[3] ?? 0), Calls: Number(trigger[4]) });
      return true;
    }
    const settings = /^Settings: (.*)$/.exec(content);
    if (settings !== null) {
      this.#plan["Settings"] = Object.fromEntries([...(settings[1] ?? "").matchAll(/([\w.]+) = '((?:[^']|'')*)'/g)].map((match) => [match[1], (match[2] ?? "").replaceAll("''", "'")]));
      return true;
    }
    const queryId = /^Query Identifier: (-?\d+)$/.exec(content);
    if (queryId !== null) this.#plan["Query Identifier"] = queryId[1];
    return queryId !== null;
  }

  #inSection(name: string, content: string): void {
    const section: Writable = {};
    const known: unknown = this.#plan[name];
    if (typeof known === "object" && known !== null) Object.assign(section, known);
    const functions = /^Functions: (\d+)/.exec(content);
    if (functions !== null) section["Functions"] = Number(functions[1]);
    const total = /^Timing: .*Total ([\d.]+) ms/.exec(content);
    if (total !== null) section["Timing"] = { Total: Number(total[1]) };
    if (content.startsWith("Buffers:") || content.startsWith("I/O Timings:")) textProperties(section, content);
    this.#plan[name] = section;
  }

  /** The node whose properties stand at `indent`: right of its arrow. */
  #ownerOf(indent: number): Writable | undefined {
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const open = this.#open[i];
      if (open !== undefined && open.indent < indent) return open.node;
    }
    return this.#open[0]?.node;
  }
}

const joins = /^(?:Nested Loop|Hash (?:\w+ )*Join|Merge (?:\w+ )*Join)/;

function relationship(parent: Writable, before: number): string {
  const type = String(parent["Node Type"]);
  if (type === "Append" || type === "Merge Append" || type === "BitmapAnd" || type === "BitmapOr") return "Member";
  if (type === "Subquery Scan") return "Subquery";
  return joins.test(type) && before > 0 ? "Inner" : "Outer";
}

/** Whether a line's beginning names a node, and is no property that holds something of the same look. */
function nodeNamed(name: string): boolean {
  return /^[A-Z]/.test(name) && !/^[A-Z][\w ]*: /.test(name);
}

/** `Parallel Index Only Scan Backward using a on s.t x` taken apart. */
function nodeName(given: string): Writable {
  const node: Writable = {};
  let name = given.trim();
  const async = /^Async /.exec(name);
  if (async !== null) name = name.slice(6);
  if (name.startsWith("Parallel ")) {
    node["Parallel Aware"] = true;
    name = name.slice(9);
  }
  const stage = /^(Partial|Finalize) /.exec(name);
  if (stage !== null) {
    node["Partial Mode"] = stage[1];
    name = name.slice(stage[0].length);
  }
  const on = / on (.+)$/.exec(name);
  if (on !== null) name = name.slice(0, on.index);
  const using = / using (.+)$/.exec(name);
  if (using !== null) {
    node["Index Name"] = unquoted(using[1] ?? "");
    name = name.slice(0, using.index);
  }
  if (name.endsWith(" Backward")) {
    node["Scan Direction"] = "Backward";
    name = name.slice(0, -9);
  }
  const join = /^(Nested Loop|Hash|Merge) (Left|Right|Full|Semi|Anti|Right Semi|Right Anti)(?: Join)?$/.exec(name);
  const aggregates: Readonly<Record<string, string>> = { GroupAggregate: "Sorted", HashAggregate: "Hashed", MixedAggregate: "Mixed", Aggregate: "Plain" };
  const strategy = aggregates[name];
  const operation = /^(Insert|Update|Delete|Merge)$/.exec(name);
  if (join !== null) {
    node["Join Type"] = join[2];
    name = join[1] === "Nested Loop" ? "Nested Loop" : `${join[1]} Join`;
  } else if (name === "Nested Loop" || name === "Hash Join" || name === "Merge Join") node["Join Type"] = "Inner";
  else if (strategy !== undefined) {
    node["Strategy"] = strategy;
    name = "Aggregate";
  } else if (operation !== null) {
    node["Operation"] = operation[1];
    name = "ModifyTable";
  }
  node["Node Type"] = name;
  if (on !== null) {
    const target = on[1] ?? "";
    if (name === "Bitmap Index Scan") node["Index Name"] = unquoted(target);
    else Object.assign(node, scanTarget(name, target));
  }
  return node;
}

function scanTarget(type: string, target: string): Writable {
  const parts = /^((?:"(?:[^"]|"")*"|[^\s."]+)(?:\.(?:"(?:[^"]|"")*"|[^\s."]+))?)(?: (.+))?$/.exec(target);
  if (parts === null) return { Alias: target };
  const path = [...(parts[1] ?? "").matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map((match) => (match[1] ?? match[2] ?? "").replaceAll('""', '"'));
  const name = path.at(-1) ?? target;
  const alias = unquoted(parts[2] ?? name);
  if (type === "CTE Scan" || type === "WorkTable Scan") return { "CTE Name": name, Alias: alias };
  if (type === "Function Scan") return { "Function Name": name, Alias: alias };
  if (type === "Subquery Scan" || type === "Values Scan") return { Alias: name };
  return { "Relation Name": name, ...(path.length > 1 ? { Schema: path[0] } : {}), Alias: alias };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Adds to the text of the last property. */
function continueLast(node: Writable, content: string): void {
  const last = Object.keys(node).at(-1);
  if (last !== undefined && typeof node[last] === "string" && last !== "Node Type") node[last] = `${node[last]} ${content}`;
}
