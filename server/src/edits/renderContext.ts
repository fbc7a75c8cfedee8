/** What rendering an intent knows of the workspace: texts, where things stand in them, and where SQL may be written. */
import type { Sending } from "../model/migration/migration.ts";
import type { Places } from "../model/places.ts";

/** Whether a file's SQL may still be edited, or is history that only a new file can change. */
export type SqlPlacement = { readonly kind: "inPlace" } | {
      readonly kind: "newMigration";
      readonly uri: string;
      /** How the file is sent to PostgreSQL; as one message unless said. */
      readonly sending?: Sending | undefined;
    };

export interface RenderContext {
  /** Where what the intents touch stands in the texts. */
  readonly places: Places;
  readText(uri: string): string | undefined;
  /** For an SQL file, or for a Prisma file when something must be said in SQL. */
  sqlPlacement(uri: string): SqlPlacement;
  /** `previewFeatures` of the generators of the schema that the Prisma file belongs to. */
  previewFeatures?(uri: string): readonly string[];
}
