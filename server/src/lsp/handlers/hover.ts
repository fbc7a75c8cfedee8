/**
 * `textDocument/hover`: on a finding's range, what its rule asks for, why, and what its fix would do; on a name, the data
 * sheet of what it stands for; on a query's first word and on its placeholders, their types.
 */
import type { Hover, HoverParams, MarkupContent } from "vscode-languageserver/node";
import { openRuleDocumentation } from "../../../../protocol/src/requests.ts";
import { rulePageAddress } from "../../../../protocol/src/documentation.ts";
import { dataSheet } from "../../editing/dataSheet.ts";
import { ruleNamed } from "../../rules/registry.ts";
import { type Finding, type Fix, fixIn } from "../../rules/rule.ts";
import { codeBlock } from "../../text/markdown.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { PlacedFinding, Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { Client } from "../client.ts";
import { findingsAt } from "../findingsAt.ts";
import type { HandlerContext } from "../handling.ts";
import { type ObjectUnder, objectUnder } from "../objectUnder.ts";
import { querySheet } from "../querySheet.ts";
import { markdownOf, plainTextOf } from "../sheetText.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* hover(snapshot: Snapshot, params: HoverParams, { client }: HandlerContext): Steps<Hover | null> {
  const uri = ownUri(params.textDocument.uri);
  const lines = snapshot.file(uri)?.lines;
  if (lines === undefined) return null;
  const at = lines.offset(params.position);
  const report = yield* snapshot.report(uri);
  const found = report === undefined ? [] : findingsAt(report, { start: at, end: at });
  const under = yield* objectUnder(snapshot, uri, at);
  const sheet = yield* querySheet(snapshot, uri, at);
  const span = found[0]?.span ?? sheet?.span ?? under?.span;
  if (span === undefined) return null;
  const parts: string[] = [];
  if (found.length > 0) parts.push(client.readsMarkdown ? aboutFindings(found, client) : plain(aboutFindings(found, client)));
  if (under !== undefined) parts.push(aboutObject(under, found.length === 0 ? 12 : 3, snapshot, client));
  if (sheet !== undefined) parts.push(client.readsMarkdown ? `**${sheet.heading}**\n\n${codeBlock("sql", sheet.code)}` : `${sheet.heading}\n${sheet.code}`);
  const contents: MarkupContent = { kind: client.readsMarkdown ? "markdown" : "plaintext", value: parts.join("\n\n---\n\n") };
  return { contents, range: rangeOf(span, lines) };
}

/** One finding in full, or several in short: what is wrong comes before what it is. */
function aboutFindings(found: readonly PlacedFinding[], client: Client): string {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return inFull(first.finding, fixIn(first.checked.schema, first.finding), client);
  return found
    .slice(0, 4)
    .map(({ finding }) => inShort(finding, client))
    .join("\n\n");
}

/** `most` facts: a hover has twelve lines at most, or people do not read it. */
function aboutObject({ object, checked }: ObjectUnder, most: number, snapshot: Snapshot, client: Client): string {
  const whole = dataSheet(object, checked.schema, checked.places);
  const sheet = { ...whole, facts: whole.facts.slice(0, most) };
  return client.readsMarkdown ? markdownOf(sheet, snapshot, checked) : plainTextOf(sheet);
}

function inFull(finding: Finding, offered: Fix | undefined, client: Client): string {
  const rule = ruleNamed(finding.rule);
  if (rule === undefined) return `**${finding.rule}**`;
  const fix = offered === undefined ? [] : [`*Fix:* ${offered.title}${offered.safety === "review" ? " (to be reviewed)" : ""}.`];
  const doubt = finding.doubt === undefined ? [] : [`*Uncertain:* ${finding.doubt}`];
  return [`**${rule.id}**: ${rule.summary}`, oneLine(rule.why), ...doubt, ...fix, links(rule.id, rule.sources, client)].join("\n\n");
}

function inShort(finding: Finding, client: Client): string {
  const rule = ruleNamed(finding.rule);
  const page = pageLink(finding.rule, client);
  return `**${finding.rule}**: ${rule?.summary ?? ""}${page === undefined ? "" : ` [More](${page})`}`;
}

function links(rule: string, sources: readonly string[], client: Client): string {
  const page = pageLink(rule, client);
  const pages = sources.slice(0, 3).map((source) => `[${new URL(source).hostname.replace(/^www\./, "")}](${source})`);
  return [...(page === undefined ? [] : [`[About this rule](${page})`]), ...pages].join(" · ");
}

/** A hover may link to a command of ours, and to no scheme of ours. */
function pageLink(rule: string, client: Client): string | undefined {
  return client.opensRulePages ? `command:${openRuleDocumentation}?${encodeURIComponent(JSON.stringify([rule]))}` : rulePageAddress(rule);
}

/** Metadata breaks its lines for the source; Markdown would keep them in some clients. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, "$1: $2").replaceAll(/\*+/g, "");
}
