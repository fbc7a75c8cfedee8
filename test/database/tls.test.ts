import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { DatabaseError } from "../../server/src/database/databaseError.ts";
import { openReadOnly } from "../../server/src/database/session.ts";

const folder = fileURLToPath(new URL("../fixtures/tls/", import.meta.url));
const authority = `sslrootcert=${encodeURIComponent(`${folder}ca.crt`)}`;
const secret = "s3cr3t-canary";

/** A server that gets as far as TLS, and then says no: who hears it has taken its certificate. */
const gotThrough = /password authentication failed, says the test/;

describe("a connection with TLS", function () {
  this.timeout(240_000);

  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  it("takes a certificate for the host from a known authority", async () => {
    assert.match((await failure("good", `sslmode=verify-full&${authority}`)).message, gotThrough);
  });

  const wrong: readonly [string, string, string, RegExp][] = [
    ["signed by itself", "self", `sslmode=require&${authority}`, /authority that is not known here/],
    ["of an authority that is not known", "good", "sslmode=require", /authority that is not known here/],
    ["for another host", "other", `sslmode=verify-ca&${authority}`, /is for another host/],
    ["that has expired", "expired", `sslmode=require&${authority}`, /has expired/],
  ];
  for (const [what, certificate, parameters, hint] of wrong) {
    it(`refuses a certificate ${what}, and says what to do`, async () => {
      const error = await failure(certificate, parameters);
      assert.match(error.hint ?? "", hint);
      assert.doesNotMatch(error.message, gotThrough);
    });
  }

  it("refuses a server that does not encrypt", async () => {
    const error = await failure(undefined, "sslmode=require");
    assert.match(error.hint ?? "", /does not encrypt/);
  });

  it("gives up on a server that stops in the middle of it", async () => {
    const port = await listen((socket) => socket.once("data", () => socket.write("S")));
    const error = await rejection(openReadOnly({ url: `postgresql://me:${secret}@localhost:${port}/shop?sslmode=require`, connectTimeoutMs: 300 }));
    assert.match(error.hint ?? "", /network, a firewall/);
  });

  it("says which certificate file cannot be read", async () => {
    assert.match((await failure("good", "sslmode=require&sslrootcert=/nowhere/ca.crt")).message, /\/nowhere\/ca\.crt/);
  });

  it("is unverified only where a person has agreed, unless the server is this machine", async () => {
    assert.match((await failure("self", "sslmode=no-verify")).message, gotThrough);
    for (const mode of ["disable", "no-verify"]) {
      const error = await rejection(openReadOnly({ url: `postgresql://me:${secret}@db.example.com/shop?sslmode=${mode}`, connectTimeoutMs: 300 }));
      assert.match(error.message, /which is not this machine/);
    }
  });

  const hostile: Readonly<Record<string, (socket: Socket) => void>> = {
    "hangs up at once": (socket) => socket.destroy(),
    "hangs up in the middle of a message": (socket) => socket.once("data", () => socket.end(Buffer.from("R\0\0\0\x08\0\0"))),
    "speaks something else": (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    "announces a message of a gigabyte": (socket) => socket.once("data", () => socket.write(Buffer.from("R\x3f\xff\xff\xff\0\0\0\0", "latin1"))),
    "sends notices without end": (socket) => {
      const notice = Buffer.from("N\0\0\0\x0bSNOTE\0\0");
      const timer = setInterval(() => socket.write(Buffer.concat(Array.from({ length: 100 }, () => notice))), 5);
      socket.once("close", () => clearInterval(timer));
    },
    "asks for a password in a way that does not exist": (socket) => socket.once("data", () => socket.write(Buffer.from("R\0\0\0\x08\0\0\0\x63", "latin1"))),
  };
  for (const [what, act] of Object.entries(hostile)) {
    it(`ends within its timeout at a server that ${what}`, async () => {
      const port = await listen(act);
      const started = performance.now();
      const error = await rejection(openReadOnly({ url: `postgresql://me:${secret}@127.0.0.1:${port}/shop`, connectTimeoutMs: 500 }));
      assert.ok(performance.now() - started < 3_000);
      assert.match(error.message, /^Could not connect to 127\.0\.0\.1/);
    });
  }

  async function failure(certificate: string | undefined, parameters: string): Promise<DatabaseError> {
    const port = await listen((socket) => serveTls(socket, certificate));
    return rejection(openReadOnly({ url: `postgresql://me:${secret}@localhost:${port}/shop?${parameters}`, connectTimeoutMs: 3_000 }));
  }

  async function listen(act: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      act(socket);
    });
    servers.push(server);
    server.listen(0, "localhost");
    await once(server, "listening");
    const address: AddressInfo | string | null = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return address.port;
  }
});

/** Answers the request for TLS, then the first message inside of it. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
function serveTls(socket: Socket, certificate: string | undefined): void {
  socket.once("data", () => {
    if (certificate === undefined) return void socket.write("N");
    socket.write("S");
    const secureContext = createSecureContext({ key: readFileSync(`${folder}${certificate}.key`), cert: readFileSync(`${folder}${certificate}.crt`) });
    const inside = new TLSSocket(socket, { isServer: true, secureContext });
    inside.on("error", () => undefined);
    inside.once("data", () => {
      const fields = Buffer.from("SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed, says the test\0\0");
      const head = Buffer.alloc(5);
      head.write("E");
      head.writeInt32BE(fields.length + 4, 1);
      inside.end(Buffer.concat([head, fields]));
    });
  });
}

async function rejection(promise: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await promise.then(
    () => assert.fail("It connected."),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseError, inspect(error));
  assert.ok(!(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).includes(secret));
  return error;
}
