/**
 * Rules that are set differently in different files. A rule looks at a whole schema, so it runs with what is wanted
 * anywhere, and each finding is then kept, and as grave, as the file says that it is shown in.
 */
import type { Finding } from "./rule.ts";
import { severityWith } from "./run.ts";
import type { RuleSetting, RuleSettings } from "./settings.ts";

/**
 * What the rules are to be run with so that every one of `variants` finds what it wants: nearly always one run; as many
 * as a rule has different options.
 */
export function runsFor(variants: readonly RuleSettings[]): readonly RuleSettings[] {
  const [first, ...others] = variants;
  if (first === undefined || others.length === 0) return variants;
  const wanted = new Map<string, RuleSetting[]>();
  for (const variant of variants) {
    for (const [id, setting] of variant) {
      if (setting.severity === "off") continue;
      const known = wanted.get(id) ?? [];
      if (!known.some((other) => other.options === setting.options)) wanted.set(id, [...known, setting]);
    }
  }
  const runs = Math.max(1, ...[...wanted.values()].map((settings) => settings.length));
  return Array.from(
    { length: runs },
    (_, at) => new Map([...first].map(([id, setting]) => [id, wanted.get(id)?.[at] ?? { ...setting, severity: "off" }])),
  );
}

/** What a run found, as the settings of its file have it; undefined where they do not want it, or another run is theirs. */
export function findingUnder(settings: RuleSettings, finding: Finding, run: RuleSettings): Finding | undefined {
  if (settings === run) return finding;
  const setting = settings.get(finding.rule);
  if (setting === undefined) return finding;
  if (setting.severity === "off" || setting.options !== run.get(finding.rule)?.options) return undefined;
  const severity = severityWith(setting.severity, finding.doubt);
  return severity === finding.severity ? finding : { ...finding, severity };
}
