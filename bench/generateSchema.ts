/**
 * Schemas of any size for the benchmarks: a business made of models with keys, relations, indexes and gaps, the same
 * text for the same size on every machine. As a Prisma schema and as SQL.
 */

/** A small linear congruential generator: the benchmarks must not depend on the platform's random numbers. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Model {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly prisma: string; readonly sql: string }[];
  readonly parents: readonly {
    readonly model: string;
    readonly column: string;
    readonly action: "Cascade" | "Restrict";
    readonly isIndexed: boolean;
  }[];
}

const areas = ["Sales", "Billing", "Support", "Campaign", "Catalog", "Audit", "Access", "Planning"];
const things = ["Account", "Contact", "Order", "Invoice", "Ticket", "Task", "Product", "Price", "Member", "Event", "Note", "Quote"];
const kinds = [
  { stem: "title", prisma: "String", sql: "text" },
  { stem: "count", prisma: "Int", sql: "integer" },
  { stem: "active", prisma: "Boolean", sql: "boolean" },
  { stem: "dueAt", prisma: "DateTime @db.Timestamptz(3)", sql: "timestamptz(3)" },
  { stem: "price", prisma: "Decimal @db.Decimal(12, 2)", sql: "numeric(12,2)" },
  { stem: "details", prisma: "Json", sql: "jsonb" },
  { stem: "amount", prisma: "Float", sql: "double precision" },
];

function models(size: number): Model[] {
  const random = randomNumbers(size);
  const names: string[] = [];
  return Array.from({ length: size }, (_, i): Model => {
    const name = `${areas[i % areas.length]}${things[Math.floor(i / areas.length) % things.length]}${i}`;
    const parents = Array.from({ length: Math.min(i, Math.floor(random() * 4)) }, (_, k) => {
      const model = names[Math.floor(random() * names.length)] ?? name;
      return { model, column: `parent${k}Id`, action: random() < 0.7 ? "Cascade" : "Restrict", isIndexed: random() < 0.6 } as const;
    });
    names.push(name);
    const columns = Array.from({ length: 4 + Math.floor(random() * 8) }, (_, k) => {
      const kind = kinds[Math.floor(random() * kinds.length)] ?? { stem: "title", prisma: "String", sql: "text" };
      return { name: `${kind.stem}${k}`, prisma: kind.prisma, sql: kind.sql };
    });
    return { name, columns, parents };
  });
}

/** A valid Prisma 7 schema of `size` models. */
export function prismaSchema(size: number): string {
  const all = models(size);
  const children = new Map<string, string[]>();
  for (const model of all) {
    model.parents.forEach((parent, k) => {
      const lines = children.get(parent.model) ?? [];
      lines.push(`  child${lines.length} ${model.name}[] @relation("${model.name}_${k}")`);
      children.set(parent.model, lines);
    });
  }
  const blocks = all.map((model) =>
    [
      `model ${model.name} {`,
      "  id String @id @default(uuid(7)) @db.Uuid",
      ...model.columns.map((column) => `  ${column.name} ${column.prisma}`),
      "  createdAt DateTime @default(now()) @db.Timestamptz(3)",
      ...model.parents.flatMap((parent, k) => [
        `  ${parent.column} String @db.Uuid`,
        `  parent${k} ${parent.model} @relation("${model.name}_${k}", fields: [${parent.column}], references: [id], onDelete: ${parent.action})`,
      ]),
      ...(children.get(model.name) ?? []),
      ...model.parents.filter((parent) => parent.isIndexed).map((parent) => `  @@index([${parent.column}])`),
      "}",
    ].join("\n"),
  );
  return `generator client {\n  provider = "prisma-client"\n  output   = "../generated"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n\n${blocks.join("\n\n")}\n`;
}

/** The same business as one SQL file; `lines` is a lower bound on its length, reached by adding tables. */
export function sqlSchema(lines: number): string {
  const parts: string[] = [];
  let count = 0;
  for (const model of models(Math.ceil(lines / 10))) {
    if (count >= lines) break;
    const table = [
      `CREATE TABLE "${model.name}" (`,
      [
        '    "id" uuid NOT NULL DEFAULT gen_random_uuid()',
        ...model.columns.map((column) => `    "${column.name}" ${column.sql} NOT NULL`),
        ...model.parents.map(
          (parent) => `    "${parent.column}" uuid NOT NULL REFERENCES "${parent.model}" ("id") ON DELETE ${parent.action.toUpperCase()}`,
        ),
        '    "createdAt" timestamptz(3) NOT NULL DEFAULT now()',
        `    CONSTRAINT "${model.name}_pkey" PRIMARY KEY ("id")`,
      ].join(",\n"),
      ");",
      ...model.parents.filter((parent) => parent.isIndexed).map((parent) => `CREATE INDEX ON "${model.name}" ("${parent.column}");`),
      "",
    ].join("\n");
    parts.push(table);
    count += table.split("\n").length;
  }
  return parts.join("\n");
}
