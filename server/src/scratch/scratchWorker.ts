/** The script of the thread that holds an embedded PostgreSQL: says `ready`, then answers one message after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { answer, startPostgres } from "./embeddedPostgres.ts";
import type { ScratchRequest } from "./messages.ts";

if (parentPort === null) throw new Error("scratchWorker runs in a worker thread only.");
const port = parentPort;

const database = await startPostgres(workerData);
port.on("message", (request: ScratchRequest) => void answer(database, request).then((reply) => port.postMessage(reply)));
port.postMessage("ready");
