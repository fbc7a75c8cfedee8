/** `database-architect erd`, over real files and real git repositories. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { run } from "../support/commandLine.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const first = "migrations/001_first.sql";
const second = "migrations/002_second.sql";
const users = "CREATE TABLE users (id int PRIMARY KEY, email text);\n";
const posts = "CREATE TABLE posts (id int PRIMARY KEY, author_id int NOT NULL REFERENCES users);\nALTER TABLE users DROP COLUMN email;\n";

const usersAndPosts = `erDiagram
  posts {
    integer id PK
    integer author_id FK
  }
  users {
    integer id PK
  }
  users ||--o{ posts : "author_id"
`;

const added = `erDiagram
  posts["posts (added)"] {
    integer id PK
    integer author_id FK
  }
  users["users (changed)"] {
    integer id PK
    text email "null, removed"
  }
  users ||--o{ posts : "author_id, added"
`;

describe("The diagram on the command line", () => {
  let folder: string;
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "", GIT_CONFIG_NOSYSTEM: "1" };
    execFileSync("git", [...identity, ...args], { cwd: folder, env, stdio: "ignore" });
  };
  const commit = (name: string): void => {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "-m", "a commit");
    git("tag", name);
  };
  /** What is printed, when nothing is complained of. */
  const drawn = async (...given: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(folder, "erd", ...given);
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  };
  const complaint = async (...given: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(folder, "erd", ...given);
    assert.deepEqual([status, stdout], [2, ""]);
    return stderr.replaceAll(folder, "…");
  };

  beforeEach(() => {
    folder = temporaryFolder({ [first]: users, [second]: posts });
  });

  it("is printed in the format that is asked for, the same every time", async () => {
    assert.equal(await drawn("--format", "mermaid"), usersAndPosts);
    for (const format of ["svg", "html", "dbml", "plantuml"]) {
      const text = await drawn("--format", format);
      assert.match(text, /posts/);
      assert.equal(await drawn("--format", format), text);
    }
    assert.match(await drawn(), /^<svg /);
    assert.match(await drawn("--format", "html"), /^<!doctype html>\n/);
    assert.notEqual(await drawn("--theme", "dark"), await drawn("--theme", "light"));
  });

  it("is written to a file", async () => {
    assert.equal(await drawn("--format", "mermaid", "--output", "erd.mmd"), "");
    assert.equal(readFileSync(join(folder, "erd.mmd"), "utf8"), usersAndPosts);
    assert.match(await complaint("--output", "missing/erd.svg"), /^database-architect: The diagram cannot be written to …\/missing\/erd\.svg: ENOENT/);
  });

  it("of what has errors is drawn as far as it can be read, and says so", async () => {
    writeFiles(folder, { "migrations/003_broken.sql": "CREATE TABEL oops;\n" });
    const { status, stdout, stderr } = await run(folder, "erd", "--format", "mermaid");
    assert.deepEqual([status, stdout], [1, usersAndPosts]);
    assert.match(stderr, /^database-architect: migrations\/003_broken\.sql has an error: /);
  });

  it("is of one project", async () => {
    assert.match(await complaint("--format", "xml"), /--format must be one of svg, pdf, mermaid, dbml, plantuml, html\./);
    assert.match(await complaint("--to", "main"), /--to needs --from/);
    assert.match(await complaint("--severity", "hint"), /erd takes no --severity\./);
    writeFiles(folder, { "a/migrations/001_a.sql": "CREATE TABLE a (id int);", "b/migrations/001_b.sql": "CREATE TABLE b (id int);" });
    assert.equal(
      await complaint(),
      "database-architect: There are 3 projects in …: a diagram is of one. Name one of a/migrations/001_a.sql, b/migrations/001_b.sql, migrations/001_first.sql.\n",
    );
    assert.match(await drawn("a", "--format", "mermaid"), /^erDiagram\n {2}a \{/);
    rmSync(join(folder, "migrations"), { recursive: true });
    assert.match(await complaint("a/migrations/..", "--from", "x"), /There is no git|is in no git repository/);
    rmSync(join(folder, "a"), { recursive: true });
    rmSync(join(folder, "b"), { recursive: true });
    assert.match(await complaint(), /Nothing to draw in …: /);
  });

  it("shows what differs between two git revisions, or one and the files", async () => {
    rmSync(join(folder, second));
    git("init", "--quiet");
    commit("one");
    writeFiles(folder, { [second]: posts });
    assert.equal(await drawn("--format", "mermaid", "--from", "one"), added);
    commit("two");
    rmSync(join(folder, "migrations"), { recursive: true });
    writeFiles(folder, { [first]: "CREATE TABLE other (id int);" });
    assert.equal(await drawn("--format", "mermaid", "--from", "one", "--to", "two"), added);
    assert.equal(await drawn("migrations", "--format", "mermaid", "--from", "one", "--to", "two"), added);
    assert.equal(await drawn("--format", "mermaid", "--from", "two", "--to", "two"), "erDiagram\n");
    assert.match(await complaint("--from", "three"), /git knows no revision "three" in …\. Nor is there a migration of that name\./);
    assert.match(await complaint("--from=--output=x"), /git knows no revision/);
  });

  it("shows what differs between Prisma schemas of two revisions", async () => {
    const schema = (fields: string): string => `datasource db {\n  provider = "postgresql"\n}\n\nmodel User {\n  id Int @id\n${fields}}\n`;
    folder = temporaryFolder({ "prisma/schema.prisma": schema("") });
    git("init", "--quiet");
    commit("one");
    writeFiles(folder, { "prisma/schema.prisma": schema("  email String?\n") });
    assert.equal(
      await drawn("--format", "mermaid", "--from", "one"),
      'erDiagram\n  User["User (changed)"] {\n    integer id PK\n    text email "null, added"\n  }\n',
    );
    assert.match(await drawn("--format", "plantuml", "--from", "one"), /entity "User" as User <<changed>> \{\n.*\n {2}--\n {2}\{field\} email : text \(added\)\n/);
    assert.match(await drawn("--format", "dbml", "--from", "one"), /"email" "text" \[note: 'added'\]/);
  });

  it("is written as a PDF to a file, and refused without one", async () => {
    writeFiles(folder, { [first]: users });
    assert.match(await complaint("--format", "pdf"), /A PDF is written to a file: name it with --output <file>\./);
    const path = join(folder, "erd.pdf");
    const bytes = async (): Promise<string> => {
      assert.equal(await drawn("--format", "pdf", "--output", path), "");
      return readFileSync(path, "latin1");
    };
    const written = await bytes();
    assert.ok(written.startsWith("%PDF-1.7\n") && written.endsWith("%%EOF\n"));
    assert.equal(await bytes(), written, "the same schema, other bytes");
  });

  it("shows what differs between two migrations", async () => {
    assert.equal(await drawn("--format", "mermaid", "--from", "001_first", "--to", "002_second.sql"), added);
    assert.equal(await drawn("--format", "mermaid", "--from", "001_first"), added);
  });
});
