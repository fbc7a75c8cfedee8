import assert from "node:assert/strict";
import { hintsOfLocks } from "../../../server/src/editing/lockHints.ts";
import type { Sending } from "../../../server/src/model/migration/migration.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { parseMigration } from "../../support/schemas.ts";

const history = "CREATE TABLE account (id int PRIMARY KEY);\nCREATE TABLE deal (id int PRIMARY KEY, stage text, account_id int);\n";

describe("Hints of locks", () => {
  before(loadSqlParser);

  const hints = (text: string, sending: Sending = "each", version = 15) => {
    const { changes, places } = parseMigration(text, history);
    return hintsOfLocks(changes, sending, version, places, { start: 0, end: text.length });
  };
  const shown = (text: string, version = 15): string =>
    applyEdits(
      text,
      hints(text, "each", version).map(({ at, label }) => ({ span: { start: at, end: at }, text: `«${label}»` })),
    );

  it("stand behind each statement that others wait for", () => {
    assert.equal(
      shown(`ALTER TABLE deal ADD COLUMN title text;
ALTER TABLE deal ADD COLUMN token uuid DEFAULT gen_random_uuid();
CREATE INDEX ON deal (stage);
CREATE INDEX CONCURRENTLY ON deal (stage);
ALTER TABLE deal ADD FOREIGN KEY (account_id) REFERENCES account;
UPDATE deal SET stage = 'x' WHERE id = 1;
CREATE TABLE note (id int PRIMARY KEY);
ALTER TABLE note ADD COLUMN text text;
`),
      `ALTER TABLE deal ADD COLUMN title text«blocks reads and writes»;
ALTER TABLE deal ADD COLUMN token uuid DEFAULT gen_random_uuid()«blocks reads and writes, rewrites all rows»;
CREATE INDEX ON deal (stage)«blocks writes, builds an index»;
CREATE INDEX CONCURRENTLY ON deal (stage)«blocks schema changes, builds an index»;
ALTER TABLE deal ADD FOREIGN KEY (account_id) REFERENCES account«blocks writes, reads all rows, 2 tables»;
UPDATE deal SET stage = 'x' WHERE id = 1;
CREATE TABLE note (id int PRIMARY KEY);
ALTER TABLE note ADD COLUMN text text;
`,
    );
  });

  it("say of which tables, with which lock and how long", () => {
    const [hint] = hints("ALTER TABLE deal ADD FOREIGN KEY (account_id) REFERENCES account;");
    assert.equal(
      hint?.explanation,
      "SHARE ROW EXCLUSIVE on deal, account: writes wait, queries do not. Every row is read. Held until the statement ends.",
    );
    const [together] = hints("ALTER TABLE deal ADD COLUMN a int;\nALTER TABLE account ADD COLUMN a int;", "message");
    assert.match(together?.explanation ?? "", /Held until the transaction ends\.$/);
  });

  it("know the version", () => {
    assert.equal(
      shown("ALTER TABLE deal ADD COLUMN a int DEFAULT 1;\n", 10),
      "ALTER TABLE deal ADD COLUMN a int DEFAULT 1«blocks reads and writes, rewrites all rows»;\n",
    );
  });
});
