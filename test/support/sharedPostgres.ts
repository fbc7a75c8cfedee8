/**
 * One PostgreSQL server of each major version for all tests of a mocha process: started when first asked for,
 * stopped after the last test.
 */
import { atEnd } from "./atEnd.ts";
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

atEnd(async () => {
  const started = await Promise.allSettled(servers.values());
  servers.clear();
  await Promise.all(started.map((server) => (server.status === "fulfilled" ? server.value.stop() : undefined)));
});
