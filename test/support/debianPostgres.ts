/** Debian's PostgreSQL 15 with HypoPG, which the packages from npm do not have; installed with apt where it is missing. */
import { existsSync } from "node:fs";
import { installWithApt } from "../../scripts/support/apt.ts";
import { type RunningPostgres, startPostgres } from "./postgres.ts";

const folder = "/usr/lib/postgresql/15";

/** Throws where it cannot be had. */
export async function startWithHypopg(): Promise<RunningPostgres> {
  const isThere = (): boolean => existsSync(`${folder}/lib/hypopg.so`) && existsSync(`${folder}/bin/postgres`);
  if (!isThere()) await installWithApt(["postgresql-15-hypopg"]);
  if (!isThere()) throw new Error("There is no HypoPG here: apt-get install postgresql-15-hypopg.");
  return startPostgres(15, {}, { initdb: `${folder}/bin/initdb`, postgres: `${folder}/bin/postgres` });
}
