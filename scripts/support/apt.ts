/** Programs that tests need, from Debian, where that is what runs and where that is allowed. */
import process from "node:process";
import { findOnPath, tryRun } from "./command.ts";
import { note, step } from "./terminal.ts";

/** Whether Debian's packages are installed now. Asks nobody for a password. */
export async function installWithApt(packages: readonly string[]): Promise<boolean> {
  if (findOnPath("apt-get") === undefined) return false;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (findOnPath("sudo") === undefined || (await tryRun("sudo", ["-n", "true"], { output: "quiet" })).code !== 0)) return false;
  step(`Installing ${packages.join(", ")} with apt-get`);
  const apt = async (...args: string[]): Promise<boolean> => {
    const command = isRoot ? ["apt-get", ...args] : ["sudo", "-n", "apt-get", ...args];
    const [program = "", ...rest] = command;
    const result = await tryRun(program, rest, { output: "quiet", env: { DEBIAN_FRONTEND: "noninteractive" } });
    if (result.code !== 0) note(result.output.trim().split("\n").slice(-3).join("\n    "));
    return result.code === 0;
  };
  return (await apt("update", "-qq")) && (await apt("install", "-y", "--no-install-recommends", ...packages));
}
