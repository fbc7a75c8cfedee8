/** The lines below a node in EXPLAIN's text form, under the names that FORMAT JSON gives them. */

import { isObject } from "./planObject.ts";

/** Puts what a line such as `Rows Removed by Filter: 12` says into `node`. */
export function textProperties(node: Record<string, unknown>, line: string): void {
  const at = line.indexOf(":");
  const name = line.slice(0, at);
  const value = line.slice(at + 1).trim();
  switch (name) {
    case "Buffers":
      Object.assign(node, bufferCounts(value));
      return;
    case "I/O Timings":
      Object.assign(node, ioTimings(value));
      return;
    case "Output":
    case "Sort Key":
    case "Group Key":
    case "Presorted Key":
      node[name] = listItems(value);
      return;
    case "Heap Blocks":
      for (const [, kind, count] of value.matchAll(/(exact|lossy)=(\d+)/g)) node[kind === "exact" ? "Exact Heap Blocks" : "Lossy Heap Blocks"] = Number(count);
      return;
    case "Sort Method": {
      const [, method = value, where, kilobytes] = /^(.*?) {2}(Memory|Disk): (\d+)kB/.exec(value) ?? [];
      Object.assign(node, { "Sort Method": method, ...(where === undefined ? {} : { "Sort Space Type": where, "Sort Space Used": Number(kilobytes) }) });
      return;
    }
    case "Buckets":
    case "Batches": {
      const isHash = name === "Buckets";
      for (const [, key = "", count, original] of line.matchAll(/(Buckets|Batches|Memory Usage|Disk Usage): (\d+)(?: \(originally (\d+)\))?/g)) {
        node[hashNames[key]?.[isHash ? 0 : 1] ?? key] = Number(count);
        if (key === "Batches" && original !== undefined) node["Original Hash Batches"] = Number(original);
      }
      return;
    }
    case "Planned Partitions":
      node[name] = Number.parseInt(value, 10);
      if (value.includes("  ")) textProperties(node, value.slice(value.indexOf("  ")).trim());
      return;
    case "Hits":
    case "Storage":
      for (const [key, each] of pairsIn(line)) node[memoized[key] ?? key] = valueOf(each.replace(/(?<=\d)kB$/, ""));
      return;
    case "Full-sort Groups":
    case "Pre-sorted Groups":
      node[name] = sortGroups(line);
      return;
    default:
      node[name] = valueOf(value);
  }
}

function valueOf(text: string): string | number {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `Hits: 980  Misses: 20`. */
function pairsIn(line: string): readonly (readonly [string, string])[] {
  return line.split(/ {2,}(?=[A-Z])/).map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1).trim()]);
}

const memoized: Readonly<Record<string, string>> = { Hits: "Cache Hits", Misses: "Cache Misses", Evictions: "Cache Evictions", Overflows: "Cache Overflows", "Memory Usage": "Peak Memory Usage" };

/** `Full-sort Groups: 32  Sort Method: quicksort  Average Memory: 25kB  Peak Memory: 25kB`, of an incremental sort. */
function sortGroups(line: string): Record<string, unknown> {
  const [count, ...rest] = pairsIn(line);
  const groups: Record<string, unknown> = { "Group Count": valueOf(count?.[1] ?? "") };
  for (const [key, value] of rest) {
    if (/^Sort Methods?$/.test(key)) groups["Sort Methods Used"] = value.split(", ");
    const [, which, where] = /^(Average|Peak) (Memory|Disk)$/.exec(key) ?? [];
    if (where === undefined) continue;
    const space: unknown = groups[`Sort Space ${where}`];
    groups[`Sort Space ${where}`] = { ...(isObject(space) ? space : {}), [`${which} Sort Space Used`]: Number.parseInt(value, 10) };
  }
  return groups;
}

const hashNames: Readonly<Record<string, readonly [string, string]>> = {
  Buckets: ["Hash Buckets", "Hash Buckets"],
  Batches: ["Hash Batches", "HashAgg Batches"],
  "Memory Usage": ["Peak Memory Usage", "Peak Memory Usage"],
  "Disk Usage": ["Disk Usage", "Disk Usage"],
};

const words: Readonly<Record<string, string>> = { hit: "Hit", read: "Read", dirtied: "Dirtied", written: "Written", shared: "Shared", local: "Local", temp: "Temp" };

/** `shared hit=1 read=2, temp written=3` as `Shared Hit Blocks`, … */
function bufferCounts(value: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const group of value.split(", ")) {
    const kind = words[group.split(" ")[0] ?? ""];
    if (kind === undefined) continue;
    for (const [, what = "", count] of group.matchAll(/(hit|read|dirtied|written)=(\d+)/g)) counts[`${kind} ${words[what]} Blocks`] = Number(count);
  }
  return counts;
}

/** `shared/local read=1.2 write=0.1`, and from 17 `shared read=…, local read=…`. */
function ioTimings(value: string): Record<string, number> {
  const times: Record<string, number> = {};
  for (const group of value.split(", ")) {
    const kind = group.startsWith("temp") ? "Temp " : group.startsWith("local") ? "Local " : "Shared ";
    for (const [, what, ms] of group.matchAll(/(read|write)=([\d.]+)/g)) times[`${kind}I/O ${what === "read" ? "Read" : "Write"} Time`] = Number(ms);
  }
  return times;
}

/** Splits at commas outside of parentheses, brackets and quotes. */
function listItems(value: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    const character = value.charAt(i);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (character === "," && depth === 0) {
      items.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...items, value.slice(start).trim()];
}
