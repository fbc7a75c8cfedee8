/** How a connection becomes known: pasted, found in a file and agreed to, or typed in three steps. */
import { randomUUID } from "node:crypto";
import { type SecretStorage, window } from "vscode";
import type { AddressFacts, ConnectionProfile, ConnectionSource, DatabaseEnvironment, FoundUsable } from "../../../protocol/src/connections.ts";
import { type Addresses, type UnderstoodAddress } from "./addresses.ts";
import { askText, back, choose, type Choice } from "./asking.ts";
import type { ProfileStore } from "./profileStore.ts";
import { secretKey } from "./storageKeys.ts";
import { isThisMachine, placeWords } from "./words.ts";

export interface Adding {
  readonly store: ProfileStore;
  readonly secrets: SecretStorage;
  readonly addresses: Addresses;
}

const title = "Add Connection";

type Way = { readonly way: "paste" | "type" } | { readonly way: "found"; readonly found: FoundUsable } | { readonly way: "explain"; readonly problem: string };

/** The new profile; undefined when the person left, or said no. */
export async function addConnection(adding: Adding): Promise<ConnectionProfile | undefined> {
  const way = await choose<Way>(title, "Where is the address?", await ways(adding));
  switch (way?.way) {
    case "paste":
      return paste(adding);
    case "type":
      return type(adding);
    case "found":
      return useFound(way.found, adding);
    case "explain":
      void window.showWarningMessage(way.problem);
      return undefined;
    case undefined:
      return undefined;
  }
}

async function ways({ addresses, store }: Adding): Promise<readonly Choice<Way>[]> {
  const known = store.all();
  const found = (await addresses.found()).map((one): Choice<Way> => {
    if (!("facts" in one)) return { label: `$(warning) ${one.variable}`, description: one.file, detail: one.problem, value: { way: "explain", problem: `${one.variable} in ${one.file}: ${one.problem}` } };
    const isKnown = known.some(({ source }) => JSON.stringify(source) === JSON.stringify(one.source));
    return { label: `$(file-code) ${one.variable}`, description: `${one.file} · ${placeWords(one.facts)}`, ...(isKnown ? { detail: "Already a connection" } : {}), value: { way: "found", found: one } };
  });
  return [
    { label: "$(clippy) Paste an address", description: "postgresql://…", value: { way: "paste" } },
    ...found,
    { label: "$(edit) Type host, database and user", description: "in three steps", value: { way: "type" } },
  ];
}

async function paste(adding: Adding): Promise<ConnectionProfile | undefined> {
  let read: UnderstoodAddress | undefined;
  const text = await askText({
    title,
    prompt: "The password in it goes to the editor's secret storage, and nowhere else.",
    placeholder: "postgresql://user:password@host:5432/database",
    async check(address) {
      read = await adding.addresses.read(address);
      return read.ok ? undefined : [read.reason, read.hint].filter(Boolean).join(" ");
    },
  });
  if (typeof text !== "string" || read?.ok !== true) return undefined;
  const password = read.password ?? (await askPassword(read.facts, undefined));
  if (typeof password !== "string") return undefined;
  return keep({ facts: read.facts, environment: read.environment, notes: read.notes, source: { kind: "pasted" } }, password, adding);
}

/** Each step can go back to the one before. */
async function type(adding: Adding): Promise<ConnectionProfile | undefined> {
  let [place, user] = ["", ""];
  for (let step = 1; ; ) {
    if (step === 1) {
      const given = await askText({
        title,
        step: [1, 3],
        prompt: "Host, port and database",
        placeholder: "localhost:5432/shop",
        value: place,
        async check(text) {
          if (!/.\/./.test(text)) return "Host and database are needed, such as localhost:5432/shop.";
          const read = await adding.addresses.read(addressOf(text, ""));
          return read.ok ? undefined : [read.reason, read.hint].filter(Boolean).join(" ");
        },
      });
      if (typeof given !== "string") return undefined;
      place = given;
      step = 2;
    } else if (step === 2) {
      const given = await askText({ title, step: [2, 3], prompt: "User", placeholder: "postgres", value: user, hasWayBack: true, check: (text) => (text.trim() === "" ? "A user is needed." : undefined) });
      if (given === undefined) return undefined;
      if (given !== back) user = given.trim();
      step = given === back ? 1 : 3;
    } else {
      const read = await adding.addresses.read(addressOf(place, user));
      if (!read.ok) return undefined;
      const password = await askPassword(read.facts, [3, 3]);
      if (password === undefined) return undefined;
      if (password === back) step = 2;
      else return keep({ facts: read.facts, environment: read.environment, notes: read.notes, source: { kind: "typed" } }, password, adding);
    }
  }
}

