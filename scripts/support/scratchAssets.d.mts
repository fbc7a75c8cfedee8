/** The folder with what the scratch database needs beside its code, made now if need be. */
export function scratchAssets(): Promise<string>;
