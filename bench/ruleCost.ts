/** What each rule costs of a whole run over 1,000 models, with all rules on: a rule that takes a large share is to say why. */
import { fromPrisma } from "../server/src/model/fromPrisma.ts";
import { parsePrisma } from "../server/src/prisma/parse.ts";
import { schemaRules } from "../server/src/rules/registry.ts";
import type { SchemaRule } from "../server/src/rules/rule.ts";
import { runRules } from "../server/src/rules/run.ts";
import { presetSettings } from "../server/src/rules/settings.ts";
import { prismaSchema } from "./generateSchema.ts";
import { type Row, round, summarize } from "./statistics.ts";

const runs = 15;
const shownRules = 5;

export async function ruleCostBenchmark(): Promise<Row[]> {
  const spent = new Map<string, number>();
  const rules = schemaRules.map((rule) => timed(rule, spent));
  const settings = presetSettings("all");
  const totals: number[] = [];
  const shares = new Map<string, number[]>();
  for (let run = 0; run < runs; run++) {
    // A schema of its own, so that no answer is at hand from the run before.
    const schema = fromPrisma([parsePrisma("file:///schema.prisma", prismaSchema(1000))], { major: 7 });
    spent.clear();
    const start = performance.now();
    runRules(schema, { settings, rules });
    const total = performance.now() - start;
    totals.push(total);
    for (const [id, time] of spent) shares.set(id, [...(shares.get(id) ?? []), time / total]);
  }
  const medians = [...shares].map(([id, values]) => ({ id, share: summarize(values).median })).sort((a, b) => b.share - a.share);
  return [
    {
      what: `all ${rules.length} rules over 1,000 models, from nothing`,
      ours: `${round(summarize(totals).median)} ms`,
      peer: "",
      ratio: "",
    },
    ...medians
      .slice(0, shownRules)
      .map(({ id, share }) => ({ what: `of that, ${id}`, ours: `${(100 * share).toFixed(1)} %`, peer: "", ratio: "" })),
  ];
}

/** The rule, with the time it takes added up; a question that several rules ask is paid for by the first. */
function timed(rule: SchemaRule, spent: Map<string, number>): SchemaRule {
  const time =
    <A extends readonly unknown[], T>(check: (...given: A) => Iterable<T>): ((...given: A) => Iterable<T>) =>
    (...given) => {
      const start = performance.now();
      const found = [...check(...given)];
      spent.set(rule.id, (spent.get(rule.id) ?? 0) + performance.now() - start);
      return found;
    };
  return {
    ...rule,
    ...(rule.checkTable === undefined ? {} : { checkTable: time(rule.checkTable) }),
    ...(rule.checkSchema === undefined ? {} : { checkSchema: time(rule.checkSchema) }),
  };
}
