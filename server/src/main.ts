/**
 * The language server as a process: `--stdio` for any editor, `--node-ipc` for Visual Studio Code. Ends when the editor
 * that started it does.
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./lsp/server.ts";
import { prismaWorker, productVersion, seededClusters, sqlWorker } from "./workspace/assets.ts";
import { nodeFiles } from "./workspace/nodeFiles.ts";

if (!process.argv.slice(2).some((argument) => argument === "--stdio" || argument === "--node-ipc")) {
  process.stderr.write("This is the language server of Database Architect. An editor starts it with --stdio or --node-ipc.\n");
  process.exit(2);
}

// Every keystroke makes a schema anew and drops the last one. By default V8 lets the heap grow to several times what is
// alive before it collects; with this, to less than twice. Read at every collection, so it may be set while running.
setFlagsFromString("--heap-growing-percent=70");

const connection = createConnection(ProposedFeatures.all);

// The library watches the process id that the client names; a parent that dies before it said one is noticed here.
process.once("disconnect", () => process.exit(1));
// A promise that nobody waited for has lost its own result only; the rest of the server is sound.
process.on("unhandledRejection", (reason) =>
  connection.console.error(`There was a fault: ${reason instanceof Error ? reason.stack : String(reason)}`),
);

startServer(connection, { host: nodeFiles(), workers: { prisma: prismaWorker, sql: sqlWorker }, version: productVersion(), seededClusters: fileURLToPath(seededClusters) });
