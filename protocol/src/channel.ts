/**
 * One typed channel between a webview and the extension host; both ends use the same function. A request is answered
 * exactly once: by its handler's result, by the reason why there is none, or by the end of the channel. What comes in is
 * parsed before anybody sees it, and what is not understood is dropped and logged.
 */
import * as v from "valibot";

/** What one end may ask of the other: by name, the shape of its parameters and of its result. */
export type Methods<Names> = { readonly [Name in keyof Names]: Method };

export interface Method {
  readonly params: v.GenericSchema;
  readonly result: v.GenericSchema;
}

export type ParamsOf<M extends Method> = v.InferOutput<M["params"]>;
export type ResultOf<M extends Method> = v.InferOutput<M["result"]>;

/** One handler for every method: a missing one does not compile. */
export type Handlers<In extends Methods<In>> = {
  readonly [Name in keyof In]: (params: ParamsOf<In[Name]>) => ResultOf<In[Name]> | Promise<ResultOf<In[Name]>>;
};

export interface ChannelOptions<In extends Methods<In>, Out extends Methods<Out>> {
  /** What the other end may ask. */
  readonly in: In;
  /** What this end may ask. */
  readonly out: Out;
  readonly handlers: Handlers<In>;
  /** Hands a message to the other end; it may get lost there. */
  post(message: unknown): void;
  /** Told what was dropped and which handler threw. */
  log(what: string): void;
}

export interface Channel<Out extends Methods<Out>> {
  /** Rejects when the other end fails or answers something else, and when the channel closes. */
  request<Name extends keyof Out & string>(name: Name, params: ParamsOf<Out[Name]>): Promise<ResultOf<Out[Name]>>;
  /** Takes a message as it came from the other end. */
  receive(message: unknown): void;
  /** Rejects what is pending and whatever is asked from now on. */
  close(): void;
}

export function createChannel<In extends Methods<In>, Out extends Methods<Out>>(options: ChannelOptions<In, Out>): Channel<Out> {
  const pending = new Map<number, Pending>();
  let isClosed = false;
  let last = 0;

  const answer = async <Name extends keyof In & string>(id: number, name: Name, given: unknown): Promise<void> => {
    const params = v.safeParse<In[Name]["params"]>(options.in[name].params, given);
    if (!params.success) return options.log(`dropped a request for “${name}” with other parameters: ${issueIn(params.issues)}`);
    const reply = await replyOf(async () => options.handlers[name](params.output));
    if (reply.kind === "failure") options.log(`“${name}” failed: ${reply.reason}`);
    if (!isClosed) options.post({ ...reply, id });
  };

  const settle = (id: number, reply: Reply): void => {
    const waiting = pending.get(id);
    if (waiting === undefined) return options.log("dropped a reply that nobody waits for");
    pending.delete(id);
    waiting.settle(reply);
  };

  return {
    request<Name extends keyof Out & string>(name: Name, params: ParamsOf<Out[Name]>) {
      if (isClosed) return Promise.reject(new ChannelClosed());
      const id = ++last;
      return new Promise<ResultOf<Out[Name]>>((resolve, reject) => {
        const settleThis = (reply: Reply): void => {
          if (reply.kind === "failure") return reject(new Error(reply.reason));
          const result = v.safeParse<Out[Name]["result"]>(options.out[name].result, reply.result);
          if (result.success) resolve(result.output);
          else reject(new Error(`“${name}” was answered with something else: ${issueIn(result.issues)}`));
        };
        pending.set(id, { settle: settleThis, reject });
        options.post({ kind: "request", id, name, params });
      });
    },
    receive(message) {
      if (isClosed) return;
      const parsed = v.safeParse(messageShape, message);
      if (!parsed.success) return options.log("dropped a message of another shape");
      const { output } = parsed;
      if (output.kind !== "request") settle(output.id, output);
      else if (isNameIn(options.in, output.name)) void answer(output.id, output.name, output.params);
      else options.log(`dropped a request for “${shortened(output.name)}”, which there is not`);
    },
    close() {
      isClosed = true;
      for (const { reject } of pending.values()) reject(new ChannelClosed());
      pending.clear();
    },
  };
}

/** What pending requests reject with when their channel closes: nobody is left to answer, and nothing is wrong. */
export class ChannelClosed extends Error {
  constructor() {
    super("The channel is closed.");
    this.name = "ChannelClosed";
  }
}

interface Pending {
  settle(reply: Reply): void;
  reject(error: Error): void;
}

type Reply = { readonly kind: "success"; readonly result?: unknown } | { readonly kind: "failure"; readonly reason: string };

const id = v.pipe(v.number(), v.safeInteger());
const messageShape = v.variant("kind", [
  v.strictObject({ kind: v.literal("request"), id, name: v.string(), params: v.unknown() }),
  // A result of undefined does not survive being a message.
  v.strictObject({ kind: v.literal("success"), id, result: v.optional(v.unknown()) }),
  v.strictObject({ kind: v.literal("failure"), id, reason: v.string() }),
]);

function isNameIn<In extends Methods<In>>(methods: In, name: string): name is keyof In & string {
  return Object.hasOwn(methods, name);
}

async function replyOf(handle: () => Promise<unknown>): Promise<Reply> {
  try {
    return { kind: "success", result: await handle() };
  } catch (error) {
    return { kind: "failure", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Where the first thing is that does not fit. */
function issueIn([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const path = issue.path?.map((item) => String(item.key)).join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${shortened(issue.message)}`;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
