/** Loads the seed through a connection of `pg`: all of it or nothing, by COPY. */
import type { Client, Connection, Submittable } from "pg";
import { afterLoading, beforeLoading } from "./seed.ts";
import type { Table } from "./table.ts";

/** The tables must be empty. Takes some ten seconds, most of them for the foreign keys. */
export async function load(client: Client, tables: readonly Table[]): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(beforeLoading);
    for (const table of tables) await copyIn(client, table.copyStatement("STDIN"), table.copyText());
    await client.query(afterLoading);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
  // Plans are only as good as the statistics.
  await client.query("ANALYZE");
}

function copyIn(client: Client, statement: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, text, (error) => (error === undefined ? resolve() : reject(error))));
  });
}

/** What `pg` can do and does not offer: COPY … FROM STDIN in the simple protocol. */
class CopyIn implements Submittable {
  readonly #statement: string;
  readonly #text: string;
  readonly #done: (error: Error | undefined) => void;
  #error: Error | undefined;

  constructor(statement: string, text: string, done: (error: Error | undefined) => void) {
    this.#statement = statement;
    this.#text = text;
    this.#done = done;
  }

  submit(connection: Connection): void {
    connection.query(this.#statement);
  }

  handleCopyInResponse(connection: Connection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    connection.sendCopyFromChunk(Buffer.from(this.#text));
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#error = error;
    // After an error the server says nothing more of this statement but that it is ready.
    this.#done(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.#done(undefined);
  }
}
