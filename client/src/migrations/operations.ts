/** Long work of the server as a notification with its progress, which calls it off for real; what was said stays in the output. */
import { type CancellationToken, type LogOutputChannel, ProgressLocation, window } from "vscode";
import { progressShape } from "../../../protocol/src/migrationsShapes.ts";
import { parsing } from "../webviews/parsing.ts";

type Report = (progress: { readonly message: string; readonly increment?: number }) => void;

export class Operations {
  readonly #output: LogOutputChannel;
  readonly #running = new Map<number, { readonly report: Report; done: number }>();
  #next = 1;

  constructor(output: LogOutputChannel) {
    this.#output = output;
  }

  /** What the server says of an operation. */
  async hear(params: unknown): Promise<null> {
    const { operation, message, done, isLasting } = parsing(progressShape)(params);
    const running = this.#running.get(operation);
    if (running !== undefined) {
      const increment = done === undefined ? 0 : Math.max(0, Math.round((done - running.done) * 100));
      running.done += increment / 100;
      running.report({ message, ...(increment > 0 ? { increment } : {}) });
    }
    if (isLasting === true) this.#output.info(message);
    return null;
  }

  /** `work` is given the operation's number. Rejects as `work` does, but for being called off: that is a refusal. */
  run<T extends { readonly ok: boolean }>(title: string, work: (operation: number, token: CancellationToken) => Promise<T>): Promise<T | { readonly ok: false; readonly reason: string }> {
    const operation = this.#next++;
    this.#output.info(title);
    return Promise.resolve(
      window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
        this.#running.set(operation, { report: (each) => progress.report(each), done: 0 });
        try {
          return await work(operation, token);
        } catch (error) {
          const reason = token.isCancellationRequested ? "It was called off." : error instanceof Error ? error.message : String(error);
          return { ok: false as const, reason };
        } finally {
          this.#running.delete(operation);
        }
      }),
    );
  }
}
