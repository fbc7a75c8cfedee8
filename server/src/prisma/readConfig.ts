/**
 * Reads `prisma.config.*` as a syntax tree. The file is never executed: it may be anybody's code, and a missing
 * environment variable would stop it. What only running it could tell becomes a problem that says so.
 */
import { parse } from "@babel/parser";
import type { Problem } from "../text/problem.ts";
import { span } from "../text/span.ts";
import type { Expression, Located, Program, StaticValue } from "./staticValue.ts";
import { dottedPath, isExpression, StaticEvaluator } from "./staticValue.ts";

export interface PrismaConfig {
  /** As written; relative to the config file. */
  readonly schema: ConfigPath | undefined;
  /** `migrations.path`. */
  readonly migrations: ConfigPath | undefined;
  /** `migrations.seed`: a command. */
  readonly seed?: string | undefined;
  /** Prisma 8 keeps its schema under `contract`. */
  readonly contract: ConfigPath | undefined;
  readonly isPrisma8: boolean;
  /** Addresses of databases that stand in it as text, by the property of `datasource`: `url`, `directUrl`. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

export interface ConfigPath {
  readonly text: string;
  readonly span: Problem["span"];
}

/** `file` is the absolute path of the config file, for `__dirname` and its like. */
export function readPrismaConfig(file: string, text: string): PrismaConfig {
  const reader = new ConfigReader();
  const program = reader.parse(text);
  if (program !== undefined) reader.read(new StaticEvaluator(file, program), exportedExpression(program));
  return reader.config();
}

class ConfigReader {
  readonly #problems: Problem[] = [];
  #schema: ConfigPath | undefined;
  #migrations: ConfigPath | undefined;
  #seed: string | undefined;
  #contract: ConfigPath | undefined;
  #isPrisma8 = false;
  readonly #addresses = new Map<string, string>();

  config(): PrismaConfig {
    return { schema: this.#schema, migrations: this.#migrations, ...(this.#seed === undefined ? {} : { seed: this.#seed }), contract: this.#contract, isPrisma8: this.#isPrisma8, addresses: this.#addresses, problems: this.#problems };
  }

  parse(text: string): Program | undefined {
    try {
      return parse(text, { sourceType: "unambiguous", plugins: ["typescript"], errorRecovery: true }).program;
    } catch (error) {
      const at = positionOf(error);
      this.#report(span(at, at + 1), `This Prisma configuration cannot be read: ${reasonOf(error)}`);
      return undefined;
    }
  }

  read(evaluator: StaticEvaluator, exported: Expression | undefined): void {
    if (exported === undefined) {
      this.#report(span(0, 0), "This Prisma configuration exports nothing that can be read without running it. Write export default defineConfig({ … }).");
      return;
    }
    const config = evaluator.evaluate(exported);
    if (config.kind !== "object") {
      this.#report(nodeSpan(exported), `The exported Prisma configuration ${whyUnknown(config)}; it is not read.`);
      return;
    }
    const contract = config.properties.get("contract");
    this.#isPrisma8 = contract !== undefined;
    if (contract?.value.kind === "string") this.#contract = { text: contract.value.value, span: nodeSpan(contract.node) };
    this.#schema = this.#path(config.properties.get("schema"), "schema");
    const migrations = config.properties.get("migrations")?.value;
    if (migrations?.kind === "object") {
      this.#migrations = this.#path(migrations.properties.get("path"), "migrations.path");
      const seed = migrations.properties.get("seed")?.value;
      if (seed?.kind === "string") this.#seed = seed.value;
    }
    const datasource = config.properties.get("datasource")?.value;
    for (const name of addressProperties) {
      const value = datasource?.kind === "object" ? datasource.properties.get(name)?.value : undefined;
      if (value?.kind === "string") this.#addresses.set(name, value.value);
    }
    if (!config.isWhole && this.#schema === undefined && !this.#isPrisma8) {
      this.#report(nodeSpan(exported), "Part of this Prisma configuration is only known when it runs; the schema is looked for in the usual places.", "information");
    }
  }

  #path(located: Located | undefined, name: string): ConfigPath | undefined {
    if (located === undefined || located.value.kind === "nothing") return undefined;
    if (located.value.kind === "string") return { text: located.value.value, span: nodeSpan(located.node) };
    this.#report(nodeSpan(located.node), `"${name}" ${whyUnknown(located.value)}. Database Architect does not run configuration files; write the path as a string.`);
    return undefined;
  }

  #report(at: Problem["span"], message: string, severity: Problem["severity"] = "warning"): void {
    this.#problems.push({ span: at, message, severity, code: "prisma-config" });
  }
}

/** Not the shadow database: Prisma empties it. */
export const addressProperties = ["url", "directUrl"] as const;

function whyUnknown(value: StaticValue): string {
  return value.kind === "unknown" ? value.why : `is ${value.kind === "nothing" ? "empty" : `of kind ${value.kind}`}`;
}

/** What `export default` or `module.exports =` gives, without `defineConfig(…)` around it. */
function exportedExpression(program: Program): Expression | undefined {
  let exported: Expression | undefined;
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration" && isExpression(statement.declaration)) exported = statement.declaration;
    if (statement.type === "TSExportAssignment") exported = statement.expression;
    if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
      const { left, right } = statement.expression;
      if (["module.exports", "exports.default"].includes(dottedPath(left) ?? "")) exported = right;
    }
  }
  return exported === undefined ? undefined : unwrapped(exported, program);
}

/** `defineConfig({ … })`, and a constant that holds one, lead to the object. */
function unwrapped(node: Expression, program: Program): Expression {
  let current = node;
  for (let i = 0; i < 10; i++) {
    if (current.type === "TSAsExpression" || current.type === "TSSatisfiesExpression" || current.type === "ParenthesizedExpression") {
      current = current.expression;
    } else if (current.type === "CallExpression" && /(?:^|\.)defineConfig$/.test(dottedPath(current.callee) ?? "") && isExpression(current.arguments[0])) {
      current = current.arguments[0];
    } else if (current.type === "ArrowFunctionExpression" && isExpression(current.body) && current.body.type !== "ArrowFunctionExpression") {
      current = current.body;
    } else if (current.type === "Identifier") {
      const constant = constantNamed(current.name, program);
      if (constant === undefined) return current;
      current = constant;
    } else return current;
  }
  return current;
}

function constantNamed(name: string, program: Program): Expression | undefined {
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) if (id.type === "Identifier" && id.name === name && isExpression(init)) return init;
  }
  return undefined;
}

function nodeSpan(node: { readonly start?: number | null; readonly end?: number | null }): Problem["span"] {
  return span(node.start ?? 0, node.end ?? 0);
}

function positionOf(error: unknown): number {
  return error instanceof Error && "pos" in error && typeof error.pos === "number" ? error.pos : 0;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s*\(\d+:\d+\)$/, "") : String(error);
}
