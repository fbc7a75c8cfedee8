/** Small Prisma schemas that together use every construct with a meaning for PostgreSQL. Each is valid for Prisma 7. */

export interface PrismaSample {
  readonly id: string;
  readonly text: string;
}

const head = (options = "", features = ""): string =>
  `generator client {\n  provider = "prisma-client"\n  output   = "./client"\n  previewFeatures = [${features}]\n}\n\ndatasource db {\n  provider = "postgresql"\n${options}}\n\n`;

const long = "an_identifier_that_is_long_enough_to_be_cut_when_names_are_made_";

export const prismaSamples: readonly PrismaSample[] = [
  {
    id: "types",
    text: `${head("  extensions = [citext, vector]\n", '"postgresqlExtensions"')}model Types {
  id   Int      @id
  str  String
  strs String[]
  bool Boolean
  int  Int?
  big  BigInt
  flt  Float
  dec  Decimal
  date DateTime
  json Json
  blob Bytes
  n1   Int      @db.SmallInt
  n2   Int      @db.Integer
  n3   Int      @db.Oid
  n4   BigInt   @db.BigInt
  n5   Decimal  @db.Decimal
  n6   Decimal  @db.Decimal(10, 2)
  n7   Decimal  @db.Money
  n8   Float    @db.Real
  n9   Float    @db.DoublePrecision
  s1   String   @db.Text
  s2   String   @db.VarChar
  s3   String   @db.VarChar(20)
  s4   String[] @db.VarChar(20)
  s5   String   @db.Char
  s6   String   @db.Char(3)
  s7   String   @db.Bit
  s8   String   @db.Bit(8)
  s9   String   @db.VarBit
  s10  String   @db.VarBit(8)
  s11  String   @db.Uuid
  s12  String   @db.Xml
  s13  String   @db.Inet
  s14  String   @db.Citext
  d1   DateTime @db.Timestamp
  d2   DateTime @db.Timestamp(6)
  d3   DateTime @db.Timestamptz
  d4   DateTime @db.Timestamptz(3)
  d5   DateTime @db.Date
  d6   DateTime @db.Time
  d7   DateTime @db.Time(0)
  d8   DateTime @db.Timetz
  d9   DateTime @db.Timetz(6)
  j1   Json     @db.Json
  j2   Json     @db.JsonB
  b1   Bytes    @db.ByteA
  b2   Boolean  @db.Boolean
  u1   Unsupported("tsvector")?
  u2   Unsupported("vector(3)")
  u3   Unsupported("timestamp(2) with time zone")
  u4   Unsupported("\\"char\\"")
  u5   Unsupported("double precision")[]
  u6   Unsupported("int4range") @default(dbgenerated("'[1,2)'"))
  u7   Unsupported("character varying(7)")?
}
`,
  },
  {
    id: "defaults",
    text: `${head()}enum Role {
  ADMIN @map("the admin")
  USER

  @@map("roles")
}

model Defaults {
  id  Int      @id @default(autoincrement())
  a1  BigInt   @default(autoincrement())
  a2  Int      @default(autoincrement()) @db.SmallInt
  b1  Boolean  @default(true)
  b2  Boolean[] @default([true, false])
  s1  String   @default("it's")
  s2  String   @default("")
  s3  String[] @default([])
  s4  String[] @default(["a", "b'c"])
  s5  String   @default("é😀\\n\\t\\\\") @db.VarChar(30)
  s6  String[] @default(["x"]) @db.VarChar(5)
  i1  Int      @default(-5)
  i2  Int[]    @default([1, 2])
  i3  Int      @default(7) @db.SmallInt
  g1  BigInt   @default(9007199254740993)
  g2  BigInt   @default(-9223372036854775808)
  f1  Float    @default(1.0)
  f2  Float    @default(-0.5)
  f3  Float    @default(3)
  f4  Float    @default(0.00000001)
  f5  Float    @default(100000000000000000000)
  f6  Float    @default(1.5) @db.Real
  f7  Float    @default(-0.0)
  d1  Decimal  @default(1.50)
  d2  Decimal  @default("2.5")
  d3  Decimal  @default("1e5")
  d4  Decimal  @default(0) @db.Decimal(10, 2)
  d5  Decimal[] @default([1.5, 2])
  d6  Decimal  @default("1e-3")
  t1  DateTime @default(now())
  t2  DateTime @default(now()) @updatedAt @db.Timestamptz(6)
  t3  DateTime @updatedAt
  t4  DateTime @default("2020-01-01T10:00:00Z")
  t5  DateTime @default("2020-01-01T10:00:00+02:00")
  t6  DateTime @default("2020-01-01T10:00:00.123456Z") @db.Timestamptz(6)
  t7  DateTime @default("2020-01-01T23:00:00-05:30") @db.Timestamptz(3)
  t8  DateTime @default("2020-01-01T00:00:00Z") @db.Date
  t9  DateTime @default("2020-01-01T10:11:12Z") @db.Time
  t10 DateTime[] @default(["2020-01-01T10:00:00Z"])
  j1  Json     @default("{\\"b\\": 1,   \\"a\\": [1, 2.0, \\"x'y\\"]}")
  j2  Json     @default("null") @db.Json
  j3  Json[]   @default(["{}"])
  y1  Bytes    @default("aGVsbG8=")
  y2  Bytes[]  @default(["aGVsbG8="])
  e1  Role     @default(ADMIN)
  e2  Role?
  e3  Role[]   @default([ADMIN, USER])
  e4  Role     @default(dbgenerated("'USER'::roles"))
  g3  String   @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  g4  String   @default(dbgenerated())
  g5  String   @default(dbgenerated("lower('A' || 'B')"))
  g6  DateTime @default(dbgenerated("(now() + '1 day'::interval)"))
  c1  String   @default(uuid())
  c2  String   @default(uuid(7)) @db.Uuid
  c3  String   @default(cuid())
  c4  String   @default(cuid(2))
  c5  String   @default(nanoid(10))
  c6  String   @default(ulid())
  m   Decimal  @default(1.5) @db.Money
}
`,
  },
  {
    id: "names",
    text: `${head()}model ${long}and_more {
  id      Int    @id @default(autoincrement())
  ${long}x String @unique(map: "short")
  other   String
  plain   Int    @unique(map: "my_unique")
  self    ${long}and_more?  @relation("self", fields: [selfId], references: [id])
  selfId  Int?
  selves  ${long}and_more[] @relation("self")

  @@unique([other, ${long}x])
  @@index([other, ${long}x])
  @@map("${long}table")
}

model Mapped {
  theId   Int    @map("the_id")
  userId  String @map("User Id")
  umlaut  String @map("ümläut_ümläut_ümläut_ümläut_ümläut_ümläut_ümläut")

  @@id([theId, userId], name: "client", map: "custom_pk")
  @@unique([userId], name: "byUser")
  @@unique([theId, umlaut], name: "c", map: "custom_unique")
  @@index([umlaut], map: "custom_index")
  @@index([umlaut, theId])
  @@map("mapped tables")
}

model order {
  select Int @id
  from   Int @default(autoincrement())
}

enum e_${long}enum {
  some_value
}
`,
  },
  {
    id: "schemas",
    text: `${head('  schemas    = ["public", "Crm", "audit"]\n  extensions = [pg_trgm, ossp(map: "uuid-ossp", schema: "audit")]\n', '"postgresqlExtensions"')}enum Kind {
  A
  B

  @@schema("audit")
}

model Account {
  id    Int    @id @default(autoincrement())
  kind  Kind   @default(B)
  logs  Log[]
  tags  Tag[]
  name  String

  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
  @@schema("Crm")
}

model Log {
  id        Int     @id @default(autoincrement())
  account   Account @relation(fields: [accountId], references: [id])
  accountId Int

  @@schema("audit")
}

model Tag {
  id       Int       @id
  accounts Account[]

  @@schema("public")
}
`,
  },
  {
    id: "relations",
    text: `${head()}model Parent {
  id       Int     @id
  code     String  @unique
  tenant   Int
  number   Int
  required Child[] @relation("required")
  optional Child[] @relation("optional")
  cascade  Child[] @relation("cascade")
  none     Child[] @relation("none")
  default  Child[] @relation("default")
  byCode   Child[] @relation("byCode")
  wide     Child[] @relation("wide")
  one      OneToOne?

  @@unique([tenant, number])
}

model Child {
  id         Int      @id
  aId        Int
  bId        Int?
  cId        Int
  dId        Int?
  eId        Int      @default(0)
  code       String
  tenant     Int
  number     Int?
  a          Parent   @relation("required", fields: [aId], references: [id])
  b          Parent?  @relation("optional", fields: [bId], references: [id])
  c          Parent   @relation("cascade", fields: [cId], references: [id], onDelete: Cascade, onUpdate: Restrict)
  d          Parent?  @relation("none", fields: [dId], references: [id], onDelete: NoAction, onUpdate: NoAction)
  e          Parent   @relation("default", fields: [eId], references: [id], onDelete: SetDefault, onUpdate: SetDefault)
  f          Parent   @relation(name: "byCode", fields: [code], references: [code], map: "child_by_code")
  g          Parent?  @relation("wide", fields: [tenant, number], references: [tenant, number], onDelete: Restrict)

  @@unique([id, tenant])
}

model OneToOne {
  parent   Parent @relation(fields: [parentId], references: [id], onDelete: SetNull, onUpdate: SetNull)
  parentId Int    @id
}

model Tree {
  id       String @id
  parentId String? @map("parent_id")
  parent   Tree?  @relation("tree", fields: [parentId], references: [id], onDelete: Cascade)
  children Tree[] @relation("tree")
  next     Tree?  @relation("list", fields: [nextId], references: [id])
  nextId   String? @unique
  previous Tree?  @relation("list")
}
`,
  },
  {
    id: "many-to-many",
    text: `${head()}model Post {
  id         Int        @id @default(autoincrement())
  categories Category[]
  authors    User[]     @relation("PostAuthors")
  editors    User[]     @relation("PostEditors")
  related    Post[]     @relation("related")
  relatedTo  Post[]     @relation("related")
  ${long}bs ${long}b[]
}

model Category {
  id    String @id @db.Uuid
  posts Post[]
}

model User {
  theId    BigInt @id @default(autoincrement()) @map("the_id")
  authored Post[] @relation("PostAuthors")
  edited   Post[] @relation("PostEditors")

  @@map("users")
}

model ${long}b {
  id    Int    @id
  posts Post[]
}
`,
  },
  {
    id: "indexes",
    text: `${head("", '"partialIndexes"')}model Doc {
  id      Int      @id
  title   String
  short   String   @db.VarChar(10) @unique(sort: Desc)
  body    Json
  tags    String[]
  place   Unsupported("point")?
  address String   @db.Inet
  at      DateTime
  bits    String   @db.Bit(4)
  deleted DateTime? @map("deleted_at")
  active  Boolean
  amount  Int
  code    String   @unique(where: raw("code <> ''"))

  @@index([title(sort: Desc), at, amount(sort: Asc)])
  @@index([body], type: Gin)
  @@index([body(ops: JsonbPathOps)], type: Gin, map: "doc_body_path")
  @@index([body(ops: JsonbOps)], type: Gin, map: "doc_body_ops")
  @@index([tags(ops: ArrayOps)], type: Gin)
  @@index([address(ops: InetOps)], type: Gist)
  @@index([address(ops: InetOps)], type: SpGist, map: "doc_address_sp")
  @@index([title(ops: TextOps)], type: SpGist)
  @@index([title], type: Hash, map: "doc_title_hash")
  @@index([at], type: Brin)
  @@index([at(ops: TimestampMinMaxMultiOps)], type: Brin, map: "doc_at_multi")
  @@index([bits(ops: BitMinMaxOps)], type: Brin)
  @@index([address(ops: InetInclusionOps)], type: Brin, map: "doc_address_brin")
  @@index([address(ops: InetMinMaxOps)], type: Brin, map: "doc_address_minmax")
  @@index([title(ops: raw("text_pattern_ops"))], map: "doc_title_pattern")
  @@index([title(ops: raw("text_ops"))], map: "doc_title_default")
  @@index([amount], name: "old_style_name")
  @@index([title], where: raw("deleted_at IS NULL AND (amount > 0 OR active)"), map: "doc_raw")
  @@index([title], where: { deleted: null, active: true, amount: { not: 5 } }, map: "doc_object")
  @@unique([title, amount], where: { deleted: { not: null }, title: "it's", amount: -3, active: { not: false } })
  @@unique([title, at(sort: Desc)])
}
`,
  },
  {
    id: "prisma-relation-mode",
    text: `${head('  relationMode = "prisma"\n')}model A {
  id Int @id
  bs B[]
  cs C[]
}

model B {
  id  Int @id
  a   A   @relation(fields: [aId], references: [id])
  aId Int

  @@index([aId])
}

model C {
  id Int @id
  as A[]
}
`,
  },
  {
    id: "ignored",
    text: `${head("", '"views"')}model Kept {
  id     Int     @id
  hidden String? @ignore
  gone   Gone[]  @ignore
}

model Gone {
  id     Int    @unique
  kept   Kept?  @relation(fields: [keptId], references: [id])
  keptId Int?

  @@ignore
}

model NoKey {
  a Int?
  b Unsupported("int[]")?

  @@ignore
}

view Totals {
  id    Int @unique
  total Decimal
}

view Named {
  id Int @unique @map("the_id")

  @@map("named_view")
}
`,
  },
];

/** As Prisma 5 and 6 want it, with its connection in the schema. */
export const prisma6Sample: PrismaSample = {
  id: "prisma-6",
  text: `generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["multiSchema"]
}

datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_URL")
}

model A {
  id Int @id
  bs B[]
}

model B {
  id Int @id
  as A[]
}
`,
};
