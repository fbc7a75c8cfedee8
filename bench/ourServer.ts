/** Our language server as the editor starts it, for the benchmarks. */
import { join } from "node:path";
import { serverProcess } from "../client/src/serverProcess.ts";
import type { ServerCommand } from "./client.ts";

/** Needs a built `dist/`. */
export function ourServer(repository: string, initializationOptions?: object): ServerCommand {
  return {
    name: "database-architect",
    command: process.execPath,
    arguments: [...serverProcess.execArgv, join(repository, "dist/server.js"), "--stdio"],
    environment: serverProcess.env,
    ...(initializationOptions === undefined ? {} : { initializationOptions }),
  };
}
