/**
 * PostgreSQL's way to stop what a session does: a message on a socket of its own, with the secret the server gave that
 * session. It takes no connection from the server's count, and a pooler passes it on.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Address, tlsOptions } from "./address.ts";

/** What the server told a session about itself. */
export interface CancelKey {
  readonly process: number;
  readonly secret: number;
}

/** Settles when the server has taken the message, or it could not be delivered in time; whether anything stopped shows elsewhere. Never fails. */
export async function sendCancelRequest(address: Address, key: CancelKey, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { host, port } = address;
  const socket = host.startsWith("/") ? connectSocket(join(host, `.s.PGSQL.${port}`)) : connectSocket(port, host);
  socket.on("error", () => undefined);
  try {
    await once(socket, "connect", { signal });
    const channel = await encrypted(socket, address, signal);
    channel.on("error", () => undefined);
    const message = Buffer.alloc(16);
    for (const [i, word] of [16, 80_877_102, key.process, key.secret].entries()) message.writeInt32BE(word | 0, i * 4);
    // Our end stays open, as libpq's does: PgBouncer 1.18 falls over when it closes while the request is passed on.
    channel.write(message);
    channel.resume();
    // The server closes when it has passed the request on.
    if (!channel.closed) await once(channel, "close", { signal });
  } catch {
    // It did not get there: what is to be stopped goes on, and the caller sees that.
  } finally {
    socket.destroy();
  }
}

async function encrypted(socket: Socket, address: Address, signal: AbortSignal): Promise<Socket> {
  const options = tlsOptions(address);
  if (options === false) return socket;
  const request = Buffer.alloc(8);
  for (const [i, word] of [8, 80_877_103].entries()) request.writeInt32BE(word, i * 4);
  socket.write(request);
  const [answer]: unknown[] = await once(socket, "data", { signal });
  if (!(answer instanceof Buffer) || answer.toString("latin1") !== "S") throw new Error("The server does not encrypt.");
  const channel = connectTls({ socket, servername: /^[\d.]+$|:/.test(address.host) ? "" : address.host, ...options });
  await once(channel, "secureConnect", { signal });
  return channel;
}
