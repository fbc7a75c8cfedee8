/** Which question about migrations is answered by what. What asks is parsed first; what answers is loaded when first asked. */
import type { CancellationToken, Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import {
  checkMigrations,
  createMigration,
  driftScript,
  findSeed,
  listHistories,
  migrationProgress,
  type MigrationProgress,
  type MigrationRefusal,
  migrationStatus,
  planRun,
  previewMigration,
  proveMigrations,
  pullSchema,
  resolveMigration,
  runMigrations,
  seedDatabase,
  squashMigrations,
  tableTimeline,
} from "../../../../protocol/src/migrations.ts";
import {
  createParamsShape,
  driftScriptParamsShape,
  historyParamsShape,
  planParamsShape,
  proveParamsShape,
  pullParamsShape,
  resolveParamsShape,
  runParamsShape,
  seedParamsShape,
  squashParamsShape,
  statusParamsShape,
  timelineParamsShape,
} from "../../../../protocol/src/migrationsShapes.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { signalOf } from "../cancellation.ts";
import type { Serving } from "../handling.ts";
import type * as Answers from "./answers.ts";
import { historiesOf } from "./openHistory.ts";

/** Returns what is to be done at the end. */
export function answerMigrationRequests(connection: Connection, serving: Serving, files: FileHost, cacheFolder: string | undefined): () => Promise<void> {
  let loading: Promise<Answers.MigrationAnswers> | undefined;
  const tell = (progress: MigrationProgress): void => {
    connection.sendRequest(migrationProgress, progress).catch((error: unknown) => serving.log(migrationProgress, error));
  };
  const answers = (): Promise<Answers.MigrationAnswers> => {
    loading ??= import("./answers.ts").then(({ MigrationAnswers }: typeof Answers) => new MigrationAnswers({ serving, files, cacheFolder, tell }));
    return loading;
  };

  /** Faults are logged; the person hears of a failure either way. */
  const answer = <Params, Result>(method: string, shape: v.GenericSchema<unknown, Params>, handler: (all: Answers.MigrationAnswers, params: Params, signal: AbortSignal) => Promise<Result>): void => {
    connection.onRequest<unknown, never>(method, async (params: unknown, token: CancellationToken): Promise<Result | MigrationRefusal> => {
      const end = serving.activity.begin();
      try {
        await serving.ready;
        return await handler(await answers(), v.parse(shape, params), signalOf(token));
      } catch (error) {
        serving.log(method, error);
        return { ok: false, reason: "There was a fault in the language server; the output has the details." };
      } finally {
        end();
      }
    });
  };
  connection.onRequest(listHistories, async () => {
    await serving.ready;
    return historiesOf(serving.workspace.snapshot());
  });
  answer(migrationStatus, statusParamsShape, (all, params, signal) => all.status(params, signal));
  answer(driftScript, driftScriptParamsShape, (all, params, signal) => all.driftScript(params, signal));
  answer(tableTimeline, timelineParamsShape, (all, params) => all.timeline(params));
  answer(createMigration, createParamsShape, (all, params) => all.create(params));
  answer(previewMigration, historyParamsShape, (all, params) => all.preview(params));
  answer(checkMigrations, historyParamsShape, (all, params) => all.check(params));
  answer(proveMigrations, proveParamsShape, (all, params, signal) => all.prove(params, signal));
  answer(planRun, planParamsShape, (all, params, signal) => all.plan(params, signal));
  answer(runMigrations, runParamsShape, (all, params, signal) => all.run(params, signal));
  answer(resolveMigration, resolveParamsShape, (all, params, signal) => all.resolve(params, signal));
  answer(squashMigrations, squashParamsShape, (all, params) => all.squash(params));
  answer(pullSchema, pullParamsShape, (all, params, signal) => all.pull(params, signal));
  answer(findSeed, historyParamsShape, (all, params) => all.findSeed(params));
  answer(seedDatabase, seedParamsShape, (all, params, signal) => all.seed(params, signal));
  return async () => {
    await (await loading)?.close();
  };
}
