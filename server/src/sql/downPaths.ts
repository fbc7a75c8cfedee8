/** Which files hold the ways back of migrations, as the tools that go back name them. */
import { basename, dirname, join } from "node:path";

/** Where the way back of a migration may stand. */
export function downPaths(path: string): readonly string[] {
  const [folder, name] = [dirname(path), basename(path)];
  if (name === "migration.sql" || name === "up.sql") return [join(folder, "down.sql")];
  const stem = name.replace(/(?:[._-]up)?\.sql$/i, "");
  const flyway = /^[VB](\d.*)$/.exec(stem)?.[1];
  return [`${stem}.down.sql`, `${stem}_down.sql`, `${stem}-down.sql`, join("down", name), ...(flyway === undefined ? [] : [`U${flyway}.sql`])].map((file) => join(folder, file));
}
