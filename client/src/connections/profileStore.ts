/**
 * The profiles, without secrets: those that a person gave hold in every workspace, those of a file in its workspace. Nothing
 * of it is synchronised between machines.
 */
import { EventEmitter, type Event, type ExtensionContext, type Memento } from "vscode";
import * as v from "valibot";
import type { AddressFacts, ConnectionProfile, ConnectionSource, ConnectionTarget } from "../../../protocol/src/connections.ts";
import { profileShape, targetShape } from "../../../protocol/src/connectionsShapes.ts";
import { profilesKey } from "./storageKeys.ts";

const targetKey = "databaseArchitect.target";
const refusedKey = "databaseArchitect.refusedAddresses";

export class ProfileStore {
  readonly #everywhere: Memento;
  readonly #here: Memento;
  readonly #changed = new EventEmitter<readonly string[]>();

  constructor({ globalState, workspaceState }: Pick<ExtensionContext, "globalState" | "workspaceState">) {
    this.#everywhere = globalState;
    this.#here = workspaceState;
  }

  /** Fires with the ids of what was changed or removed; empty when only the target is another. */
  get onDidChange(): Event<readonly string[]> {
    return this.#changed.event;
  }

  all(): readonly ConnectionProfile[] {
    return [...read(this.#everywhere), ...read(this.#here)].sort((a, b) => a.name.localeCompare(b.name));
  }

  byId(id: string): ConnectionProfile | undefined {
    return this.all().find((profile) => profile.id === id);
  }

  async save(profile: ConnectionProfile): Promise<void> {
    await this.#write(profile.source, (profiles) => [...profiles.filter(({ id }) => id !== profile.id), profile]);
    this.#changed.fire([profile.id]);
  }

  async remove(profile: ConnectionProfile): Promise<void> {
    await this.#write(profile.source, (profiles) => profiles.filter(({ id }) => id !== profile.id));
    const target = this.target();
    if (target.kind === "connection" && target.id === profile.id) await this.#here.update(targetKey, undefined);
    this.#changed.fire([profile.id]);
  }

  /** A name that no other profile has, like the one wanted. */
  freeName(wanted: string, except?: string): string {
    const taken = new Set(this.all().flatMap(({ id, name }) => (id === except ? [] : [name])));
    if (!taken.has(wanted)) return wanted;
    for (let i = 2; ; i++) if (!taken.has(`${wanted} ${i}`)) return `${wanted} ${i}`;
  }

  /** What queries are explained on, and so on, in this workspace: the embedded PostgreSQL until a person says otherwise. */
  target(): ConnectionTarget {
    const kept = v.safeParse(targetShape, this.#here.get(targetKey));
    if (!kept.success || (kept.output.kind === "connection" && this.byId(kept.output.id) === undefined)) return { kind: "scratch" };
    return kept.output;
  }

  async setTarget(target: ConnectionTarget): Promise<void> {
    await this.#here.update(targetKey, target);
    this.#changed.fire([]);
  }

  /** A person said no to this address in this workspace. */
  isRefused(source: ConnectionSource, facts: AddressFacts): boolean {
    return this.#refused().includes(refusalName(source, facts));
  }

  async refuse(source: ConnectionSource, facts: AddressFacts): Promise<void> {
    await this.#here.update(refusedKey, [...new Set([...this.#refused(), refusalName(source, facts)])]);
    this.#changed.fire([]);
  }

  async forgetRefusal(source: ConnectionSource, facts: AddressFacts): Promise<void> {
    await this.#here.update(refusedKey, this.#refused().filter((name) => name !== refusalName(source, facts)));
  }

  #refused(): readonly string[] {
    return v.parse(v.fallback(v.array(v.string()), []), this.#here.get(refusedKey));
  }

  async #write(source: ConnectionSource, change: (profiles: readonly ConnectionProfile[]) => readonly ConnectionProfile[]): Promise<void> {
    const memento = isOfFile(source) ? this.#here : this.#everywhere;
    await memento.update(profilesKey, change(read(memento)));
  }
}

export function isOfFile(source: ConnectionSource): boolean {
  return source.kind === "env" || source.kind === "prisma";
}

/** What cannot be read any more is left out, and what remains still works. */
function read(memento: Memento): readonly ConnectionProfile[] {
  const kept: unknown = memento.get(profilesKey);
  return Array.isArray(kept) ? kept.flatMap((one: unknown) => { const parsed = v.safeParse(profileShape, one); return parsed.success ? [parsed.output] : []; }) : [];
}

function refusalName(source: ConnectionSource, { host, port, database, user }: AddressFacts): string {
  const place = source.kind === "env" ? `${source.uri}#${source.variable}` : source.kind === "prisma" ? `${source.uri}#${source.property}` : "";
  return `${place} ${user}@${host}:${port}/${database}`;
}
