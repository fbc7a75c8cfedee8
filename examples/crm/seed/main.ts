/** `npm run seed`: fills the database that DATABASE_URL names, whose migrations have run and whose tables are empty. */
import pg from "pg";
import { load } from "./load.ts";
import { seedTables } from "./seed.ts";

const url = process.env["DATABASE_URL"];
if (url === undefined) throw new Error("DATABASE_URL says which database to fill; .env.example has an example.");
const client = new pg.Client({ connectionString: url });
await client.connect();
try {
  const tables = seedTables();
  await load(client, tables);
  console.log(`${tables.reduce((sum, table) => sum + table.size, 0).toLocaleString("en")} rows in ${tables.length} tables.`);
} finally {
  await client.end();
}
