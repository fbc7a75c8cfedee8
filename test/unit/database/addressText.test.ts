import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Address, parseAddress } from "../../../server/src/database/address.ts";
import { DatabaseError } from "../../../server/src/database/databaseError.ts";

const secret = "s3cret";

describe("what people paste for an address", () => {
  const usable: Readonly<Record<string, Partial<Address>>> = {
    "  postgresql://me:s3cret@localhost:5433/shop \n": { host: "localhost", port: 5433, database: "shop", password: secret },
    'DATABASE_URL="postgresql://me:s3cret@localhost/shop?schema=crm"': { database: "shop", schema: "crm", password: secret },
    "export DATABASE_URL=postgresql://me@localhost/shop": { user: "me", database: "shop" },
    "psql 'postgresql://me:s3cret@ep-1.eu.neon.tech/neondb?sslmode=require&channel_binding=require'": { host: "ep-1.eu.neon.tech", tls: "verified" },
    "jdbc:postgresql://db.example.com:5432/shop?user=me&password=s3cret": { host: "db.example.com", user: "me", password: secret },
    "host=localhost port=5433 dbname='my shop' user=me password='s3c\\'ret'": { host: "localhost", port: 5433, database: "my shop", user: "me", password: "s3c'ret" },
    "host=/var/run/postgresql dbname=shop": { host: "/var/run/postgresql", database: "shop", tls: "none" },
    "postgresql://%2Fvar%2Frun%2Fpostgresql/shop": { host: "/var/run/postgresql", database: "shop", tls: "none" },
    "postgresql://me:s3cret@[2001:db8::1]:5433/shop": { host: "2001:db8::1", port: 5433 },
    "postgresql://me:s3c%40%2F%23ret@localhost/caf%C3%A9": { password: "s3c@/#ret", database: "café" },
    "postgresql://me:s3c@ret@localhost/shop": { password: "s3c@ret", host: "localhost" },
    "postgresql://me:100%@localhost/shop": { password: "100%" },
    "postgresql://localhost/shop?user=me@example.com": { user: "me@example.com", host: "localhost" },
    "postgresql://db.example.com/shop?sslaccept=accept_invalid_certs": { tls: "unverified" },
    "postgresql://db.example.com/shop?sslaccept=strict&sslcert=/ca.pem": { tls: "verified", certificates: { ca: "/ca.pem", cert: undefined, key: undefined } },
    "postgresql://db.example.com/shop?sslcert=/me.pem&sslkey=/me.key": { certificates: { ca: undefined, cert: "/me.pem", key: "/me.key" } },
    "postgresql://pooler.example.com:6543/shop?pgbouncer=true&connection_limit=1": { isPooled: true },
  };
  for (const [text, expected] of Object.entries(usable)) {
    it(`is understood: ${text.trim()}`, () => {
      const address = parseAddress(text);
      assert.deepEqual({ ...address, ...expected }, address);
    });
  }

  const mistakes: Readonly<Record<string, RegExp>> = {
    "": /There is no address/,
    "localhost:5432": /no address of a PostgreSQL database/,
    "postgresql:me@localhost/shop": /lacks \/\//,
    "mysql://me:s3cret@localhost/shop": /MySQL/,
    "file:./dev.db": /SQLite/,
    "prisma://accelerate.prisma-data.net/?api_key=s3cret": /Prisma Accelerate.*direct|Prisma Accelerate/,
    "prisma+postgres://localhost:51213/?api_key=s3cret": /Prisma Postgres over HTTP/,
    "https://db.example.com/?key=s3cret": /a web page/,
    "postgresql://me:${DB_PASSWORD}@localhost/shop": /holds \$\{DB_PASSWORD\}/,
    "postgresql://me:$DB_PASSWORD@localhost/shop": /holds \$DB_PASSWORD/,
    "postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres": /placeholder/,
    "postgresql://<user>:<password>@localhost/shop": /placeholder/,
    "postgresql://me:s3cret#1@localhost/shop": /holds #/,
    "postgresql://me:s3cret/1@localhost/shop": /holds \//,
    "postgresql://me:1/s3cret@localhost/shop": /holds \//,
    "postgresql://me:s3cret?1@localhost/shop": /holds \?/,
    "postgresql://me:s3cret@h1:5432,h2:5432/shop": /several hosts/,
    "postgresql://me:s3cret@::1/shop": /stands in brackets/,
    "postgresql://me:s3cret@localhost:99999/shop": /between 1 and 65535/,
    "postgresql://me:s3cret@localhost:0/shop": /between 1 and 65535/,
    "postgresql://localhost/shop?port=s3cret": /between 1 and 65535/,
    "postgresql://me:s3cret@localhost/shop\npostgresql://b": /line break/,
    "postgresql://me:s3cret@local host/shop": /no address of a PostgreSQL database/,
  };
  for (const [text, expected] of Object.entries(mistakes)) {
    it(`is refused with the mistake it looks like, and repeats no secret: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseAddress(text),
        (error) => error instanceof DatabaseError && expected.test(error.message) && !inspect(error, { depth: 5 }).includes(secret),
      );
    });
  }

  const notes: Readonly<Record<string, RegExp | undefined>> = {
    "postgresql://localhost/shop?schema=crm&connection_limit=5&pool_timeout=2&pgbouncer=true&sslmode=disable": undefined,
    "postgresql://db.example.com/shop?sslmode=verify-full&application_name=me": undefined,
    "postgresql://db.example.com/shop?sslmode=require": /would leave the server's certificate unchecked: here it is checked/,
    "postgresql://db.example.com/shop?sslmode=verify_full": /sslmode=verify_full does not exist/,
    "postgresql://localhost/shop?shema=crm": /“shema” is no parameter/,
    "postgresql://localhost/shop?s3cret%20oops=1": /“…” is no parameter/,
    "postgresql://localhost/shop?options=-c%20search_path%3Dcrm": /poolers refuse it/,
    "postgresql://localhost/shop?sslidentity=me.p12": /PKCS 12/,
  };
  for (const [text, expected] of Object.entries(notes)) {
    it(`${expected === undefined ? "has nothing to note" : "notes what does not hold"}: ${text}`, () => {
      const found = parseAddress(text).notes;
      if (expected === undefined) assert.deepEqual(found, []);
      else assert.ok(found.length === 1 && expected.test(found[0] ?? ""), String(found));
    });
  }
});
