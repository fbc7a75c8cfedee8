/** What the server asks the client about connections: the profiles, and for opening one its password, sealed. */
import { type SecretStorage, workspace } from "vscode";
import * as v from "valibot";
import type { ConnectionProfile, Credentials } from "../../../protocol/src/connections.ts";
import { credentialsParamsShape } from "../../../protocol/src/connectionsShapes.ts";
import { sealed } from "../../../protocol/src/sealing.ts";
import { isOfFile, type ProfileStore } from "./profileStore.ts";
import { secretKey } from "./storageKeys.ts";

export async function credentialsFor(params: unknown, store: ProfileStore, secrets: SecretStorage): Promise<Credentials> {
  const { id, key } = v.parse(credentialsParamsShape, params);
  const profile: ConnectionProfile | undefined = store.byId(id);
  if (!workspace.isTrusted) return { ok: false, reason: "This workspace is not trusted, so no database is contacted." };
  if (profile === undefined) return { ok: false, reason: "There is no such connection any more.", hint: "Choose another one, or add it again." };
  const password = isOfFile(profile.source) ? undefined : await secrets.get(secretKey(id));
  return { ok: true, profile, sealedPassword: password === undefined ? null : await sealed(password, key) };
}
