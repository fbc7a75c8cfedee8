/** "Preview Migration": the SQL that the schema would need, beside it, while it is edited. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const previewMigration: Command = {
  id: "databaseArchitect.previewMigration",
  async run({ migrations }, node) {
    await (await migrations()).files.preview(node);
  },
};
