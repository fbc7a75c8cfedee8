/** Migrations that count on what Supabase brings, in the embedded PostgreSQL and on a server. */
import assert from "node:assert/strict";
import { readHistory } from "../../server/src/migrations/history.ts";
import { type Proof, proofMarkdown, verdictText } from "../../server/src/migrations/proof.ts";
import type { ProofPlace } from "../../server/src/migrations/proofDatabase.ts";
import { proveMigrations } from "../../server/src/migrations/prove.ts";
import { serverPlace } from "../../server/src/migrations/run/serverProof.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { roleStatements, wantedPlatform } from "../../server/src/scratch/platforms.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { foldOptionsOf } from "../../server/src/workspace/check.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { scratchOptions } from "../support/scratch.ts";

/** As `supabase db pull` writes it. */
const pulled = `create extension if not exists "pg_net" with schema "extensions";
create extension if not exists "pg_graphql" with schema "graphql";
create extension if not exists "supabase_vault" with schema "vault";
create extension if not exists "uuid-ossp" with schema "extensions";
create table "public"."profiles" ("id" uuid primary key references auth.users (id) on delete cascade, "name" text, "key" uuid default uuid_generate_v4());
alter table "public"."profiles" enable row level security;
create policy "own" on "public"."profiles" for select to authenticated using ((select auth.uid()) = id);
create function public.handle_new_user() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles (id, name) values (new.id, new.raw_user_meta_data ->> 'name');
  return new;
end $$;
create trigger on_auth_user_created after insert on auth.users for each row execute function public.handle_new_user();
insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true) on conflict do nothing;
create policy "avatars" on storage.objects for select using (bucket_id = 'avatars' and (storage.foldername(name))[1] = auth.uid()::text);
`;
const next = `create function public.tell() returns trigger language plpgsql as $$
begin
  perform realtime.send(to_jsonb(new), 'changed', 'profiles');
  return new;
end $$;
create trigger tell after update on public.profiles for each row execute function public.tell();
alter table public.profiles add column seen_at timestamptz;
grant select on public.profiles to dashboard_user;`;
const back = `revoke select on public.profiles from dashboard_user;
alter table public.profiles drop column seen_at;
drop trigger tell on public.profiles;
drop function public.tell();`;
const calling = `create extension if not exists http with schema extensions;
create function public.fetch(address text) returns void language plpgsql as $$ begin perform extensions.http_get(address); end $$;`;
const needing = "create table public.pages (id int primary key, answer extensions.http_response);";

describe("what a hosting platform brings", function () {
  this.timeout(300_000);
  before(loadSqlParser);

  async function proofs(texts: Readonly<Record<string, string>>, place?: ProofPlace): Promise<readonly Proof[]> {
    const files = new Map(Object.entries(texts).map(([name, text]) => [`/s/supabase/migrations/${name}`, text]));
    const isBack = (path: string): boolean => path.includes("/down/");
    const { migrations } = readHistory(
      { kind: "supabase", root: "/s/supabase/migrations", uris: [...files.keys()].filter((path) => !isBack(path)).map(uriOfPath) },
      {
        readText: (path) => { const text = files.get(path); return text === undefined ? { ok: false, reason: "missing" } : { ok: true, text }; },
        list: (path) => [...files.keys()].flatMap((each) => (each.startsWith(`${path}/`) && !each.slice(path.length + 1).includes("/") ? [{ name: each.slice(path.length + 1), kind: "file" as const }] : [])),
        realPath: (path) => path,
        stat: (path) => (files.has(path) ? "file" : "missing"),
      },
      () => "transaction",
    );
    const found: Proof[] = [];
    const history = { history: { kind: "supabase", root: "", uris: [], repeatables: [], scripts: [], waysBack: new Map() } } as const;
    for await (const proof of proveMigrations(migrations, new Set(migrations), { scratch: await scratchOptions(), place, foldOptions: foldOptionsOf(history) })) found.push(proof);
    return found;
  }

  const two = { "20260101000000_pulled.sql": pulled, "20260102000000_tell.sql": next, "down/20260102000000_tell.sql": back };

  it("is there for proofs, with rows to refer to, and is no difference from the history", async () => {
    const [first, second] = await proofs(two);
    assert.deepEqual([first, second].map((proof) => proof && verdictText(proof)), ["proven up, no way back, 2 locks, no data lost", "proven up and down, 2 locks, no data lost"]);
    assert.deepEqual([first?.model, second?.model, second?.rows.complaints, first?.without], [[], [], [], []]);
    assert.equal(second?.rows.afterUp.find(({ table }) => table === "public.profiles")?.before, 3);
  });

  it("does without an extension that is not to be had, says so, and blames nothing else on it", async () => {
    const [, , called, needed] = await proofs({ ...two, "20260103000000_call.sql": calling, "20260104000000_need.sql": needing });
    assert.equal(called && verdictText(called), "proven up, no way back, 0 locks, no data lost, without the extension http");
    assert.match(proofMarkdown(called ?? assert.fail()), /It ran without the extension http: where it was proven there is none\./);
    assert.equal(needed && verdictText(needed), 'not proven: up fails, line 1: type "extensions.http_response" does not exist (42704) The embedded PostgreSQL does not have the extension http, which may be why: a server that has it can prove this.');
  });

  it("is there for queries, on the search path too, and in what is kept", async () => {
    const base = ["CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), owner uuid NOT NULL REFERENCES auth.users)", ...Array.from({ length: 40 }, (_, i) => `CREATE TABLE notes_${i} (id int)`)];
    for (const _ of ["built", "kept"]) {
      const database = new ScratchDatabase(await scratchOptions(), base);
      try {
        const built = await database.build();
        assert.ok(built.ok && built.value.every(({ kind }) => kind === "done"));
        await database.query("RESET ALL");
        const described = await database.describe("SELECT n.id, u.email FROM notes n JOIN auth.users u ON u.id = n.owner WHERE n.owner = auth.uid() AND n.id <> uuid_generate_v4()");
        assert.deepEqual(described.ok && described.value.columns?.map(({ type }) => type), ["uuid", "character varying(255)"]);
      } finally {
        await database.close();
      }
    }
  });

  it("is made in a proof's own database on a server that has its roles, and asked for on one that has not", async () => {
    const database = await (await sharedPostgres(17)).createDatabase();
    const client = await database.client();
    const opened = await serverPlace({ url: database.url, allowsUnverified: true });
    assert.ok(opened.ok);
    // The extensions that only Supabase's own servers have.
    const texts = { "20260101000000_pulled.sql": pulled.replaceAll(/^create extension if not exists "(?:pg_net|pg_graphql|supabase_vault)".*\n/gm, ""), "20260102000000_tell.sql": next, "down/20260102000000_tell.sql": back };
    const [without] = await proofs(texts, opened.place);
    assert.equal(without && verdictText(without), "not proven: The migrations count on what Supabase brings, and this server does not have its roles (anon, authenticated, service_role). Prove them on a server of Supabase, or without an address in the embedded PostgreSQL.");
    const platform = wantedPlatform([pulled]) ?? assert.fail();
    try {
      for (const statement of roleStatements(platform)) await client.query(statement);
      const [first, second] = await proofs(texts, opened.place);
      assert.deepEqual([first, second].map((proof) => proof && verdictText(proof)), ["proven up, no way back, 2 locks, no data lost", "proven up and down, 2 locks, no data lost"]);
    } finally {
      for (const role of platform.roles) await client.query(`DROP ROLE IF EXISTS ${role}`);
      await database.drop();
    }
  });
});
