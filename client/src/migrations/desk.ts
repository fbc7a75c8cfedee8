/** What everything that is done with migrations in the editor works with. */
import type { Databases } from "../connections/databases.ts";
import type { ServerSession } from "../serverSession.ts";
import type { MigrationDocuments } from "./documents.ts";
import type { MigrationTree } from "./migrationTree.ts";
import type { Operations } from "./operations.ts";

export interface MigrationDesk {
  readonly server: ServerSession;
  readonly tree: MigrationTree;
  readonly documents: MigrationDocuments;
  readonly operations: Operations;
  databases(): Promise<Databases>;
}
