/** Turning a rule off for a whole team: an edit of a configuration file that keeps its comments, or a new file. */
import { modify } from "jsonc-parser";
import { ruleNamed } from "../rules/registry.ts";
import type { FileEdit } from "../text/edit.ts";
import { readConfiguration } from "./configuration.ts";
import { readJsonc } from "./jsonc.ts";

/**
 * `text` is that of the file at `uri`; undefined when there is none yet. The edit is undefined where the file is broken,
 * or says something about the rule for certain files, which would lead.
 */
export function turnOffEdit(rule: string, uri: string, text: string | undefined): FileEdit | undefined {
  if (text === undefined) return { kind: "create", uri, text: `${JSON.stringify({ rules: { [rule]: "off" } }, undefined, 2)}\n` };
  const { value, problems } = readJsonc(text);
  const rules = isRecord(value) ? (value["rules"] ?? {}) : undefined;
  if (problems.length > 0 || !isRecord(rules)) return undefined;
  if (readConfiguration(text).configuration.overrides.some((override) => override.rules.has(rule))) return undefined;
  const name = Object.keys(rules).find((key) => ruleNamed(key)?.id === rule) ?? rule;
  const path = ["rules", name, ...(isRecord(rules[name]) ? ["severity"] : [])];
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  // A byte order mark stays in the count.
  const edits = modify(text.replace(/^\uFEFF/, " "), path, "off", { formattingOptions });
  return {
    kind: "change",
    uri,
    edits: edits.map(({ offset, length, content }) => ({ span: { start: offset, end: offset + length }, text: content })),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
