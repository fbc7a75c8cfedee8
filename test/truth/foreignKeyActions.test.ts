/**
 * What rules say that foreign keys do, asked of PostgreSQL itself: which of two over one column decides, what SET NULL
 * empties, and what a key with one null column lets through.
 */
import assert from "node:assert/strict";
import { isRefused, scenarioClient } from "../support/keyScenarios.ts";

describe("of two foreign keys over one column", function () {
  this.timeout(60_000);

  for (const major of [15, 18] as const) {
    for (const refuse of ["RESTRICT", "NO ACTION"] as const) {
      for (const [first, second, fails] of [
        ["CASCADE", refuse, false],
        [refuse, "CASCADE", true],
      ] as const) {
        it(`${first} and then ${second} ${fails ? "refuses" : "deletes"}, on PostgreSQL ${major}`, async () => {
          const client = await scenarioClient(major);
          await client.query(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int)",
          );
          for (const action of [first, second]) await client.query(`ALTER TABLE c ADD FOREIGN KEY (p) REFERENCES p ON DELETE ${action}`);
          await client.query("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)");
          assert.equal(await isRefused(client, "DELETE FROM p"), fails);
        });
      }
    }
  }
});

describe("a foreign key over two columns", function () {
  this.timeout(60_000);

  const tables = `DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
INSERT INTO account VALUES (1, 2);
CREATE TABLE task (org_id int, account_id int);`;

  for (const [clause, left] of [
    ["SET NULL", { org_id: null, account_id: null }],
    ["SET NULL (account_id)", { org_id: 1, account_id: null }],
  ] as const) {
    it(`leaves ${JSON.stringify(left)} behind with ON DELETE ${clause}`, async () => {
      const client = await scenarioClient(15);
      await client.query(`${tables} ALTER TABLE task ADD FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE ${clause}`);
      await client.query("INSERT INTO task VALUES (1, 2); DELETE FROM account");
      assert.deepEqual((await client.query("SELECT * FROM task")).rows, [left]);
    });
  }

  for (const [clause, refuses] of [
    ["MATCH SIMPLE", false],
    ["MATCH FULL", true],
  ] as const) {
    it(`${refuses ? "refuses" : "takes"} a row of nowhere that is null in one of them, with ${clause}`, async () => {
      const client = await scenarioClient(15);
      await client.query(`${tables} ALTER TABLE task ADD FOREIGN KEY (org_id, account_id) REFERENCES account ${clause}`);
      assert.equal(await isRefused(client, "INSERT INTO task VALUES (99, NULL)"), refuses);
    });
  }
});
