/** Each runs one call. */
export const calls: readonly ((given: { readonly prisma: Readonly<Record<string, unknown>>; readonly v: Readonly<Record<string, unknown>> }) => Promise<unknown>)[];
