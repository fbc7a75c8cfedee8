/** The only mutable state of the product. Changes go in through `applyChange()`, everything else reads snapshots. */
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import type { SchemaRule } from "../rules/rule.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { Change } from "./change.ts";
import type { Counters } from "./counters.ts";
import { Disk, type DiskChange } from "./disk.ts";
import { type Log, Memory } from "./memory.ts";
import { Snapshot } from "./snapshot.ts";
import { type OpenDocument, parseFolderSettings, type State } from "./state.ts";
import { TextFile } from "./textFile.ts";
import { withAnswers } from "./typeChecks.ts";
import { fingerprint } from "./validation.ts";

export class Workspace {
  #state: State;
  #snapshot: Snapshot;
  readonly #memory: Memory;

  /** `loadSqlParser()` must have resolved before anything is asked of a snapshot. `rules` are the registry's unless a test brings its own. */
  constructor(host: FileHost, log: Log, rules?: readonly SchemaRule[]) {
    this.#memory = new Memory(log, rules);
    this.#state = {
      revision: 0,
      documents: new Map(),
      disk: new Disk(host),
      roots: [],
      top: undefined,
      commandLine: undefined,
      settings: parseFolderSettings(undefined),
      folderSettings: new Map(),
      environment: { prismaExtensionInstalled: false, workspaceTrusted: true },
      validated: new Map(),
      typeChecked: new Map(),
      quarantined: new Set(),
      layout: 0,
    };
    this.#snapshot = new Snapshot(this.#state, this.#memory);
  }

  /** How often the expensive steps ran. */
  get counters(): Counters {
    return this.#memory.counters;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  applyChange(change: Change): void {
    const next = changed(this.#state, change, this.#memory);
    if (next === this.#state) return;
    this.#state = { ...next, revision: this.#state.revision + 1 };
    this.#snapshot = new Snapshot(this.#state, this.#memory);
  }
}

/** The URI that a file is known by here, however an editor spells it. */
export function ownUri(uri: string): string {
  const path = pathOfUri(uri);
  return path === undefined ? uri : uriOfPath(path);
}

/** The same state object when nothing changed. */
function changed(state: State, change: Change, memory: Memory): State {
  switch (change.kind) {
    case "opened": {
      const uri = ownUri(change.uri);
      const file = new TextFile(uri, change.text, change.version);
      const path = pathOfUri(uri);
      // Watchers are late, or not there at all: who opens a file that has just been made shows that it is there.
      const seen = path !== undefined && state.disk.misses(path) ? withDisk(state, [{ path, what: "created" }], memory) : state;
      return withDocument(seen, uri, { file, language: change.language, editorUri: change.uri });
    }
    case "edited": {
      const uri = ownUri(change.uri);
      const document = state.documents.get(uri);
      if (document === undefined) return state;
      return withDocument(state, uri, { ...document, file: new TextFile(uri, change.text, change.version) });
    }
    case "closed":
      return withDocument(state, ownUri(change.uri), undefined);
    case "files":
      return withDisk(state, change.changes, memory);
    case "roots": {
      const folderSettings = new Map([...state.folderSettings].filter(([folder]) => change.roots.includes(folder)));
      return { ...state, roots: change.roots, top: change.top, folderSettings };
    }
    case "settings": {
      const parsed = parseFolderSettings(change.value);
      if (change.folder === undefined) return { ...state, settings: parsed };
      return { ...state, folderSettings: new Map([...state.folderSettings, [change.folder, parsed]]) };
    }
    case "commandLine":
      return { ...state, commandLine: change.rules };
    case "environment":
      return { ...state, environment: change.environment };
    case "validated": {
      const { project, validated } = change;
      const quarantined =
        validated.problems === "timedOut" ? new Set([...state.quarantined, fingerprint(validated.texts)]) : state.quarantined;
      return { ...state, quarantined, validated: new Map([...state.validated, [project, validated]]) };
    }
    case "typeChecked": {
      const { project, typeChecked } = change;
      return { ...state, typeChecked: new Map([...state.typeChecked, [project, withAnswers(state.typeChecked.get(project), typeChecked)]]) };
    }
    case "statementsRead":
      memory.statementsRead.set(change.uri, (memory.statementsRead.get(change.uri) ?? 0) + 1);
      return { ...state };
  }
}

/**
 * Nothing follows from the save of an open document that belongs to a project already, or is a configuration file: what the disk says matters again
 * when it is closed.
 */
function withDisk(state: State, changes: readonly DiskChange[], memory: Memory): State {
  const disk = state.disk.after(changes);
  if (disk === state.disk) return state;
  const isSave = changes.every(({ path, what }) => {
    const uri = uriOfPath(path);
    const known = memory.discovery.last;
    return what === "changed" && state.documents.has(uri) && (known?.byUri.has(uri) === true || known?.configurations.includes(path) === true);
  });
  return { ...state, disk, layout: isSave ? state.layout : state.layout + 1 };
}

function withDocument(state: State, uri: string, document: OpenDocument | undefined): State {
  const before = state.documents.get(uri);
  if (before === undefined && document === undefined) return state;
  const documents = new Map(state.documents);
  if (document === undefined) documents.delete(uri);
  else documents.set(uri, document);
  const saved = before === undefined || document === undefined ? savedText(state, uri) : undefined;
  const isSameLayout = layoutOf(uri, before?.file.text ?? saved) === layoutOf(uri, document?.file.text ?? saved);
  return { ...state, documents, layout: isSameLayout ? state.layout : state.layout + 1 };
}

function savedText(state: State, uri: string): string | undefined {
  const path = pathOfUri(uri);
  const read = path === undefined ? undefined : state.disk.readText(path);
  return read?.ok === true ? read.text : undefined;
}

/** What of a text decides which projects there are: where a Prisma schema keeps its data, and how. */
function layoutOf(uri: string, text: string | undefined): string | undefined {
  if (text === undefined || !uri.endsWith(".prisma")) return text === undefined ? undefined : "";
  return /^[ \t]*datasource\b[^}]*/m.exec(text)?.[0] ?? "";
}
