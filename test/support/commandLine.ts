/** The command line in this process: starting one takes longer than everything that it does. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { runCommandLine } from "../../server/src/cli/commandLine.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `database-architect …` with `folder` as the current folder. */
export async function run(folder: string, ...given: readonly string[]): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const status = await runCommandLine(given, {
    folder,
    host: nodeFiles(),
    version: "1.2.3",
    hasColours: false,
    print: (text) => (stdout += text),
    complain: (text) => (stderr += text),
    write: (path, text) => writeFileSync(path, text),
    create: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: "wx" });
    },
    remove: (path) => rmSync(path, { recursive: true, force: true }),
    now: () => new Date("2026-03-04T05:06:07Z"),
  });
  return { status, stdout, stderr };
}

/** The rules of the findings that the format `pretty` printed. */
export function rulesIn({ stdout }: Ended): readonly string[] {
  return [...stdout.matchAll(/\((\w[\w-]+)\)$/gm)].map((match) => match[1] ?? "");
}
