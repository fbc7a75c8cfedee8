/** A PgBouncer in transaction mode before a server of the tests; installed with apt where there is none. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installWithApt } from "../../scripts/support/apt.ts";
import { findOnPath } from "../../scripts/support/command.ts";
import { unprivilegedUser } from "./postgresBinaries.ts";

export interface RunningPgBouncer {
  /** The address of a database, with PgBouncer between. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** `poolSize` connections to the server serve all clients of a database. Its users are those of `url`, by SCRAM. */
export async function startPgBouncer(url: string, poolSize: number): Promise<RunningPgBouncer> {
  const program = await pgbouncer();
  const { hostname, port: serverPort, username, password } = new URL(url);
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-"));
  const port = await freePort();
  const settings = [
    "[databases]",
    `* = host=${hostname} port=${serverPort}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = scram-sha-256",
    `auth_file = ${join(folder, "users.txt")}`,
    "pool_mode = transaction",
    `default_pool_size = ${poolSize}`,
    "server_reset_query_always = 0",
    "max_client_conn = 50",
    "",
  ];
  writeFileSync(join(folder, "users.txt"), `"${username}" "${password}"\n`);
  writeFileSync(join(folder, "pgbouncer.ini"), settings.join("\n"));
  chmodSync(folder, 0o700);
  if (user !== undefined) for (const path of [folder, join(folder, "users.txt"), join(folder, "pgbouncer.ini")]) chownSync(path, user.uid, user.gid);
  const child = spawn(program, [join(folder, "pgbouncer.ini")], { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const stopNow = (): void => void child.kill("SIGKILL");
  process.once("exit", stopNow);
  const said = await ready(child);
  return {
    through(address) {
      const through = new URL(address);
      through.host = `127.0.0.1:${port}`;
      return through.href;
    },
    async stop() {
      process.off("exit", stopNow);
      assert.ok(child.exitCode === null && child.signalCode === null, `PgBouncer ended by itself: ${said.slice(-5).join("\n")}`);
      const ended = once(child, "exit");
      // Newer ones wait at SIGTERM for everybody who is still there.
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function pgbouncer(): Promise<string> {
  const places = (): string | undefined => findOnPath("pgbouncer") ?? (existsSync("/usr/sbin/pgbouncer") ? "/usr/sbin/pgbouncer" : undefined);
  if (places() === undefined) await installWithApt(["pgbouncer"]);
  const program = places();
  assert.ok(program !== undefined, "PgBouncer is needed: apt-get install pgbouncer");
  return program;
}

/** Settles when it listens, with what it says then and later; fails with that when it ends instead. */
async function ready(child: ChildProcess): Promise<readonly string[]> {
  const { stderr } = child;
  assert.ok(stderr !== null);
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PgBouncer ended with ${code}: ${said.join("\n")}`)));
    createInterface({ input: stderr }).on("line", (line) => {
      said.push(line);
      if (line.includes("process up")) resolve();
    });
  });
  return said;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}
