/** Diagrams as the server gives them out: sources, pictures that follow the text, places, edits. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ErdPicture, erdChanged, erdEdit, erdPicture, erdPlace, erdSources, type ErdTarget } from "../../protocol/src/erd.ts";
import { outcomeShape, pictureShape, placeShape, sourcesShape } from "../../protocol/src/erdShapes.ts";
import * as v from "valibot";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const schema = `datasource db {
  provider = "postgresql"
}

model Customer {
  id   Int    @id
  name String
}

model Order {
  id         Int @id
  customerId Int
}
`;

describe("Diagrams", () => {
  let client: LspClient;
  let uri: string;
  let changes: number;
  /** Resolves at the next news. */
  let news: Promise<void>;
  const connect = async (text = schema): Promise<void> => {
    const folder = temporaryFolder({ "prisma/schema.prisma": text });
    uri = pathToFileURL(join(folder, "prisma/schema.prisma")).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { showsErd: true, settings: { prismaValidation: "off" } } });
    changes = 0;
    news = new Promise((resolve) => {
      client.connection.onNotification(erdChanged, () => {
        changes++;
        resolve();
      });
    });
    await client.open(uri);
  };
  afterEach(() => client.stop());

  const source = (): object => ({ kind: "project", uri });
  const picture = async (positions: object = {}): Promise<ErdPicture> => v.parse(pictureShape, await client.connection.sendRequest(erdPicture, { source: source(), positions }));
  const tables = ({ diagram }: ErdPicture): readonly string[] => diagram.tables.map(({ name }) => name);
  const edit = async (wish: object): Promise<v.InferOutput<typeof outcomeShape>> =>
    v.parse(outcomeShape, await client.connection.sendRequest(erdEdit, { source: source(), edit: wish }));
  const placeOf = async (target: ErdTarget): Promise<string | undefined> => {
    const place = v.parse(placeShape, await client.connection.sendRequest(erdPlace, { source: source(), target }));
    return place === null ? undefined : client.text(uri).split("\n")[place.range.start.line]?.slice(place.range.start.character, place.range.end.character);
  };

  it("are listed for a file, for a folder and for the workspace, with where positions belong", async () => {
    await connect();
    for (const params of [{ uri }, { uri: uri.replace(/\/schema\.prisma$/, "") }, {}]) {
      const [listing, ...others] = v.parse(sourcesShape, await client.connection.sendRequest(erdSources, params));
      assert.deepEqual(listing?.source, source());
      assert.match(listing?.positionsUri ?? "", /\/\.database-architect\/erd\.json$/);
      assert.deepEqual(others, []);
    }
  });

  it("have every table, and a place for each", async () => {
    await connect();
    const { diagram, positions } = await picture();
    assert.deepEqual(tables({ diagram, positions }), ["Customer", "Order"]);
    assert.deepEqual(Object.keys(positions).sort(), ["public.Customer", "public.Order"]);
  });

  it("leave what stands where it stands, and place only what is new", async () => {
    await connect();
    const standing = { "public.Customer": { x: 700, y: 40 }, "public.Order": { x: -20, y: 900 } };
    await client.change(uri, "model Order", "model Item {\n  id Int @id\n}\n\nmodel Order");
    const { positions } = await picture(standing);
    assert.deepEqual({ ...positions, "public.Item": undefined }, { ...standing, "public.Item": undefined });
    assert.ok(positions["public.Item"]);
  });

  it("say when they changed, and nothing when they did not", async () => {
    await connect();
    const { revision } = (await picture()).diagram;
    await client.change(uri, "model Customer", "// a comment\nmodel Customer");
    assert.equal((await picture()).diagram.revision, revision);
    assert.equal(changes, 0);
    await client.change(uri, "name String", "name String\n  city String");
    await news;
    assert.ok((await picture()).diagram.revision > revision);
  });

  it("keep what was there while a line is half typed, and say why", async () => {
    await connect();
    const before = tables(await picture());
    await client.change(uri, "model Order {", "model {");
    const { diagram } = await picture();
    assert.deepEqual(diagram.tables.map(({ name }) => name), before);
    assert.equal(diagram.status.kind, "stale");
    assert.match("reason" in diagram.status ? diagram.status.reason : "", /^There is a syntax error in schema\.prisma/);
    await client.change(uri, "model {", "model Order {");
    assert.equal((await picture()).diagram.status.kind, "ok");
  });

  it("let go of a table that was taken out of text that can be read", async () => {
    await connect();
    await picture();
    await client.change(uri, "model Order {\n  id         Int @id\n  customerId Int\n}\n", "");
    assert.deepEqual(tables(await picture()), ["Customer"]);
  });

  it("say honestly that there is nothing, or that nothing could be read", async () => {
    await connect('datasource db {\n  provider = "postgresql"\n}\n');
    const { status } = (await picture()).diagram;
    assert.ok(status.kind === "empty" && /defines no tables yet/.test(status.reason), JSON.stringify(status));
    await client.stop();
    await connect('datasource db {\n  provider = "postgresql"\n}\n\nmodel {\n');
    const broken = (await picture()).diagram.status;
    assert.ok(broken.kind === "empty" && /syntax error/.test(broken.reason), JSON.stringify(broken));
  });

  it("lead to where a table and a column are written", async () => {
    await connect();
    assert.equal(await placeOf({ kind: "table", key: "public.Order" }), "Order");
    assert.equal(await placeOf({ kind: "table", key: "public.Order", column: "customerId" }), "customerId");
    assert.equal(await placeOf({ kind: "table", key: "public.Nothing" }), undefined);
  });

  it("answer a request of another shape with an honest nothing", async () => {
    await connect();
    const answer = v.parse(pictureShape, await client.connection.sendRequest(erdPicture, { source: { kind: "rm -rf" } }));
    assert.equal(answer.diagram.status.kind, "empty");
  });

  describe("edited", () => {
    /** The client applies what it is asked to. */
    const applying = (): void => {
      client.connection.onRequest("workspace/applyEdit", async ({ edit: wanted }: { edit: Parameters<LspClient["applyAndTell"]>[0] }) => {
        await client.applyAndTell(wanted);
        return { applied: true };
      });
    };

    it("add a relation on both sides and the index on its column, as one change", async () => {
      await connect();
      applying();
      const { revision } = (await picture()).diagram;
      assert.deepEqual(await edit({ do: "addRelation", revision, table: "public.Order", column: "customerId", to: "public.Customer" }), { ok: true });
      assert.match(client.text(uri), /customer\s+Customer\s+@relation\(fields: \[customerId\], references: \[id\]/);
      assert.match(client.text(uri), /Order\[\]/);
      assert.match(client.text(uri), /@@index\(\[customerId\]\)/);
      const { diagram } = await picture();
      assert.deepEqual(diagram.relations.map(({ from, to, hasIndex }) => [from.table, to.table, hasIndex]), [["public.Order", "public.Customer", true]]);
    });

    it("add a column, in Prisma's words for PostgreSQL's type", async () => {
      await connect();
      applying();
      const { revision } = (await picture()).diagram;
      const column = { do: "addColumn", revision, table: "public.Order", name: "paidAt", type: "timestamp(3) with time zone", nullable: true } as const;
      assert.deepEqual(await edit(column), { ok: true });
      assert.match(client.text(uri), /customerId Int\n {2}paidAt {5}DateTime\? @db\.Timestamptz\(3\)\n/);
      const { diagram } = await picture();
      const added = diagram.tables.find(({ name }) => name === "Order")?.columns.at(-1);
      assert.deepEqual([added?.name, added?.type, added?.nullable], ["paidAt", "timestamp(3) with time zone", true]);
    });

    it("go to a new migration where migrations make the tables", async () => {
      const folder = temporaryFolder({
        "migrations/20250101000000_shop/migration.sql": "CREATE TABLE customers (id integer PRIMARY KEY);\nCREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL);\n",
        "migrations/20250102000000_notes/migration.sql": "CREATE TABLE notes (id integer PRIMARY KEY);\n",
      });
      uri = pathToFileURL(join(folder, "migrations/20250102000000_notes/migration.sql")).href;
      client = await LspClient.inProcess({ folders: [folder], initializationOptions: { showsErd: true, settings: { prismaValidation: "off" } } });
      const wanted: string[] = [];
      client.connection.onRequest("workspace/applyEdit", ({ edit: asked }: { edit: object }) => {
        wanted.push(JSON.stringify(asked));
        return { applied: true };
      });
      const { revision } = (await picture()).diagram;
      const column = { do: "addColumn", revision, table: "public.orders", name: "paid_at", type: "timestamptz", nullable: true } as const;
      assert.deepEqual(await edit(column), { ok: true });
      assert.match(wanted[0] ?? "", /"create".*_add_paid_at_to_orders\/migration\.sql.*ALTER TABLE orders ADD COLUMN paid_at (?:timestamptz|timestamp with time zone);/);
      assert.deepEqual(await edit({ do: "addRelation", revision, table: "public.orders", column: "customer_id", to: "public.customers" }), { ok: true });
      assert.match(wanted[1] ?? "", /"create".*_relate_orders_to_customers\/.*FOREIGN KEY \(customer_id\) REFERENCES customers.*CREATE INDEX/);
      assert.deepEqual(await edit({ do: "renameColumn", revision, table: "public.orders", column: "customer_id", to: "buyer_id" }), { ok: true });
      assert.match(wanted[2] ?? "", /"create".*_rename_orders_customer_id\/.*ALTER TABLE orders RENAME COLUMN customer_id TO buyer_id;/);
      assert.deepEqual(await edit({ do: "renameTable", revision, table: "public.orders", to: "notes" }), { ok: false, reason: "There is a notes already." });
    });

    it("add no column without a type, or a second time", async () => {
      await connect();
      const { revision } = (await picture()).diagram;
      const column = { do: "addColumn", revision, table: "public.Order", name: "customerId", type: "integer", nullable: true } as const;
      assert.deepEqual(await edit(column), { ok: false, reason: "Order has a column customerId already." });
      assert.deepEqual(await edit({ ...column, name: "color", type: "colour" }), { ok: false, reason: "PostgreSQL has no type colour." });
    });

    it("rename a model in Prisma and keep the table", async () => {
      await connect();
      applying();
      const { revision } = (await picture()).diagram;
      assert.deepEqual(await edit({ do: "renameTable", revision, table: "public.Order", to: "Purchase" }), { ok: true });
      assert.match(client.text(uri), /model Purchase \{[^}]*@@map\("Order"\)/);
    });

    it("are refused when the diagram has changed since", async () => {
      await connect();
      const { revision } = (await picture()).diagram;
      await client.change(uri, "name String", "name String\n  city String");
      const outcome = await edit({ do: "renameTable", revision, table: "public.Order", to: "Purchase" });
      assert.ok(!outcome.ok && /has changed meanwhile/.test(outcome.reason));
      assert.doesNotMatch(client.text(uri), /Purchase/);
    });

    it("are refused with a reason that helps", async () => {
      await connect();
      const { revision } = (await picture()).diagram;
      const outcome = await edit({ do: "addRelation", revision, table: "public.Customer", column: "name", to: "public.Order" });
      assert.deepEqual(outcome, { ok: false, reason: "Customer.name and Order.id have different types." });
    });
  });
});
