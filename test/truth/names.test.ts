/** What is known by heart about names and types is what PostgreSQL says. */
import assert from "node:assert/strict";
import { isReservedName } from "../../server/src/model/names.ts";
import { fixedLayouts } from "../../server/src/rules/design/storage.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

for (const major of [15, 18] as const) {
  describe(`PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    let database: TestDatabase;
    before(async () => {
      database = await (await sharedPostgres(major)).createDatabase();
    });
    after(() => database.drop());

    it("reserves the words that are known as reserved", async () => {
      const rows = await query(database, "SELECT word, catcode IN ('R', 'T') AS reserved FROM pg_get_keywords() ORDER BY word");
      const newer = major < 16 ? ["system_user"] : [];
      assert.deepEqual(
        rows.filter(({ word }) => isReservedName(String(word)) && !newer.includes(String(word))).map(({ word }) => word),
        rows.filter(({ reserved }) => reserved === true).map(({ word }) => word),
      );
    });

    it("gives types of a fixed length the length and the alignment that are known", async () => {
      const rows = await query(database, "SELECT typname, typlen, typalign FROM pg_type WHERE typlen > 0 AND typnamespace = 'pg_catalog'::regnamespace");
      const bytes = new Map([["c", 1], ["s", 2], ["i", 4], ["d", 8]]);
      const known = new Map(rows.map(({ typname, typlen, typalign }) => [typname, { length: typlen, align: bytes.get(String(typalign)) }]));
      for (const [name, layout] of fixedLayouts) assert.deepEqual(layout, known.get(name), name);
    });
  });
}

async function query(database: TestDatabase, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = await database.client();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
