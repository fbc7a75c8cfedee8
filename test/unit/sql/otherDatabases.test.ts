/** Which SQL files are of other databases. */
import assert from "node:assert/strict";
import { otherDatabases } from "../../../server/src/sql/otherDatabases.ts";

describe("SQL of other databases", () => {
  it("lies in folders that are called after them", () => {
    const found = otherDatabases(["SQL/mysql/2008.sql", "SQL/Oracle/2008.sql", "SQL/postgres/2008.sql", "db/SQLite/migrations/1/up.sql", "a.sql"]);
    assert.deepEqual([...found], [
      ["SQL/mysql/2008.sql", { name: "MySQL", path: "SQL/mysql" }],
      ["SQL/Oracle/2008.sql", { name: "Oracle", path: "SQL/Oracle" }],
      ["db/SQLite/migrations/1/up.sql", { name: "SQLite", path: "db/SQLite" }],
    ]);
  });

  it("says so in its name", () => {
    const found = otherDatabases(["SQL/oracle.initial.sql", "SQL/postgres.initial.sql", "db/schema.mysql.sql", "db/schema.pgsql.sql"]);
    assert.deepEqual([...found], [
      ["SQL/oracle.initial.sql", { name: "Oracle", path: "SQL/oracle.initial.sql" }],
      ["db/schema.mysql.sql", { name: "MySQL", path: "db/schema.mysql.sql" }],
    ]);
  });

  it("is not what lies in a folder whose name means something else, or in PostgreSQL's own inside of one", () => {
    assert.deepEqual([...otherDatabases(["oracle/migrations/1.sql", "mysql/postgres/a.sql", "my/sql/a.sql", "db/oracle.sql", "db/0001_drop_mysql_ids.sql"])], []);
  });
});
