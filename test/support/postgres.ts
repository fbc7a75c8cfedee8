/**
 * A real PostgreSQL server for tests: its own data folder, a free port on 127.0.0.1, a random password, no fsync.
 * Promises that the server stops and its folder goes away however the test process ends.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { quoteIdentifier } from "../../server/src/model/names.ts";
import {
  type PostgresBinaries,
  type PostgresMajor,
  postgresBinaries,
  type UnprivilegedUser,
  unprivilegedUser,
} from "./postgresBinaries.ts";

export type { PostgresMajor } from "./postgresBinaries.ts";

export interface RunningPostgres {
  readonly major: PostgresMajor;
  /** Of the maintenance database `postgres`, as superuser. */
  readonly url: string;
  /** A new, empty database; a copy of `template` when given, which nobody may be connected to. */
  createDatabase(template?: TestDatabase): Promise<TestDatabase>;
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly name: string;
  /** `postgresql://` address with user and password, as superuser. */
  readonly url: string;
  /** A new connection each time; `drop` closes what is left open. */
  client(): Promise<pg.Client>;
  /** Closes the clients that `client` opened, the database stays: it may now serve as a template. */
  disconnect(): Promise<void>;
  drop(): Promise<void>;
}

/** Starts a server of its own; most tests want the shared one of `sharedPostgres.ts`. `more` are settings beside those of every test. */
export async function startPostgres(major: PostgresMajor = 15, more: Readonly<Record<string, string>> = {}, given?: PostgresBinaries): Promise<RunningPostgres> {
  const user = unprivilegedUser();
  const binaries = given ?? postgresBinaries(major, user);
  const folder = mkdtempSync(join(tmpdir(), `database-architect-pg${major}-`));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const keeper = startKeeper(folder);
  try {
    const password = await initialise(binaries, folder, user);
    const { server, port } = await startServer(binaries, folder, user, more);
    return running(major, `postgresql://postgres:${password}@127.0.0.1:${port}`, async () => {
      await stopServer(server);
      keeper.stdin?.end();
      await exited(keeper);
    });
  } catch (error) {
    keeper.stdin?.end();
    throw error;
  }
}

const launch = promisify(execFile);

/** The data folder, and the password of `postgres`. initdb takes longer than many a test: what it made is kept and copied. */
async function initialise(binaries: PostgresBinaries, folder: string, user: UnprivilegedUser | undefined): Promise<string> {
  const { mtimeMs, size } = statSync(binaries.postgres);
  const kept = join(keptClusters, createHash("sha256").update(`${binaries.initdb} ${mtimeMs} ${size}`).digest("hex").slice(0, 16));
  const data = join(folder, "data");
  if (existsSync(kept)) {
    cpSync(join(kept, "data"), data, { recursive: true });
    if (user !== undefined) giveTo(user, data);
    return readFileSync(join(kept, "password"), "utf8");
  }
  const password = randomBytes(12).toString("hex");
  await makeCluster(binaries, folder, password, user);
  keep(data, password, kept);
  return password;
}

const keptClusters = fileURLToPath(new URL("../../node_modules/.cache/database-architect/test-clusters/", import.meta.url));

