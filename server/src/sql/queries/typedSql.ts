/**
 * TypedSQL: files with one query each that Prisma makes a function of, and what their comments say about parameters.
 * https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/typedsql
 */

export interface StatedParameter {
  /** The alias, which becomes the argument's name. */
  readonly name: string | undefined;
  /** Prisma's scalar: `Int`, `String`, `DateTime`, … */
  readonly type: string | undefined;
  readonly isNullable: boolean;
  readonly about: string | undefined;
}

/** A file in the folder where Prisma looks for them. */
export function isTypedSql(uri: string): boolean {
  return /\/prisma\/sql\/[^/]+\.sql$/i.test(uri);
}

/** `-- @param {Int} $1:userId? The person`, by number. */
export function statedParameters(text: string): ReadonlyMap<number, StatedParameter> {
  const found = new Map<number, StatedParameter>();
  for (const [, type, number, alias, nullable, about] of text.matchAll(comment)) {
    found.set(Number(number), {
      name: alias,
      type: type?.trim(),
      isNullable: nullable !== undefined && nullable !== "",
      about: about === undefined || about.trim() === "" ? undefined : about.trim(),
    });
  }
  return found;
}

const comment = /^[ \t]*--[ \t]*@param[ \t]+(?:\{([^}\n]*)\}[ \t]*)?\$(\d{1,5})(?::(\w+))?(\?)?([^\n]*)$/gm;
