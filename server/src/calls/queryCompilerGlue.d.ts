/** The JavaScript beside Prisma's query compiler, which comes without types. */
declare module "@prisma/client/runtime/query_compiler_small_bg.postgresql.mjs" {
  export class QueryCompiler {
    constructor(options: {
      readonly datamodel: string;
      readonly provider: "postgres";
      readonly connectionInfo: { readonly schemaName: string; readonly maxBindValues: number; readonly supportsRelationJoins: boolean };
    });
    /** A request of the JSON protocol to a plan. Throws `{ message, code, meta }`. */
    compile(request: string): unknown;
    free(): void;
  }
  export function __wbg_set_wasm(exports: object): void;
}
