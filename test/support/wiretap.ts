/** A TCP relay in front of a PostgreSQL server that notes what the client says: the proof of what a connection can send. */
import { type AddressInfo, createServer, connect as connectTo, type Socket } from "node:net";

export interface Wiretap {
  /** The given address with the relay's host and port. */
  readonly url: string;
  /** One-letter codes of the messages sent after startup, each once. https://www.postgresql.org/docs/current/protocol-message-formats.html */
  codes(): ReadonlySet<string>;
  /** Texts of all Parse and simple Query messages, in order. */
  statements(): readonly string[];
  /** Everything sent, startup and passwords included. */
  bytes(): Buffer;
  close(): Promise<void>;
}

export async function wiretap(url: string): Promise<Wiretap> {
  const { hostname, port } = new URL(url);
  const said: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const chunks: Buffer[] = [];
    said.push(chunks);
    const upstream = connectTo(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      chunks.push(chunk);
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const messages = (): Message[] => said.flatMap((chunks) => messagesOf(Buffer.concat(chunks)));
  const tapped = new URL(url);
  tapped.port = String(portOf(server.address()));
  return {
    url: tapped.href,
    codes: () => new Set(messages().map((message) => message.code)),
    statements: () => messages().flatMap(statementOf),
    bytes: () => Buffer.concat(said.flat()),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Message {
  readonly code: string;
  readonly body: Buffer;
}

/** The startup message has no code: its length comes first. */
function messagesOf(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = bytes.length < 4 ? bytes.length : bytes.readInt32BE(0); at + 5 <= bytes.length; ) {
    const length = bytes.readInt32BE(at + 1);
    messages.push({ code: bytes.toString("latin1", at, at + 1), body: bytes.subarray(at + 5, at + 1 + length) });
    at += 1 + length;
  }
  return messages;
}

/** Query: the text. Parse: a name, then the text. */
function statementOf({ code, body }: Message): string[] {
  const fields = body.toString().split("\0");
  if (code === "Q") return [fields[0] ?? ""];
  return code === "P" ? [fields[1] ?? ""] : [];
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The relay has no port.");
  return address.port;
}
