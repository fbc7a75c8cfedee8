/** How the server's Node process is started so that it stays small: what the editor and the benchmarks give it alike. */

export const serverProcess = {
  /** Half of V8's default: two copies of it are held, full or not. */
  execArgv: ["--max-semi-space-size=8"],
  /**
   * For the C library of Linux, which else keeps what V8's compilers have freed: after a minute of PostgreSQL's parser and
   * Prisma's engine (WebAssembly) it held 100 MB that nobody used. Others do not know the name.
   */
  env: { MALLOC_TRIM_THRESHOLD_: "131072" },
} as const;
