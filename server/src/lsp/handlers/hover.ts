/** `textDocument/hover`: on a finding's range, what its rule asks for, why, and what its fix would do. */
import type { Hover, HoverParams } from "vscode-languageserver/node";
import { openRuleDocumentation } from "../../../../protocol/src/requests.ts";
import { rulePageAddress } from "../../../../protocol/src/documentation.ts";
import { ruleNamed } from "../../rules/registry.ts";
import { type Finding, type Fix, fixIn } from "../../rules/rule.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { Client } from "../client.ts";
import { findingsAt } from "../findingsAt.ts";
import type { HandlerContext } from "../handling.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* hover(snapshot: Snapshot, params: HoverParams, { client }: HandlerContext): Steps<Hover | null> {
  const report = yield* snapshot.report(ownUri(params.textDocument.uri));
  if (report === undefined) return null;
  const { lines } = report.file;
  const at = lines.offset(params.position);
  const found = findingsAt(report, { start: at, end: at });
  const [first] = found;
  if (first === undefined) return null;
  const fix = found.length === 1 ? fixIn(first.checked.schema, first.finding) : undefined;
  // Twelve lines at most: one finding in full, or several in short.
  const value =
    found.length === 1
      ? inFull(first.finding, fix, client)
      : found
          .slice(0, 4)
          .map(({ finding }) => inShort(finding, client))
          .join("\n\n");
  return {
    contents: { kind: client.readsMarkdown ? "markdown" : "plaintext", value: client.readsMarkdown ? value : plain(value) },
    range: rangeOf(first.span, lines),
  };
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