/** The rename makes a half-made copy impossible to see. Where nothing can be kept, the next server is made from nothing as well. */
function keep(data: string, password: string, kept: string): void {
  const draft = `${kept}.${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    cpSync(data, join(draft, "data"), { recursive: true });
    writeFileSync(join(draft, "password"), password, { mode: 0o600 });
    renameSync(draft, kept);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
}

function giveTo({ uid, gid }: UnprivilegedUser, folder: string): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) chownSync(join(folder, name), uid, gid);
}

/** initdb's locale "C" keeps messages and sort order the same on every machine. */
async function makeCluster(binaries: PostgresBinaries, folder: string, password: string, user: UnprivilegedUser | undefined): Promise<void> {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const options = [
    "--pgdata",
    join(folder, "data"),
    "--username",
    "postgres",
    "--pwfile",
    passwordFile,
    "--auth",
    "scram-sha-256",
    "--encoding",
    "UTF8",
    "--locale",
    "C",
    "--no-sync",
    "--no-instructions",
  ];
  await launch(binaries.initdb, options, { ...user, cwd: folder, env: environment(), windowsHide: true });
  rmSync(passwordFile);
}

const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum: "off",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "50",
  max_locks_per_transaction: "256",
  shared_buffers: "64MB",
  // In this setting "log" ranks above "error": expected errors stay quiet, "ready" is heard.
  log_min_messages: "log",
  timezone: "UTC",
};

async function startServer(
  binaries: PostgresBinaries,
  folder: string,
  user: UnprivilegedUser | undefined,
  more: Readonly<Record<string, string>>,
): Promise<{ server: ChildProcess; port: number }> {
  const options = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = spawn(binaries.postgres, ["-D", join(folder, "data"), "-p", String(port), ...options], {
      ...user,
      cwd: folder,
      env: environment(),
      stdio: ["ignore", "ignore", "pipe"],
      windowsHide: true,
      // A Ctrl-C meant for the tests must not reach the server before its clients are gone.
      detached: process.platform !== "win32",
    });
    const failure = await readyOrFailure(server);
    if (failure === undefined) return { server, port };
    if (attempt === 3 || !failure.includes("Address already in use")) throw new Error(`PostgreSQL did not start: ${failure}`);
  }
}

const startSeconds = 60;

/** Undefined once the server accepts connections; what it printed if it ended instead. */
async function readyOrFailure(server: ChildProcess): Promise<string | undefined> {
  const { stderr } = server;
  if (stderr === null) throw new Error("PostgreSQL was started without a pipe for its messages.");
  return new Promise((resolve, reject) => {
    const printed: string[] = [];
    const deadline = setTimeout(() => {
      server.kill("SIGKILL");
      resolve(`not ready after ${startSeconds} s\n${printed.join("\n")}`);
    }, startSeconds * 1000);
    server.once("error", reject);
    server.once("exit", (code) => {
      clearTimeout(deadline);
      resolve(`exit code ${code}\n${printed.join("\n")}`);
    });
    createInterface({ input: stderr }).on("line", (line) => {
      if (printed.length < 100) printed.push(line);
      if (line.includes("database system is ready to accept connections")) {
        clearTimeout(deadline);
        server.unref();
        resolve(undefined);
      }
    });
  });
}

function running(major: PostgresMajor, address: string, stop: () => Promise<void>): RunningPostgres {
  let count = 0;
  let stopping: Promise<void> | undefined;
  const url = `${address}/postgres`;
  const create = async (from = ""): Promise<string> => {
    count += 1;
    const name = `test_${process.pid}_${count}`;
    await withClient(url, (client) => client.query(`CREATE DATABASE ${quoteIdentifier(name)}${from} STRATEGY file_copy`));
    return name;
  };
  // Creating a database takes longer than most tests: the next one is made while this one is used.
  let spare: Promise<string> | undefined;
  const takeSpare = async (): Promise<string> => {
    const ready = spare ?? create();
    spare = undefined;
    const name = await ready;
    spare ??= create();
    spare.catch(() => undefined);
    return name;
  };
  return {
    major,
    url,
    async createDatabase(template) {
      const name = await (template === undefined ? takeSpare() : create(` TEMPLATE ${quoteIdentifier(template.name)}`));
      return testDatabase(name, `${address}/${name}`, () =>
        withClient(url, (client) => client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`)),
      );
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function testDatabase(name: string, url: string, drop: () => Promise<unknown>): TestDatabase {
  const clients = new Set<pg.Client>();
  const disconnect = async (): Promise<void> => {
    await Promise.all([...clients].map((client) => client.end()));
    clients.clear();
  };
  return {
    name,
    url,
    disconnect,
    async client() {
      const client = new pg.Client({ connectionString: url });
      // A test that failed leaves its connection open: that the server then stops is no further failure.
      client.on("error", () => clients.delete(client));
      await client.connect();
      clients.add(client);
      client.once("end", () => clients.delete(client));
      return client;
    },
    async drop() {
      await disconnect();
      await drop();
    },
  };
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // The server may stop while a spare database is being made; whoever waits for the query is told by that.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Immediate shutdown: nothing of the data is worth saving. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = exited(server);
  server.kill(process.platform === "win32" ? "SIGKILL" : "SIGQUIT");
  await gone;
}

/** See `postgresKeeper.mjs`: removes the server and its folder should this process die first. */
function startKeeper(folder: string): ChildProcess {
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL("postgresKeeper.mjs", import.meta.url));
  const keeper = spawn(process.execPath, [script, folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    windowsHide: true,
    // Without the loader that the tests run under.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_OPTIONS")),
  });
  keeper.unref();
  return keeper;
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.ref();
    child.once("exit", () => resolve());
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("Found no free port on 127.0.0.1.");
  return address.port;
}

/** Ours without the PG* settings of the person running the tests, and with English messages. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("PG") && !name.startsWith("LC_") && name !== "LANG" && name !== "LANGUAGE",
  );
  return { ...Object.fromEntries(entries), LC_ALL: "C", TZ: "UTC" };
}
