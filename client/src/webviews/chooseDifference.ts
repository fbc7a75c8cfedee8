/** Which two states of a schema are compared: the earlier first, then what it is compared with. */
import { QuickPickItemKind, type QuickPickItem, window } from "vscode";
import type { ConnectionProfile } from "../../../protocol/src/connections.ts";
import { type ErdSource, type ErdState, erdStates, type ErdStates } from "../../../protocol/src/erd.ts";
import { statesShape } from "../../../protocol/src/erdShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "./parsing.ts";

interface Item extends QuickPickItem {
  readonly state?: ErdState | "typed";
}

interface Compared {
  readonly source: ErdSource;
  readonly title: string;
}

/** Undefined when the person left. */
export async function chooseDifference({ source, title }: Compared, server: ServerSession, databases: readonly ConnectionProfile[]): Promise<ErdSource | undefined> {
  if (source.kind !== "project") return undefined;
  const states = await server.ask(erdStates, { uri: source.uri }, parsing(statesShape));
  const files: Item = { label: "$(files) The files as they are", description: title, state: source };
  const others = itemsOf(states, databases);
  const before = await choose([...others, files], source.uri, 1, "The earlier state: what it was");
  if (before === undefined) return undefined;
  const rest = others.filter(({ state }) => state === undefined || JSON.stringify(state) !== JSON.stringify(before));
  const after = await choose(before === source ? rest : [files, ...rest], source.uri, 2, "The later state: what it is compared with");
  return after === undefined ? undefined : { kind: "difference", before, after };
}

function itemsOf({ migrations, revisions }: ErdStates, databases: readonly ConnectionProfile[]): readonly Item[] {
  return [
    ...section("Databases", databases.map(({ id, name, host, database }): Item => ({ label: `$(database) ${name}`, description: `${database} on ${host}`, state: { kind: "database", connection: id } }))),
    ...section("Git", [
      ...revisions.map(({ name, kind, state }): Item => ({ label: `$(${kind === "tag" ? "tag" : "git-branch"}) ${name}`, description: kind, state })),
      { label: "$(git-commit) Another revision…", description: "a commit, HEAD~3, main@{yesterday}", state: "typed" as const },
    ]),
    ...section("Migrations", migrations.map(({ name, state }): Item => ({ label: `$(history) ${name}`, description: "after this migration", state }))),
  ];
}

function section(label: string, items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
}

async function choose(items: readonly Item[], uri: string, step: number, placeHolder: string): Promise<ErdState | undefined> {
  const chosen = await window.showQuickPick(items, { title: `Compare Schemas (${step}/2)`, placeHolder, matchOnDescription: true });
  if (chosen?.state !== "typed") return chosen?.state;
  const revision = await window.showInputBox({ title: `Compare Schemas (${step}/2)`, prompt: "A git revision", placeHolder: "HEAD~1", validateInput: (typed) => (typed.trim() === "" ? "Name a revision." : undefined) });
  return revision === undefined ? undefined : { kind: "revision", uri, revision: revision.trim() };
}
