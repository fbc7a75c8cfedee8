/**
 * How the statements of a change are spread over migrations: as few as there can be, so that what needs a transaction of its
 * own has one, and what cannot run in one stands alone.
 */
import { inPhases, type Stage, stages, type WrittenStatement } from "./writing.ts";

export interface StagedFile {
  /** What the file is for, as a word of its name; empty for the first that does the change itself. */
  readonly suffix: string;
  readonly statements: readonly WrittenStatement[];
  /** In one transaction. */
  readonly isTogether: boolean;
}

interface Draft {
  readonly stages: Stage[];
  readonly statements: WrittenStatement[];
}

export function staged(statements: readonly WrittenStatement[]): readonly StagedFile[] {
  const all = withValues(statements);
  const files: StagedFile[] = [];
  let open: Draft | undefined;
  const close = (): void => {
    if (open !== undefined) files.push({ suffix: suffixOf(open, files.length === 0), statements: inPhases(open.statements), isTogether: true });
    open = undefined;
  };
  for (const stage of stages) {
    const own = all.filter((each) => each.stage === stage);
    if (own.length === 0) continue;
    if (stage === "backfill" || stage === "index" || stage === "unindex") {
      close();
      for (const statement of own) files.push({ suffix: suffixes[stage], statements: [statement], isTogether: false });
      continue;
    }
    // A value of an enum must be committed, and what reads all rows must not hold the locks of what came before.
    if (stage === "validate" || stage === "settle" || open?.stages.includes("values") === true) close();
    open ??= { stages: [], statements: [] };
    open.stages.push(stage);
    open.statements.push(...own);
  }
  close();
  return numbered(files);
}

/** New values of enums go ahead where another statement uses them. https://www.postgresql.org/docs/current/sql-altertype.html */
function withValues(statements: readonly WrittenStatement[]): readonly WrittenStatement[] {
  return statements.map((statement) => {
    const value = /^ALTER TYPE .* ADD VALUE ('(?:[^']|'')*')/s.exec(statement.sql)?.[1];
    const isUsed = value !== undefined && statements.some((other) => other !== statement && !isAddedValue(other.sql) && other.sql.includes(value));
    return isUsed ? { ...statement, stage: "values" } : statement;
  });
}

/** Locks no table. */
export function isAddedValue(sql: string): boolean {
  return /^ALTER TYPE \S+ ADD VALUE /.test(sql);
}

const suffixes = { values: "values", expand: "expand", backfill: "backfill", index: "index", constrain: "constrain", validate: "validate", unindex: "unindex", contract: "contract", settle: "settle" } as const satisfies Record<Stage, string>;

function suffixOf({ stages: own }: Draft, isFirst: boolean): string {
  if (isFirst && !own.includes("values")) return "";
  const [first = "expand"] = own;
  return suffixes[first];
}

/** Two of the same name are told apart by a number, the first of all files keeps the bare name. */
function numbered(files: readonly StagedFile[]): readonly StagedFile[] {
  const seen = new Map<string, number>();
  return files.map((file, i) => {
    const suffix = files.length === 1 || (i === 0 && file.isTogether) ? "" : file.suffix;
    const count = (seen.get(suffix) ?? 0) + 1;
    seen.set(suffix, count);
    return { ...file, suffix: count === 1 ? suffix : `${suffix}_${count}` };
  });
}
