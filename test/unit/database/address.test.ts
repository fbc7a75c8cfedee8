import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Address, needsConsent, parseAddress } from "../../../server/src/database/address.ts";
import type { Environment } from "../../../server/src/database/environment.ts";

describe("the address of a database", () => {
  it("is taken apart, with what is encoded in it", () => {
    const { host, port, user, database, password } = parseAddress("postgresql://me%40work:s3cr%2Fet@db.example.com:6000/my%20shop?schema=crm");
    assert.deepEqual({ host, port, user, database, password }, { host: "db.example.com", port: 6000, user: "me@work", database: "my shop", password: "s3cr/et" });
  });

  it("may name a socket, an IPv6 address, or leave everything out", () => {
    assert.equal(parseAddress("postgresql:///shop?host=/var/run/postgresql").host, "/var/run/postgresql");
    assert.equal(parseAddress("postgres://[::1]:5433/shop").host, "::1");
    const { host, port, database } = parseAddress("postgresql://");
    assert.deepEqual({ host, port, database }, { host: "localhost", port: 5432, database: undefined });
  });

  it("that cannot be read is not repeated in the message", () => {
    for (const text of ["s3cret", "mysql://a:s3cret@b/c", "postgresql://a:s3cret@b c/d", "postgresql://a:s3cret@h1,h2:99999/d"]) {
      assert.throws(() => parseAddress(text), (error) => !inspect(error, { depth: 5 }).includes("s3cret"));
    }
  });

  const tls: readonly [string, Address["tls"], boolean][] = [
    ["postgresql://localhost/shop", "none", false],
    ["postgresql://127.0.0.1/shop", "none", false],
    ["postgresql://[::1]/shop", "none", false],
    ["postgresql:///shop?host=/tmp", "none", false],
    ["postgresql://localhost/shop?sslmode=require", "verified", false],
    ["postgresql://db.example.com/shop", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=prefer", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=allow", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=require", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=verify-ca", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=verify-full", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=nonsense", "verified", false],
    ["postgresql://10.0.0.5/shop", "verified", false],
    ["postgresql://db.example.com/shop?sslmode=disable", "none", true],
    ["postgresql://db.example.com/shop?sslmode=no-verify", "unverified", true],
    ["postgresql://localhost.evil.example/shop?sslmode=disable", "none", true],
    ["postgresql://127.0.0.1.evil.example/shop?sslmode=disable", "none", true],
    ["postgresql://localhost/shop?sslmode=no-verify", "unverified", false],
  ];
  for (const [url, mode, asks] of tls) {
    it(`${url} is ${mode === "none" ? "not encrypted" : mode}${asks ? ", after a question" : ""}`, () => {
      const address = parseAddress(url);
      assert.equal(address.tls, mode);
      assert.equal(needsConsent(address), asks);
    });
  }

  it("shows a pooler", () => {
    for (const url of ["postgresql://ep-a-pooler.eu.neon.tech/db", "postgresql://a.pooler.supabase.com:6543/postgres", "postgresql://h/d?pgbouncer=true"]) assert.equal(parseAddress(url).isPooled, true, url);
    assert.equal(parseAddress("postgresql://localhost/shop").isPooled, false);
  });

  const environments: readonly [Environment, readonly string[]][] = [
    [
      "development",
      [
        "localhost/shop", "127.0.0.1/shop", "127.1.2.3/x", "[::1]/shop", "db/shop", "postgres/shop", "10.1.2.3/shop", "192.168.1.5/shop", "172.16.0.1/a", "172.31.255.1/a", "host.docker.internal/shop", "nas.local/shop", "app.localhost/a",
        "localhost/shop_test", "localhost/dev", "169.254.3.4/a", "[fd00::1]/a", "localhost/delivery", "localhost/product", "localhost/olive",
      ],
    ],
    [
      "staging",
      ["staging.example.com/shop", "db.stage.example.com/a", "shop-staging.abc.eu-west-1.rds.amazonaws.com/a", "uat-db.example.com/a", "qa.example.com/a", "db.example.com/shop_staging", "preview-7.neon.tech/main", "dev.example.com/a", "db.example.com/shop_dev", "db.example.com/test", "ci.example.com/a", "sandbox.example.org/x", "10.0.0.5/staging"],
    ],
    [
      "production",
      [
        "db.example.com/shop", "shop.abc.eu-west-1.rds.amazonaws.com/shop", "ep-cool-1.eu-central-1.aws.neon.tech/neondb", "db.abcdefg.supabase.co/postgres", "shop.postgres.database.azure.com/shop", "34.90.1.2/shop", "172.32.0.1/a", "192.169.1.1/a", "11.0.0.1/a", "prod-db/shop", "db-prod.internal/shop", "localhost/production",
        "10.0.0.5/shop_prod", "production.example.com/a", "live.example.com/a", "primary.db.example.com/a", "prod1.example.com/a", "master/a", "localhost.example.com/a", "stagingproduction-prod.example.com/a", "prod-staging.example.com/a", "127.0.0.1.example.com/a", "developer.example.com/a", "[2001:db8::1]/a", "127.0.0.1/live", "contest.example.com/a", "ciao.example.com/a",
      ],
    ],
  ];
  for (const [environment, addresses] of environments) {
    for (const address of addresses) {
      it(`${address} is taken for ${environment}`, () => {
        const { guess } = parseAddress(`postgresql://me@${address}`);
        assert.equal(guess.environment, environment, guess.because);
        assert.notEqual(guess.because, "");
      });
    }
  }
});
