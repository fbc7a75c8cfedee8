// Outlives the test process by a moment: when its standard input closes, however the tests ended (also by SIGKILL),
// it stops the server of the given folder and removes the folder. Plain JavaScript, so it starts without a loader.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const folder = process.argv[2];
process.stdin.resume();
process.stdin.on("end", () => void cleanUp());
process.stdin.on("error", () => void cleanUp());

async function cleanUp() {
  const pid = serverPid();
  if (pid !== undefined) {
    signal(pid, "SIGQUIT");
    for (let waited = 0; waited < 5000 && isRunning(pid); waited += 50) await delay(50);
    if (isRunning(pid)) signal(pid, "SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** From the lock file of the data folder, which the server itself removes when it stops. */
function serverPid() {
  const lock = join(folder, "data", "postmaster.pid");
  if (!existsSync(lock)) return undefined;
  const pid = Number.parseInt(readFileSync(lock, "utf8"), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
