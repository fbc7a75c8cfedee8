/** A data sheet as the text of a hover: Markdown with links to where things are stated, or plain lines. */
import type { Run, Sheet } from "../editing/sheets/sheet.ts";
import { codeBlock, codeSpan, escaped, visible } from "../text/markdown.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

/** Longer comments are cut: a hover is no page. */
const longestComment = 300;

export function markdownOf({ sql, comment, facts }: Sheet, snapshot: Snapshot, checked: CheckedProject): string {
  const runText = (run: Run): string => {
    if (typeof run === "string") return run;
    const link = run.at === undefined ? undefined : linkTo(run.at, snapshot, checked);
    const shown = codeSpan(run.code);
    return link === undefined ? shown : `[${shown}](${link})`;
  };
  const lines = facts.map(({ label, value }) => `**${label}** ${value.map(runText).join("")}`);
  const said = comment === undefined || comment.trim() === "" ? [] : [escaped(short(comment))];
  // Two blanks at the end of a line keep it one of its own, where a list would indent.
  return [codeBlock("sql", sql), ...said, ...(lines.length === 0 ? [] : [lines.join("  \n")])].join("\n\n");
}

export function plainTextOf({ sql, comment, facts }: Sheet): string {
  const lines = facts.map(({ label, value }) => `${label}: ${value.map((run) => (typeof run === "string" ? run : run.code)).join("")}`);
  return [sql, ...(comment === undefined ? [] : [short(comment)]), ...lines].map(visible).join("\n");
}

function linkTo(at: NonNullable<Exclude<Run, string>["at"]>, snapshot: Snapshot, { places }: CheckedProject): string | undefined {
  const line = snapshot.file(at.uri)?.lines.position(places.nameSpan(at).start).line;
  // Parentheses would end the link early.
  return line === undefined ? undefined : `${snapshot.editorUri(at.uri).replaceAll("(", "%28").replaceAll(")", "%29")}#L${line + 1}`;
}

function short(comment: string): string {
  const text = comment.trim();
  return text.length > longestComment ? `${text.slice(0, longestComment)}…` : text;
}