function addressOf(place: string, user: string): string {
  const [host = "", ...database] = place.trim().replace(/^postgres(?:ql)?:\/\//, "").split("/");
  return `postgresql://${user === "" ? "" : `${encodeURIComponent(user)}@`}${host}/${encodeURIComponent(database.join("/"))}`;
}

/** One question for each address of a workspace; the answer is kept, whichever it is. */
export async function useFound({ source, file, variable, facts, environment, notes }: FoundUsable, adding: Adding): Promise<ConnectionProfile | undefined> {
  const connect = "Connect";
  const never = "Never for This Address";
  const answer = await window.showWarningMessage(
    `Connect to ${placeWords(facts)}${facts.user === "" ? "" : ` as ${facts.user}`}?`,
    { modal: true, detail: `${variable} in ${file} names it: ${environment}, because ${facts.environmentBecause}. The password is read from that file each time, and kept nowhere else.` },
    connect,
    never,
  );
  if (answer === never) await adding.store.refuse(source, facts);
  if (answer !== connect) return undefined;
  await adding.store.forgetRefusal(source, facts);
  return keep({ facts, environment, notes, source }, undefined, adding);
}

export async function askPassword(facts: AddressFacts, step: readonly [number, number] | undefined): Promise<string | typeof back | undefined> {
  return askText({ title, step, prompt: `Password of ${facts.user} at ${facts.host}. It goes to the editor's secret storage, and nowhere else.`, placeholder: "Leave it empty if none is needed", isSecret: true, hasWayBack: step !== undefined });
}

interface Known {
  readonly facts: AddressFacts;
  readonly environment: DatabaseEnvironment;
  readonly notes: readonly string[];
  readonly source: ConnectionSource;
}

async function keep({ facts, environment, notes, source }: Known, password: string | undefined, { store, secrets }: Adding): Promise<ConnectionProfile | undefined> {
  const agreed = await withConsent(facts);
  if (agreed === undefined) return undefined;
  const before = store.all().find((one) => JSON.stringify(one.source) === JSON.stringify(source) && source.kind !== "pasted" && source.kind !== "typed");
  const profile: ConnectionProfile = {
    ...agreed.facts,
    id: before?.id ?? randomUUID(),
    name: before?.name ?? store.freeName(`${facts.database}@${facts.host.startsWith("/") ? "socket" : facts.host}`),
    environment,
    isConfirmedEnvironment: false,
    allowsUnverified: agreed.allowsUnverified,
    source,
  };
  if (password !== undefined && password !== "") await secrets.store(secretKey(profile.id), password);
  await store.save(profile);
  if (notes.length > 0) void window.showInformationMessage(`${profile.name}: ${notes.join(" ")}`);
  return profile;
}

/** What others could read or answer is agreed to once for a connection, and shown ever after. */
export async function withConsent(facts: AddressFacts): Promise<{ readonly facts: AddressFacts; readonly allowsUnverified: boolean } | undefined> {
  if (facts.tls === "verified" || isThisMachine(facts.host)) return { facts, allowsUnverified: false };
  const verify = "Check the Certificate";
  const allow = "Allow for This Connection";
  const what = facts.tls === "none" ? "without encryption: everybody on the way can read it, the data too" : "without knowing who answers: somebody on the way could read and change everything";
  const answer = await window.showWarningMessage(`The address asks to speak to ${facts.host} ${what}.`, { modal: true, detail: "Checking the server's certificate is the safe way. Some servers have none that can be checked." }, verify, allow);
  if (answer === undefined) return undefined;
  return answer === allow ? { facts, allowsUnverified: true } : { facts: { ...facts, tls: "verified" }, allowsUnverified: false };
}
