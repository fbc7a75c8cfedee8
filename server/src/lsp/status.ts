/** What the client's status item shows, sent when it changes. */
import type { Connection } from "vscode-languageserver/node";
import { type ProjectStatus, type ServerStatus, statusChanged } from "../../../protocol/src/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { finishInSlices, type Steps, unlessAbandoned } from "../workspace/steps.ts";

export class StatusReporter {
  readonly #connection: Connection;
  #status: ServerStatus = { busy: false, projects: [], prismaSyntax: "own", notices: [] };
  #sent = "";

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  setBusy(busy: boolean): void {
    this.#send({ ...this.#status, busy });
  }

  /** Says what a snapshot says; gives up quietly when `isStale`. */
  async tell(snapshot: Snapshot, busy: boolean, isStale: () => boolean): Promise<void> {
    await unlessAbandoned(finishInSlices(this.#report(snapshot, busy), isStale));
  }

  *#report(snapshot: Snapshot, busy: boolean): Steps<void> {
    const projects: ProjectStatus[] = [];
    for (const project of yield* snapshot.projects()) {
      const { prismaFiles } = yield* snapshot.check(project);
      const models = prismaFiles.reduce((sum, file) => sum + file.blocks.filter(({ block }) => block.kind === "model").length, 0);
      projects.push({ name: project.name, uri: project.id, models, migrations: project.history?.uris.length ?? 0 });
    }
    const prismaSyntax = snapshot.environment.prismaExtensionInstalled ? "prismaExtension" : "own";
    this.#send({ busy, projects, prismaSyntax, notices: yield* snapshot.notices() });
  }

  #send(status: ServerStatus): void {
    this.#status = status;
    const text = JSON.stringify(status);
    if (text === this.#sent) return;
    this.#sent = text;
    void this.#connection.sendNotification(statusChanged, status);
  }
}
