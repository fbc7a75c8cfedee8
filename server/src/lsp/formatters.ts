/**
 * Which languages are formatted here: SQL always, Prisma where Prisma's own extension is not installed. A client that
 * can is told so as that changes, or its users would have to choose between two formatters for one language.
 */
import { type Connection, type Disposable, DocumentFormattingRequest, DocumentRangeFormattingRequest } from "vscode-languageserver/node";
import type { Environment } from "../workspace/change.ts";
import type { Client } from "./client.ts";

export class Formatters {
  readonly #connection: Connection;
  readonly #client: Client;
  #formatsPrisma: boolean | undefined;
  #registered: Promise<readonly Disposable[]> = Promise.resolve([]);

  constructor(connection: Connection, client: Client) {
    this.#connection = connection;
    this.#client = client;
  }

  offer({ prismaExtensionInstalled }: Environment): void {
    if (!this.#client.registersFormatters || this.#formatsPrisma === !prismaExtensionInstalled) return;
    this.#formatsPrisma = !prismaExtensionInstalled;
    this.#registered = this.#registered.then((former) => this.#replace(former, prismaExtensionInstalled)).catch(() => []);
  }

  async #replace(former: readonly Disposable[], prismaExtensionInstalled: boolean): Promise<readonly Disposable[]> {
    for (const one of former) one.dispose();
    const { client } = this.#connection;
    const sql = { documentSelector: [{ language: "sql" }] };
    const whole = prismaExtensionInstalled ? sql : { documentSelector: [...sql.documentSelector, { language: "prisma" }] };
    return Promise.all([client.register(DocumentFormattingRequest.type, whole), client.register(DocumentRangeFormattingRequest.type, sql)]);
  }
}
