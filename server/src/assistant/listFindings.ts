/** `list_findings`: the findings themselves, chosen by file, table, rule or severity, a page at a time. */
import * as v from "valibot";
import { oneOf } from "../rules/complaint.ts";
import { ruleNamed, rules } from "../rules/registry.ts";
import { severities } from "../rules/settings.ts";
import { nearestName } from "../text/nearestName.ts";
import { filesAt, filesOf } from "./files.ts";
import { factOf, findingsIn, type FoundFinding, rank, relationOf } from "./findings.ts";
import { text, whole } from "./input.ts";
import { type FoundRelation, relationsNamed } from "./relations.ts";
import { defineTool } from "./tool.ts";

const mostAtOnce = 200;
const usual = 50;

export const listFindings = defineTool({
  name: "list_findings",
  title: "List Schema Findings",
  reference: "listSchemaFindings",
  summary: "What is wrong with the PostgreSQL schema of this workspace, with places and fixes, a page at a time.",
  description: `Lists findings about the PostgreSQL schema in the workspace's Prisma schemas and SQL migrations, the gravest first: rule, severity, message, subject, file, line, and the title of the fix where there is one; "safe" fixes keep meaning and data, "review" ones need a decision. The inputs narrow it down and may be combined. At most ${mostAtOnce} at once: the answer says how many there are, and "next" is the offset of the next page. Reads files only, contacts no database, changes nothing. For an overview use check_schema.`,
  input: v.strictObject({
    file: v.optional(text("Only findings in this file, or in files of this folder.")),
    table: v.optional(text("Only findings about this table or view: its name in the database, with or without its schema, or its Prisma model.")),
    rule: v.optional(text("Only findings of this rule, such as require-index-on-foreign-key.")),
    severity: v.optional(
      v.pipe(v.picklist(severities, `must be ${oneOf(severities)}`), v.description("Only findings that are at least this severe.")),
    ),
    limit: v.optional(whole(1, mostAtOnce, `How many at most; ${usual} unless said.`)),
    offset: v.optional(whole(0, Number.MAX_SAFE_INTEGER, "How many to skip.")),
  }),
  *answer(snapshot, { file, table, rule, severity, limit = usual, offset = 0 }) {
    const files = yield* filesOf(snapshot);
    const named = file === undefined ? undefined : filesAt(file, files);
    if (named?.ok === false) return named;
    const about = table === undefined ? undefined : yield* relationsNamed({ name: table }, snapshot);
    if (about?.ok === false) return about;
    const wantedRule = rule === undefined ? undefined : ruleNamed(rule);
    if (rule !== undefined && wantedRule === undefined) return { ok: false, reason: unknownRule(rule) };
    const all = yield* findingsIn(named?.uris ?? files.keys(), snapshot);
    const chosen = all.filter(
      (one) =>
        (wantedRule === undefined || one.finding.rule === wantedRule.id) &&
        (severity === undefined || rank(one.finding.severity) <= rank(severity)) &&
        (about === undefined || isAbout(one, about.found)),
    );
    const shown = chosen.slice(offset, offset + limit);
    const next = offset + shown.length;
    return {
      ok: true,
      value: {
        total: chosen.length,
        offset,
        shown: shown.length,
        next: shown.length > 0 && next < chosen.length ? next : undefined,
        findings: shown.map((one) => factOf(one, files)),
      },
    };
  },
});

/** Whether a finding's subject is one of the tables, or something of it. */
export function isAbout({ finding, project, checked }: FoundFinding, relations: readonly FoundRelation[]): boolean {
  const about = relationOf(finding.subject, checked.schema);
  return about !== undefined && relations.some(({ relation, project: of }) => of.id === project.id && relation.key === about.key);
}

function unknownRule(rule: string): string {
  const meant = nearestName(rule, rules.map(({ id }) => id));
  const kin = rules.filter(({ id }) => rule.split("-").some((word) => word.length > 4 && id.includes(word))).map(({ id }) => id);
  const near = [...new Set([...(meant === undefined ? [] : [meant]), ...kin])].slice(0, 8);
  const hint = near.length > 0 ? `Near to it are ${near.join(", ")}.` : "check_schema lists the rules that found something.";
  return `There is no rule ${JSON.stringify(rule.slice(0, 100))}. ${hint}`;
}
