/**
 * EXPLAIN's text form, turned into the object that FORMAT JSON would have written, as far as text tells. Goes by
 * indentation, as people do, and takes each line once.
 */
import { wholeLines } from "./pastedText.ts";
import { isObject, type PlanObject } from "./planObject.ts";
import { isBareNode, nodeName } from "./textNode.ts";
import { textProperties } from "./textProperties.ts";

type Writable = Record<string, unknown>;

interface Open {
  readonly indent: number;
  readonly node: Writable;
}

/** A sentence when the text is no plan. */
export function textPlan(text: string): { readonly object: PlanObject; readonly others: number } | string {
  const reader = new TextReader();
  for (const line of wholeLines(text)) reader.take(line);
  return reader.result();
}

const figures = /^(.*?) {1,2}\((?:cost=([\d.]+)\.\.([\d.]+) rows=(\d+) width=(\d+)|(?=actual |never ))\)?(.*)$/;
/** Without figures: COSTS OFF, or a step of an extension's own. */
const bareNode = /^([^(]*(?:\([\w ]+\)[^(]*)?)$/;
const measured = /\(actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)\)/;

class TextReader {
  readonly #plan: Writable = {};
  readonly #open: Open[] = [];
  readonly #queryText: string[] = [];
  /** What the next node is to its parent, from a line such as `SubPlan 1`. */
  #heading: { readonly indent: number; readonly relationship: string; readonly name: string } | undefined;
  /** A block at the end: `Planning:`, `JIT:`. */
  #section: { readonly name: string; readonly indent: number } | undefined;
  /** What the last line said something of; a line that begins nothing goes on with it. */
  #last: Writable | undefined;
  /** A worker whose figures stand below its name. */
  #worker: { readonly node: Writable; readonly indent: number } | undefined;
  #others = 0;

  take(line: string): void {
    if (line.trim() === "" || /^\s*(?:```|~~~)/.test(line)) return;
    const indent = line.length - line.trimStart().length;
    const content = line.trim();
    const hasArrow = /^->\s+[A-Z]/.test(content);
    const body = hasArrow ? content.replace(/^->\s+/, "") : content;
    const found = figures.exec(body) ?? (hasArrow || (this.#plan["Plan"] === undefined && isBareNode(content)) ? bareNode.exec(body) : null);
    const isNode = found !== null && (hasArrow || this.#plan["Plan"] === undefined || indent <= this.#rootIndent) && nodeNamed(found[1] ?? "");
    if (isNode) return this.#node(hasArrow ? indent : indent - 2, found);
    if (this.#plan["Plan"] === undefined) return this.#before(content);
    if (this.#ofPlan(content, indent)) {
      this.#last = undefined;
      return;
    }
    const heading = /^(SubPlan|InitPlan|CTE) (.+)$/.exec(content);
    if (heading !== null && !content.includes(": ")) {
      const kind = heading[1] ?? "";
      const name = heading[2] ?? "";
      const relationship = kind === "SubPlan" ? "SubPlan" : "InitPlan";
      this.#heading = { indent, relationship, name: kind === "CTE" ? `CTE ${name}` : `${kind} ${name}` };
      return;
    }
    this.#property(content, indent);
  }

  #property(content: string, indent: number): void {
    // A condition that psql or a mail program broke goes on without a name.
    if (!/^[A-Z][\w/() -]*?:/.test(content)) return this.#last === undefined ? undefined : continueLast(this.#last, content);
    if (this.#worker !== undefined && indent <= this.#worker.indent) this.#worker = undefined;
    const owner = this.#ownerOf(indent);
    if (owner === undefined) return;
    const worker = /^Worker (\d+): */.exec(content);
    if (worker !== null) {
      const node: Writable = { "Worker Number": Number(worker[1]) };
      const workers: unknown = (owner["Workers"] ??= []);
      if (Array.isArray(workers)) workers.push(node);
      this.#worker = { node, indent };
      const rest = content.slice(worker[0].length);
      if (/^[A-Z]/.test(rest)) textProperties(node, rest);
      return;
    }
    this.#last = this.#worker?.node ?? owner;
    textProperties(this.#last, content);
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
    else if (/^Query Parameters: /.test(content) && this.#queryText.length > 0) this.#plan["Query Parameters"] = content.slice(18);
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
    // What has a heading belongs to the node that the heading stands below, beside its other children.
    const heading = this.#heading !== undefined && this.#heading.indent < indent ? this.#heading : undefined;
    const outermost = heading?.indent ?? indent;
    while (this.#open.length > 0 && (this.#open.at(-1)?.indent ?? 0) >= outermost) this.#open.pop();
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#plan["Plan"] = node;
    else {
      const plans: unknown = (parent.node["Plans"] ??= []);
      if (heading !== undefined) Object.assign(node, { "Parent Relationship": heading.relationship, "Subplan Name": heading.name });
      else if (Array.isArray(plans)) node["Parent Relationship"] = relationship(parent.node, plans.filter((each) => isObject(each) && each["Subplan Name"] === undefined).length);
      if (Array.isArray(plans)) plans.push(node);
    }
    this.#heading = undefined;
    this.#section = undefined;
    this.#worker = undefined;
    this.#last = undefined;
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
    // Nothing of a plan comes after this one: psql's timing does, and what somebody has to say.
    if (this.#plan["Execution Time"] !== undefined || /^Time: [\d.]+ ms/.test(content)) return true;
    // "Total runtime" until 9.3, "Execution time" until 9.6.
    const time = /^(Planning time|Execution time|Total runtime): ([\d.]+) ms/i.exec(content);
    if (time !== null) {
      this.#plan[/^planning/i.test(content) ? "Planning Time" : "Execution Time"] = Number(time[2]);
      return true;
    }
    const section = /^(Planning|JIT|Serialization):?$/.exec(content.split(": ")[0] ?? "");
    if (section !== null) {
      this.#section = { name: section[1] ?? "", indent };
      return true;
    }
    const trigger = triggerIn(content);
    if (trigger !== undefined) {
      const triggers: unknown = (this.#plan["Triggers"] ??= []);
      if (Array.isArray(triggers)) triggers.push(trigger);
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

/** Names stand there without quotes, blanks and all. VERBOSE says a constraint's trigger by both its names. */
function triggerIn(content: string): Writable | undefined {
  const found = /^Trigger (.+): (?:time=([\d.]+) )?calls=(\d+)$/.exec(content);
  if (found === null) return undefined;
  const [, named = "", ms, calls] = found;
  const [, names = named, relation] = /^(.+?) on (.+)$/.exec(named) ?? [];
  const [, trigger = "", constraint] = /^(.*?)(?:^| )for constraint (.+)$/.exec(names) ?? [];
  return {
    ...(constraint === undefined ? { "Trigger Name": names } : { "Constraint Name": constraint, ...(trigger === "" ? {} : { "Trigger Name": trigger }) }),
    ...(relation === undefined ? {} : { Relation: relation }),
    Time: Number(ms ?? 0),
    Calls: Number(calls),
  };
}

const joins = /^(?:Nested Loop|Hash (?:\w+ )*Join|Merge (?:\w+ )*Join|Recursive Union|SetOp)/;

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

/** Adds to the text of the last property. */
function continueLast(node: Writable, content: string): void {
  const last = Object.keys(node).at(-1);
  const value = last === undefined ? undefined : node[last];
  if (last === undefined || last === "Node Type") return;
  if (typeof value === "string") node[last] = `${value} ${content}`;
  else if (Array.isArray(value)) node[last] = [...value.slice(0, -1), `${String(value.at(-1) ?? "")} ${content}`];
}
