/** A node's line in EXPLAIN's text form, such as `Parallel Index Only Scan Backward using a on s.t x`, taken apart. */

type Writable = Record<string, unknown>;

/** Under the names that FORMAT JSON gives. */
export function nodeName(given: string): Writable {
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
  if (name.includes(" Backward")) {
    node["Scan Direction"] = "Backward";
    name = name.replace(" Backward", "");
  }
  Object.assign(node, operation(name));
  if (on !== null) {
    const target = on[1] ?? "";
    if (name === "Bitmap Index Scan") node["Index Name"] = unquoted(target);
    else Object.assign(node, scanTarget(name, target));
  }
  return node;
}

const aggregates: Readonly<Record<string, string>> = { GroupAggregate: "Sorted", HashAggregate: "Hashed", MixedAggregate: "Mixed", Aggregate: "Plain" };

/** What is done, and how. */
function operation(name: string): Writable {
  const join = /^(Nested Loop|Hash|Merge) (Left|Right|Full|Semi|Anti|Right Semi|Right Anti)(?: Join)?$/.exec(name);
  if (join !== null) return { "Node Type": join[1] === "Nested Loop" ? "Nested Loop" : `${join[1]} Join`, "Join Type": join[2] };
  if (name === "Nested Loop" || name === "Hash Join" || name === "Merge Join") return { "Node Type": name, "Join Type": "Inner" };
  const strategy = aggregates[name];
  if (strategy !== undefined) return { "Node Type": "Aggregate", Strategy: strategy };
  if (/^(?:Insert|Update|Delete|Merge)$/.test(name)) return { "Node Type": "ModifyTable", Operation: name };
  const setOperation = /^(Hash)?SetOp (.+)$/.exec(name);
  if (setOperation !== null) return { "Node Type": "SetOp", Strategy: setOperation[1] === undefined ? "Sorted" : "Hashed", Command: setOperation[2] };
  // An extension's own node says whose it is.
  const custom = /^Custom Scan \((.+)\)$/.exec(name);
  return custom === null ? { "Node Type": name } : { "Node Type": "Custom Scan", "Custom Plan Provider": custom[1] };
}

function scanTarget(type: string, target: string): Writable {
  const parts = /^((?:"(?:[^"]|"")*"|[^\s."]+)(?:\.(?:"(?:[^"]|"")*"|[^\s."]+))?)(?: (.+))?$/.exec(target);
  if (parts === null) return { Alias: target };
  const path = [...(parts[1] ?? "").matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map((match) => (match[1] ?? match[2] ?? "").replaceAll('""', '"'));
  const name = path.at(-1) ?? target;
  const alias = unquoted(parts[2] ?? name);
  if (type === "CTE Scan" || type === "WorkTable Scan") return { "CTE Name": name, Alias: alias };
  if (type === "Function Scan") return { "Function Name": name, ...(path.length > 1 ? { Schema: path[0] } : {}), Alias: alias };
  if (type === "Subquery Scan" || type === "Values Scan") return { Alias: name };
  return { "Relation Name": name, ...(path.length > 1 ? { Schema: path[0] } : {}), Alias: alias };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

const types =
  "Result|ProjectSet|Insert|Update|Delete|Merge|Append|Merge Append|Recursive Union|BitmapAnd|BitmapOr|Nested Loop(?: \\w+){0,3}|(?:Hash|Merge)(?: \\w+){0,2} Join|Seq Scan|Sample Scan|Gather(?: Merge)?|Index(?: Only)? Scan|Bitmap (?:Index|Heap) Scan|Tid(?: Range)? Scan|(?:Subquery|Function|Table Function|Values|CTE|Named Tuplestore|WorkTable|Foreign|Custom) Scan(?: \\([\\w ]+\\))?|Materialize|Memoize|(?:Incremental )?Sort|Group|Aggregate|GroupAggregate|HashAggregate|MixedAggregate|WindowAgg|Unique|(?:Hash)?SetOp(?: \\w+){1,2}|LockRows|Limit|Hash";
const bare = new RegExp(`^(?:(?:Async|Parallel|Partial|Finalize) )*(?:${types})(?: Backward)?(?: using \\S+)?(?: on \\S.*)?$`);

/** Whether a line without figures, as COSTS OFF writes it, can only be a plan's root. */
export function isBareNode(line: string): boolean {
  return line.length < 1_000 && bare.test(line) && !/[;:]/.test(line);
}
