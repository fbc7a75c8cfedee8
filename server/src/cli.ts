#!/usr/bin/env node
/** The command line as a process: the editor's engine for terminals and build servers. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { couldNotRun, faultSentence, runCommandLine } from "./cli/commandLine.ts";
import { userCacheFolder } from "./lab/cacheFolder.ts";
import { productVersion, seededClusters } from "./workspace/assets.ts";
import { nodeFiles } from "./workspace/nodeFiles.ts";

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : couldNotRun));

runCommandLine(process.argv.slice(2), {
  folder: process.cwd(),
  host: nodeFiles(),
  version: productVersion(),
  // https://no-color.org: set to anything but an empty text, it turns colours off.
  hasColours: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb",
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  write: (path, text) => writeFileSync(path, text),
  create: (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  },
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  now: () => new Date(),
  variable: (name) => process.env[name],
  cacheFolder: userCacheFolder(process.platform, process.env),
  seededClusters: fileURLToPath(seededClusters),
  onInterrupt: (stop) => {
    process.once("SIGINT", stop);
    return () => process.off("SIGINT", stop);
  },
}).then(
  (code) => {
    // Not process.exit: what was printed may still be on its way into a pipe.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(faultSentence("the command line", error));
    process.exitCode = couldNotRun;
  },
);
