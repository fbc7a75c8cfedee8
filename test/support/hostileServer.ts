/**
 * A server on 127.0.0.1 that begins a session as PostgreSQL does and then goes wrong, for what must hold when the other
 * side is broken or means harm.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface HostileServer {
  /** With a password in it. */
  readonly url: string;
  /** Bytes that it got rid of. */
  readonly sent: () => number;
  readonly openSockets: () => number;
  stop(): Promise<void>;
}

/** What it does when a session begins, or at a query. It may write for as long as the socket takes it. */
export type Misdeed = (socket: Wire) => void;

export interface HostileBehaviour {
  /** Instead of taking the password. */
  readonly atStart?: Misdeed;
  /** Instead of the answer to the query of this number, the first is 0; those before are answered. */
  readonly atQuery?: { readonly number: number; readonly misdeed: Misdeed };
}

export async function hostileServer({ atStart, atQuery }: HostileBehaviour): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    const wire = new Wire(socket, (bytes) => {
      sent += bytes;
    });
    let hasBegun = false;
    let queries = 0;
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.on("data", (data: Buffer) => {
      if (!hasBegun) {
        hasBegun = true;
        if (atStart !== undefined) atStart(wire);
        else wire.begin();
      }
      // A query of the extended protocol ends with Sync.
      else if (data.includes("S\0\0\0\u0004", 0, "latin1")) {
        if (atQuery !== undefined && queries++ >= atQuery.number) atQuery.misdeed(wire);
        else wire.answer();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("No address.");
  return {
    url: `postgresql://me:hunter2-of-the-tests@127.0.0.1:${address.port}/shop`,
    sent: () => sent,
    openSockets: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Messages of the backend. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class Wire {
  readonly #socket: Socket;
  readonly #count: (bytes: number) => void;

  constructor(socket: Socket, count: (bytes: number) => void) {
    this.#socket = socket;
    this.#count = count;
  }

  /** AuthenticationOk, BackendKeyData, ReadyForQuery. */
  begin(): void {
    this.message("R", int32(0));
    this.message("K", Buffer.concat([int32(4711), int32(1)]));
    this.ready();
  }

  /** One row with what every transaction asks first: version and process. */
  answer(): void {
    this.describe();
    this.row("150004", "4711");
    this.message("C", text("SELECT 1"));
    this.ready();
  }

  /** The beginning of every answer with rows. */
  describe(): void {
    this.message("1", Buffer.alloc(0));
    this.message("2", Buffer.alloc(0));
    this.message("T", Buffer.concat([int16(2), column("version", 23), column("backend", 23)]));
  }

  /** A row of two values. */
  row(first: string, second: string): boolean {
    return this.message("D", Buffer.concat([int16(2), value(first), value(second)]));
  }

  ready(): void {
    this.message("Z", Buffer.from("I"));
  }

  error(sqlState: string, message: string): void {
    this.message("E", Buffer.concat([text("SERROR"), text(`C${sqlState}`), text(`M${message}`), Buffer.from([0])]));
  }

  message(kind: string, body: Buffer, statedLength = body.length + 4): boolean {
    return this.bytes(Buffer.concat([Buffer.from(kind), int32(statedLength), body]));
  }

  bytes(data: Buffer): boolean {
    if (!this.#socket.writable) return false;
    this.#count(data.length);
    return this.#socket.write(data);
  }

  /** Says it as often as the socket takes it, until that is closed. */
  endlessly(say: () => boolean): void {
    const more = (): void => {
      if (!this.#socket.writable) return;
      while (say());
      this.#socket.once("drain", more);
    };
    more();
  }

  hangUp(): void {
    this.#socket.destroy();
  }
}

function int16(number: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(number);
  return buffer;
}

function int32(number: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(number);
  return buffer;
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function column(name: string, type: number): Buffer {
  return Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(4), int32(0xffffffff), int16(0)]);
}

function value(of: string): Buffer {
  return Buffer.concat([int32(of.length), Buffer.from(of)]);
}
