/** `databaseArchitect/erd/states`: what the project of a diagram can be compared with: its migrations, and what git knows by name. */
import type { ErdStates, ErdStatesParams } from "../../../../protocol/src/erd.ts";
import { git } from "../../workspace/git.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { migrationName, projectAt } from "./states.ts";

/** Nobody reads a longer list; any other revision can be typed. */
const mostRevisions = 200;

export function* listErdStates(snapshot: Snapshot, { uri }: ErdStatesParams): Steps<ErdStates | Promise<ErdStates>> {
  const project = yield* projectAt(snapshot, uri);
  if (project === undefined) return { migrations: [], revisions: [] };
  const migrations = (project.history?.uris ?? [])
    .map((until) => ({ name: migrationName(until), state: { kind: "history", uri: project.id, until } as const }))
    .toReversed();
  return revisionsOf(project).then((revisions) => ({ migrations, revisions }));
}

async function revisionsOf({ id, folder }: Project): Promise<ErdStates["revisions"]> {
  if (folder === undefined) return [];
  const asked = await git(folder, ["for-each-ref", "--sort=-committerdate", `--count=${mostRevisions}`, "--format=%(refname)", "refs/heads", "refs/tags"]);
  if (!asked.ok) return [];
  const revisions = asked.text.split("\n").flatMap((line): ErdStates["revisions"][number][] => {
    const [, folderName, revision = ""] = /^refs\/(heads|tags)\/(.+)$/.exec(line) ?? [];
    return revision === "" ? [] : [{ name: revision, kind: folderName === "tags" ? "tag" : "branch", state: { kind: "revision", uri: id, revision } }];
  });
  return [...revisions.filter(({ kind }) => kind === "branch"), ...revisions.filter(({ kind }) => kind === "tag")];
}
