/** A call of Prisma Client as the statements that it sends, for explaining each. The compiler is loaded with the first call. */
import type { QueryCompiler } from "../../calls/queryCompiler.ts";
import type { StatementText } from "../../explain/planService.ts";
import { queryCompilerWorker, scratchAssets } from "../../workspace/assets.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { TextFile } from "../../workspace/textFile.ts";
import type { FoundSubject } from "./subjects.ts";

export class PlanCalls {
  #compiler: QueryCompiler | undefined;

  /** Undefined where there is no call. */
  async statementsAt(file: TextFile, at: { readonly start: number; readonly end: number }, name: string, project: CheckedProject): Promise<FoundSubject | undefined> {
    if (project.prismaFiles.length === 0) return undefined;
    const [{ callModels }, { callKey }, { mistakenCallAt, prismaCallAt }, { compileCall }, { compilerSchema, QueryCompiler: Compiler }] = await Promise.all([
      import("../../calls/callModels.ts"),
      import("../callLenses.ts"),
      import("../../calls/prismaCalls.ts"),
      import("../../calls/compileCall.ts"),
      import("../../calls/queryCompiler.ts"),
    ]);
    const models = callModels(project.prismaFiles);
    const call = prismaCallAt(file.uri, file.text, models, at);
    if (call === undefined) {
      const reason = mistakenCallAt(file.uri, file.text, models, at);
      return reason === undefined ? undefined : { ok: false, reason, title: name };
    }
    const title = `${name}:${file.lines.position(call.span.start).line + 1}`;
    const compiler = (this.#compiler ??= new Compiler({ worker: queryCompilerWorker, assets: scratchAssets }));
    const compiled = await compileCall(compiler, { models, source: compilerSchema(project.prismaFiles.map(({ text }) => text)) }, call);
    if (!compiled.ok) return { ok: false, reason: compiled.reason, title };
    const { statements, count, warnings, assumptions } = compiled;
    const sends = count.least === count.most ? `${count.least} ${count.least === 1 ? "statement" : "statements"}` : `${count.least} to ${count.most} statements`;
    const texts = statements.map(({ sql, parameters }): StatementText => ({
      text: sql,
      parameters: parameters.map(({ source }, i) => ({
        number: i + 1,
        name: source.kind === "runtime" ? source.text.slice(0, 40) : source.kind === "earlier" ? source.column : undefined,
        ...(source.kind === "literal" ? { known: source.value } : source.kind === "runtime" && source.sample !== undefined ? { known: source.sample } : {}),
      })),
    }));
    const notes = [`This call sends ${sends}.`, ...warnings.map(({ message }) => message), ...assumptions.map(({ text: assumed }) => assumed)];
    return { ok: true, key: callKey(call), title, statements: texts, notes, project, place: { uri: file.uri, span: call.span, placeOf: () => call.span.start } };
  }

  async dispose(): Promise<void> {
    await this.#compiler?.close();
  }
}
