/** Calls of Prisma Client as their SQL: from the text of a call to its statements, of every model of the CRM sample, with the compiler running. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileCall } from "../server/src/calls/compileCall.ts";
import { clientProperty } from "../server/src/calls/callModels.ts";
import { prismaCalls } from "../server/src/calls/prismaCalls.ts";
import { callSchema, openCompiler } from "../test/support/compiledCalls.ts";
import { type Row, shown, summarize } from "./statistics.ts";

const rounds = 5;

export async function callsBenchmark(repository: string): Promise<Row[]> {
  const schemas = join(repository, "examples/crm/prisma/schema");
  const texts = readdirSync(schemas).filter((name) => name.endsWith(".prisma")).map((name) => readFileSync(join(schemas, name), "utf8"));
  const schema = callSchema(texts);
  const source = [...schema.models.byName.values()].map(({ name, fields }) => {
    const [relation] = [...fields.values()].filter(({ kind }) => kind === "relation");
    const include = relation === undefined ? "" : `, include: { ${relation.name}: true }`;
    return `await prisma.${clientProperty(name)}.findMany({ take: 20${include} });`;
  });
  const compiler = await openCompiler();
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const text of source) {
        const start = performance.now();
        const [call] = prismaCalls("file:///a.ts", text, schema.models);
        const compiled = call === undefined ? undefined : await compileCall(compiler, schema, call);
        if (compiled?.ok !== true) throw new Error(`${text} ${compiled?.reason ?? "is no call"}`);
        if (round > 0) times.push(performance.now() - start);
      }
    }
    return [{ what: `A call of Prisma Client to its SQL, ${source.length} models, the compiler warm`, ours: shown(summarize(times)), peer: "", ratio: "" }];
  } finally {
    await compiler.close();
  }
}
