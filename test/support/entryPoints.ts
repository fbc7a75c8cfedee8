/** How tests start this project's programs as processes of their own: the build that `npm test` has just made, which starts in a fraction of the time; else the sources. */
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const build = process.env["DATABASE_ARCHITECT_BUILD"];
/** Found from here, for the process may run in another folder. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** What Node is given to start the language server. */
export const serverProgram: readonly string[] = program("server.js", "main.ts");

/** What Node is given to start the command line. */
export const commandLineProgram: readonly string[] = program("cli.js", "cli.ts");

function program(built: string, source: string): readonly string[] {
  if (build !== undefined) return [fileURLToPath(new URL(built, build))];
  return ["--import", tsx, fileURLToPath(new URL(`../../server/src/${source}`, import.meta.url))];
}
