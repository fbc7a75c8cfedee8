/** Where the editor keeps what belongs to connections. */

export const profilesKey = "databaseArchitect.connections";

/** Of the password of a profile, in SecretStorage. */
export function secretKey(id: string): string {
  return `databaseArchitect.connection.${id}`;
}
