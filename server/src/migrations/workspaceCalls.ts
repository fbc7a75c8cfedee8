/** All queries beside a history: those that people wrote, and what the calls of Prisma Client send, as its schema is now. */
import { relative } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { type CallModels, callModels } from "../calls/callModels.ts";
import { compileCall } from "../calls/compileCall.ts";
import { prismaCalls } from "../calls/prismaCalls.ts";
import { compilerSchema, QueryCompiler, type QueryCompilerOptions } from "../calls/queryCompiler.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import { isProgram } from "../sql/queries/query.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";
import type { KnownQuery } from "./clients.ts";
import { queryFiles, workspaceQueries } from "./workspaceQueries.ts";

const mostCalls = 1000;

export interface Beside {
  /** Absolute. */
  readonly root: string;
  /** A folder in it that is left out: the history. */
  readonly except: string;
  /** Without one there are no calls. */
  readonly schema: readonly PrismaFile[];
  readonly host: FileHost;
}

export async function queriesBeside(beside: Beside, compilerOptions: QueryCompilerOptions, signal?: AbortSignal): Promise<readonly KnownQuery[]> {
  const written = await workspaceQueries(beside.root, beside.except, beside.host, signal);
  if (beside.schema.length === 0) return written;
  const compiler = new QueryCompiler(compilerOptions);
  try {
    return [...written, ...(await workspaceCalls(beside, compiler, signal))];
  } finally {
    await compiler.close();
  }
}

/** Each text once, under the first call that sends it. A call that Prisma refuses is left out: whoever builds the program hears of it. */
async function workspaceCalls({ root, except, schema, host }: Beside, compiler: QueryCompiler, signal: AbortSignal | undefined): Promise<readonly KnownQuery[]> {
  const models: CallModels = callModels(schema);
  const source = compilerSchema(schema.map(({ text }) => text));
  const found = new Map<string, KnownQuery>();
  let calls = 0;
  for (const path of queryFiles(root, except, host)) {
    if (!isProgram(path)) continue;
    await turn();
    const read = host.readText(path);
    if (!read.ok) continue;
    const lines = new LineIndex(read.text);
    for (const call of prismaCalls(uriOfPath(path), read.text, models)) {
      if (calls++ >= mostCalls || signal?.aborted === true) return [...found.values()];
      const compiled = await compileCall(compiler, { models, source }, call);
      if (!compiled.ok) continue;
      const name = `${relative(root, path)}:${lines.position(call.span.start).line + 1} (${call.model}.${call.operation})`;
      for (const { sql } of compiled.statements) if (!found.has(sql)) found.set(sql, { name, text: sql });
    }
  }
  return [...found.values()];
}
