/**
 * One process with an embedded PostgreSQL, asked one thing after the other. What misses its deadline, or is called off, is
 * killed with its process: nothing else stops WebAssembly, and only the end of a process gives all of its memory back.
 */
import type { ChildProcess } from "node:child_process";
import { startProcess } from "../threads/childProcess.ts";
import type { ScratchReply, ScratchRequest, ScratchStart } from "./messages.ts";

/** Why there is no answer. The process is gone in each case. */
export type NoReply =
  | { readonly kind: "deadline"; readonly milliseconds: number }
  | { readonly kind: "canceled" }
  | { readonly kind: "crashed"; readonly message: string };

/** Loading PostgreSQL takes less than a second; on a machine with other things to do, more. */
const startMilliseconds = 30_000;

export class ScratchProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #isGone = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    // What goes wrong with a dying process must not become an uncaught error.
    child.on("error", () => undefined);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isGone = true;
        resolve();
      };
      child.once("exit", end).once("error", () => {
        // It never came to life.
        if (child.pid === undefined) end();
      });
    });
  }

  static async start(script: URL, start: ScratchStart, signal?: AbortSignal): Promise<ScratchProcess | NoReply> {
    if (signal?.aborted === true) return { kind: "canceled" };
    const one = new ScratchProcess(startProcess(script, ["--max-semi-space-size=2"]));
    const first = await one.#exchange(start, startMilliseconds, signal);
    if ("noReply" in first) return first.noReply;
    if (first.message === "ready") return one;
    await one.kill();
    return { kind: "crashed", message: String(first.message) };
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Undefined for one that could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  async ask(request: ScratchRequest, milliseconds: number, signal?: AbortSignal): Promise<ScratchReply | NoReply> {
    if (signal?.aborted === true) return { kind: "canceled" };
    const reply = await this.#exchange(request, milliseconds, signal);
    if ("noReply" in reply) return reply.noReply;
    return isScratchReply(reply.message) ? reply.message : { kind: "crashed", message: "It gave an answer that makes no sense." };
  }

  async kill(): Promise<void> {
    this.#isGone = true;
    // Whoever waits for the end must not end before it.
    this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #exchange(sent: ScratchStart | ScratchRequest, milliseconds: number, signal: AbortSignal | undefined): Promise<{ readonly message: unknown } | { readonly noReply: NoReply }> {
    const child = this.#child;
    this.#holdAlive(true);
    const answer = await new Promise<{ readonly message: unknown } | { readonly noReply: NoReply }>((resolve) => {
      const settle = (reply: { readonly message: unknown } | { readonly noReply: NoReply }): void => {
        clearTimeout(timer);
        child.off("message", received).off("error", failed).off("exit", ended);
        signal?.removeEventListener("abort", canceled);
        resolve(reply);
      };
      const received = (message: unknown): void => settle({ message });
      const failed = (error: Error): void => settle({ noReply: { kind: "crashed", message: error.message } });
      const ended = (): void => settle({ noReply: { kind: "crashed", message: "It ended." } });
      const canceled = (): void => settle({ noReply: { kind: "canceled" } });
      const timer = setTimeout(() => settle({ noReply: { kind: "deadline", milliseconds } }), milliseconds);
      child.on("message", received).on("error", failed).on("exit", ended);
      signal?.addEventListener("abort", canceled);
      if (this.#isGone || !child.connected) ended();
      else child.send(sent, (error) => {
        if (error !== null) failed(error);
      });
    });
    if ("noReply" in answer) await this.kill();
    else this.#holdAlive(false);
    return answer;
  }

  /** Only a process that works keeps this one alive. */
  #holdAlive(isHeld: boolean): void {
    const { channel } = this.#child;
    if (isHeld) {
      this.#child.ref();
      channel?.ref();
    } else {
      this.#child.unref();
      channel?.unref();
    }
  }
}

const replyKinds: ReadonlySet<unknown> = new Set<ScratchReply["kind"]>(["replayed", "described", "explained", "kept", "resized", "rows", "failed"]);

function isScratchReply(value: unknown): value is ScratchReply {
  return typeof value === "object" && value !== null && "kind" in value && replyKinds.has(value.kind);
}
