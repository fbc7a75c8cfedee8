/**
 * A process that applies the migrations of a folder, to be killed: `kind folder url` as arguments, loads everything, says
 * "ready", and begins when it is told to.
 */
import process from "node:process";
import { readHistory } from "../../server/src/migrations/history.ts";
import { planApply } from "../../server/src/migrations/run/plan.ts";
import { carryOut } from "../../server/src/migrations/run/run.ts";
import type { RunContext } from "../../server/src/migrations/run/runContext.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";

const [form, url, ...paths] = process.argv.slice(2);
await loadSqlParser();
const kind = form === "numbered" ? "numbered" : "prisma";
const root = (paths[0] ?? "").replace(/\/[^/]+(?:\/migration\.sql)?$/, "");
const history = readHistory({ kind, root, uris: paths.map(uriOfPath) }, nodeFiles(), () => (kind === "numbered" ? "each" : "message"));
const nowhere = new URL("file:///");
const context: RunContext = { history, foldOptions: {}, settings: { url: url ?? "", connectTimeoutMs: 60_000 }, scratch: { worker: nowhere, assets: nowhere }, waitMs: 30_000 };
const plan = await planApply(context);
if (!plan.ok) throw new Error(plan.reason);
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
const ran = await carryOut(context, plan.value, {}, { onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`) });
process.stdout.write(`${JSON.stringify(ran)}\n`);
process.exit(0);
