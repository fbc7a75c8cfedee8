/**
 * One PostgreSQL server of each major version for all tests of a mocha process: started when first asked for,
 * stopped by a root hook after the last test. Import it at the top of a test file.
 */
import { type PostgresMajor, type RunningPostgres, startPostgres } from "./postgres.ts";

const servers = new Map<PostgresMajor, Promise<RunningPostgres>>();

export function sharedPostgres(major: PostgresMajor = 15): Promise<RunningPostgres> {
  let server = servers.get(major);
  if (server === undefined) {
    server = startPostgres(major);
    servers.set(major, server);
  }
  return server;
}

after(async () => {
  const started = await Promise.allSettled(servers.values());
  servers.clear();
  await Promise.all(started.map((server) => (server.status === "fulfilled" ? server.value.stop() : undefined)));
});
