/**
 * One moment of a workspace: what its projects are, what each says, what there is to say about each file. Everything is
 * computed when it is asked for, in steps, and what an earlier moment computed from the same things is used again.
 */
import type { Settings } from "../../../protocol/src/settings.ts";
import type { Unread } from "../model/schema.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { Finding } from "../rules/rule.ts";
import { shownSpan } from "../rules/suppress.ts";
import type { Query } from "../sql/queries/query.ts";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import type { Environment, Language } from "./change.ts";
import { checkProject, prismaTree, sqlTree } from "./check.ts";
import type { CheckedProject, ProjectTexts } from "./checkedProject.ts";
import { type ConfigurationTarget, Configured } from "./configured.ts";
import { discover, type Discovery } from "./discover.ts";
import { Memory, type Tree } from "./memory.ts";
import { newestOf } from "./migrations.ts";
import { inAll, isProgram, namesInProgram, namesInSql } from "./names.ts";
import { type Project, urisOf } from "./projects.ts";
import { languageOf, readFile, type Reading } from "./reading.ts";
import { relativePath } from "./searching.ts";
import { queriesOf } from "./queries.ts";
import { isNowhere, nearestProjects } from "./serving.ts";
import { type FolderSettings, folderAround, type OpenDocument, settingsAt, type State } from "./state.ts";
import type { Steps } from "./steps.ts";
import { TextFile } from "./textFile.ts";
import { typeCheckOf, typeCheckTasks, typeProblemsOf } from "./typeChecking.ts";
import type { TypeCheck, TypeChecked, TypeCheckTask } from "./typeChecks.ts";
import { lastProblemsOfWayBack, migrationOfWayBack, problemsOfWayBack } from "./waysBack.ts";
import { currentProblems, fingerprint, isAbout, setAside, withoutDoubles } from "./validation.ts";

/** A finding where it is shown. */
export interface PlacedFinding {
  readonly finding: Finding;
  /** What it underlines in the file of the report. */
  readonly span: Span;
  /** What it was found in. */
  readonly project: Project;
  readonly checked: CheckedProject;
}

/** What there is to say about one file. */
export interface FileReport {
  /** An empty text for a file that cannot be read. */
  readonly file: TextFile;
  readonly problems: readonly Problem[];
  readonly findings: readonly PlacedFinding[];
}

/** Texts of a Prisma schema that the schema engine has not judged yet. */
export interface ValidationTask {
  readonly project: Project;
  readonly major: number;
  readonly texts: ReadonlyMap<string, string>;
}

/** Of SQL files that belong to no project, as many are looked into before somebody opens them. */
const mostQueries = 500;

/** And none longer than this (UTF-16 code units): those hold data. */
const longestQuery = 200_000;

export class Snapshot {
  readonly #state: State;
  readonly #memory: Memory;
  readonly #checked = new Map<string, CheckedProject>();
  readonly #configured: Configured;

  constructor(state: State, memory: Memory) {
    this.#state = state;
    this.#memory = memory;
    this.#configured = new Configured(state, memory, () => this.#configurations());
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#state.revision;
  }

  /** Absolute paths of the workspace folders. */
  get roots(): readonly string[] {
    return this.#state.roots;
  }

  get environment(): Environment {
    return this.#state.environment;
  }

  get openUris(): readonly string[] {
    return [...this.#state.documents.keys()];
  }

  /** Another value when files came, went, or changed outside of the editor: anything may say something else now. */
  get layout(): number {
    return this.#state.layout;
  }

  /** The settings that hold for a file. */
  settingsFor(uri: string): FolderSettings {
    return settingsAt(this.#state, pathOfUri(uri));
  }

  /** The URI as the editor spells it. */
  editorUri(uri: string): string {
    return this.#state.documents.get(uri)?.editorUri ?? uri;
  }

  /** An open document, else the file on the disk; undefined when there is none or it cannot be read. */
  file(uri: string): TextFile | undefined {
    const read = this.#read(uri);
    return read.ok ? read.file : undefined;
  }

  /** The same moment with other texts in some files; nothing else hears of it. */
  withTexts(texts: ReadonlyMap<string, string>): Snapshot {
    const documents = new Map(this.#state.documents);
    for (const [uri, text] of texts) {
      const document = documents.get(uri) ?? { language: this.#languageOf(uri), editorUri: uri };
      documents.set(uri, { ...document, file: new TextFile(uri, text) });
    }
    return new Snapshot({ ...this.#state, documents }, new Memory(this.#memory.log, this.#memory.rules));
  }

  *discovery(): Steps<Discovery> {
    const { roots, top, settings, folderSettings, layout } = this.#state;
    return yield* this.#memory.discovery.get([roots, top, settings, folderSettings, layout], () => this.#discover());
  }

  /** What was found in the workspace folders, and every open document that stands on its own. */
  *projects(): Steps<readonly Project[]> {
    const { projects } = yield* this.discovery();
    const alone: Project[] = [];
    for (const uri of this.openUris)
      alone.push(...(yield* this.projectsOf(uri)).filter((project) => project.id === uri && !projects.includes(project)));
    return [...projects, ...alone];
  }

  /** The projects that a file belongs to; an open document that belongs to none may be one of its own. */
  *projectsOf(uri: string): Steps<readonly Project[]> {
    const { byUri, foreign } = yield* this.discovery();
    const document = this.#state.documents.get(uri);
    const found = byUri.get(uri);
    if (found !== undefined || document === undefined || foreign.has(uri) || this.#isLeftAlone(uri)) return found ?? [];
    return this.#projectOf(document);
  }

  /** The projects that a file belongs to; for SQL and programs that belong to none, those they are about as far as places tell. */
  *projectsServing(uri: string): Steps<readonly Project[]> {
    const own = yield* this.projectsOf(uri);
    const isServed = this.#languageOf(uri) === "sql" || isProgram(uri);
    if (own.length > 0 || !isServed || this.#isLeftAlone(uri)) return own;
    const { projects, foreign } = yield* this.discovery();
    return foreign.has(uri) ? [] : nearestProjects(uri, projects);
  }

  /** URIs of the SQL files that belong to no project and are about this one. */
  *queriesOf(project: Project): Steps<readonly string[]> {
    const { projects, queries } = yield* this.discovery();
    const open = this.openUris.filter((uri) => this.#languageOf(uri) === "sql" && !queries.includes(uri));
    const found: string[] = [];
    for (const uri of [...queries, ...open]) {
      if (this.#isLeftAlone(uri) || (yield* this.projectsOf(uri)).length > 0) continue;
      if (nearestProjects(uri, projects).includes(project)) found.push(uri);
    }
    return found;
  }

  *check(project: Project): Steps<CheckedProject> {
    let checked = this.#checked.get(project.id);
    if (checked === undefined) {
      checked = yield* checkProject(project, this.#texts(project), yield* this.#configured.rulesOf(project), this.#memory);
      this.#checked.set(project.id, checked);
    }
    return checked;
  }

  /** Undefined when there is nothing to say about such a file: it is not ours, does not exist, or is switched off. */
  *report(uri: string): Steps<FileReport | undefined> {
    const { problems: located, foreign } = yield* this.discovery();
    if (foreign.has(uri) || this.#isLeftAlone(uri)) return undefined;
    if ((yield* this.#configured.inForce()).settingsOf(uri) === undefined) return undefined;
    const projects = yield* this.projectsOf(uri);
    const read = this.#read(uri);
    const problems: Problem[] = located.filter((problem) => problem.uri === uri);
    const findings: PlacedFinding[] = [];
    if (!read.ok && read.problem !== undefined) problems.push(read.problem);
    if (read.ok) problems.push(...(yield* this.#problemsOf(read.file, projects)));
    problems.push(...(yield* this.#configured.problemsOf(uri)));
    if (read.ok && projects.length === 0) problems.push(...(yield* this.#namesInQueries(read.file)), ...(yield* this.#wayBack(uri)));
    const tree = read.ok && projects.length > 0 ? yield* this.tree(uri) : undefined;
    for (const project of projects) {
      const checked = yield* this.check(project);
      if (tree?.kind === "sql") problems.push(...(yield* namesInSql(tree.file, project, checked, this.#memory)));
      for (const finding of checked.findingsByUri.get(uri) ?? []) {
        const span = shownSpan(finding, checked.places);
        if (span !== undefined) findings.push({ finding, span, project, checked });
      }
    }
    if (read.ok && this.#state.typeChecked.size > 0) problems.push(...(yield* typeProblemsOf(read.file, problems, this)));
    if (!read.ok && problems.length === 0) return undefined;
    return { file: read.ok ? read.file : new TextFile(uri, ""), problems, findings };
  }

  /** What is undefined in SQL that belongs to no project, for those it is about. */
  *#namesInQueries(file: TextFile): Steps<readonly Problem[]> {
    const found: (readonly Problem[])[] = [];
    const tree = yield* this.tree(file.uri);
    for (const project of yield* this.projectsServing(file.uri)) {
      const checked = yield* this.check(project);
      if (tree?.kind === "sql") found.push(yield* namesInSql(tree.file, project, checked, this.#memory));
      else if (isProgram(file.uri)) found.push(yield* namesInProgram(file, project, checked, this.#memory));
    }
    return inAll(found);
  }

  /** Of a file that leads back from a migration: from one that is still to run, or while somebody looks at it. */
  *#wayBack(uri: string): Steps<readonly Problem[]> {
    const problems: Problem[] = [];
    for (const project of (yield* this.discovery()).projects) {
      const migration = migrationOfWayBack(uri, project);
      if (migration === undefined) continue;
      const { newestMigrations } = yield* this.#configured.rulesOf(project);
      if (!this.#state.documents.has(uri) && !newestOf(project.history, newestMigrations).has(migration)) continue;
      const tree = yield* this.tree(uri);
      const isTyped = !this.#state.documents.has(uri) && project.history?.uris.some((each) => this.#state.documents.has(each)) === true;
      const last = tree?.kind === "sql" && isTyped ? lastProblemsOfWayBack(tree.file, project, this.#memory) : undefined;
      if (last !== undefined) problems.push(...last);
      else if (tree?.kind === "sql") problems.push(...(yield* problemsOfWayBack(tree.file, migration, project, yield* this.check(project), this.#memory)));
    }
    return problems;
  }

  /** The queries of a document, in order. */
  *queries(uri: string): Steps<readonly Query[]> {
    const file = this.file(uri);
    if (file === undefined || this.#isLeftAlone(uri)) return [];
    return yield* queriesOf(file, yield* this.tree(uri), this.#memory);
  }

  /** The projects that a query of the file is for: whose file it is, or whose files are nearest; the only one for what lies nowhere. */
  *projectsQueriedBy(uri: string): Steps<readonly Project[]> {
    const { projects, byUri, foreign } = yield* this.discovery();
    if (foreign.has(uri) || this.#isLeftAlone(uri)) return [];
    const own = byUri.get(uri);
    if (own !== undefined) return own;
    const near = nearestProjects(uri, projects);
    return near.length === 0 && projects.length === 1 && isNowhere(uri) ? projects : near;
  }

  /** Queries of open documents that no database was asked about yet. */
  /** Of these files, of open documents by default. */
  typeCheckTasks(uris?: readonly string[]): Steps<readonly TypeCheckTask[]> {
    return typeCheckTasks(this, uris);
  }

  /** What a database has said about a query; undefined while none has. */
  typeCheckOf(uri: string, query: Query): Steps<TypeCheck | undefined> {
    return typeCheckOf(uri, query, this);
  }

  typeChecked(project: Project): TypeChecked | undefined {
    return this.#state.typeChecked.get(project.id);
  }

  isTypeChecked(uri: string): boolean {
    return this.settingsFor(uri).settings.typeCheck;
  }

  /** Whether a file is one of a project's own. */
  *definesSchema(uri: string): Steps<boolean> {
    return (yield* this.discovery()).byUri.has(uri) || this.#languageOf(uri) === "prisma";
  }

  /** Those that parse: nobody has said that every SQL file around is for PostgreSQL. */
  *#readable(uris: readonly string[]): Steps<readonly string[]> {
    const readable: string[] = [];
    for (const uri of uris) {
      const file = this.file(uri);
      const tree = file === undefined || file.text.length > longestQuery ? undefined : yield* this.tree(uri);
      if (tree?.file.problems.length === 0) readable.push(uri);
    }
    return readable;
  }

  /** Every file that something may be said about: those of projects, those that say where they are and how, open documents. */
  *reportedUris(): Steps<readonly string[]> {
    const { projects, problems, configurations, queries } = yield* this.discovery();
    return [
      ...new Set([
        ...projects.flatMap(urisOf),
        ...(projects.length === 0 ? [] : yield* this.#readable(queries.slice(0, mostQueries))),
        ...problems.map((problem) => problem.uri),
        ...configurations.map(uriOfPath),
        ...this.openUris,
      ]),
    ];
  }

  *tree(uri: string): Steps<Tree | undefined> {
    const read = this.#read(uri);
    if (!read.ok) return undefined;
    const language = this.#languageOf(uri);
    if (language === "prisma") return { kind: "prisma", file: yield* prismaTree(read.file, this.#memory) };
    return language === "sql" ? { kind: "sql", file: yield* sqlTree(read.file, this.#memory) } : undefined;
  }

  /** The schemas that the schema engine should judge: its answer is missing, or about other texts. */
  *validationTasks(): Steps<readonly ValidationTask[]> {
    const tasks: ValidationTask[] = [];
    for (const project of yield* this.projects()) {
      if (project.major === undefined || !this.#isValidated(project.schemaUris[0] ?? project.id)) continue;
      const texts = this.#schemaTexts(project);
      const known = this.#state.validated.get(project.id);
      if (texts.size === 0 || (known !== undefined && isAbout(known, texts)) || this.#isSetAside(texts)) continue;
      const files: PrismaFile[] = [];
      for (const file of this.#texts(project).schema) files.push(yield* prismaTree(file, this.#memory));
      if (files.every((file) => file.directive === undefined)) tasks.push({ project, major: project.major, texts });
    }
    return tasks;
  }

  /** What the schema engine says about a project's files, as far as is known now, in the order of the files. */
  engineProblems(project: Project): readonly (readonly Problem[])[] {
    return this.#texts(project).schema.map((file) => (this.#isValidated(file.uri) ? this.#engineProblems(project, file) : []));
  }

  /** What a person should know that belongs to no file. Whole sentences. */
  *notices(): Steps<readonly string[]> {
    const { notices } = yield* this.discovery();
    const { settings, folderSettings } = this.#state;
    const complaints = [settings, ...folderSettings.values()].flatMap((folder) => folder.complaints);
    const faults = [...this.#memory.faults].map(
      (what) => `There was a fault in ${what}; its results are missing. The output has the details.`,
    );
    const untyped = this.openUris.length === 0 ? [] : [...this.#state.typeChecked.values()].flatMap((checked) => checked.notices);
    return [...new Set([...notices, ...complaints, ...faults, ...untyped])];
  }

  /** The configuration file over a file, or the one that could be made in its workspace folder. */
  configurationFor(uri: string): Steps<ConfigurationTarget | undefined> {
    return this.#configured.targetFor(uri);
  }

  *#configurations(): Steps<readonly string[]> {
    return (yield* this.discovery()).configurations;
  }

  /** Switched off by the settings. */
  #isLeftAlone(uri: string): boolean {
    const path = pathOfUri(uri);
    const { settings, isExcluded } = settingsAt(this.#state, path);
    const folder = path === undefined ? undefined : folderAround(this.#state.roots, path);
    return !settings.enable || (path !== undefined && folder !== undefined && isExcluded(relativePath(folder, path)));
  }

  *#discover(): Steps<Discovery> {
    this.#memory.counters.discoveries++;
    const { disk, documents, roots, top } = this.#state;
    const open = new Map([...documents].flatMap(([uri, { file }]) => [[pathOfUri(uri) ?? uri, file.text] as const]));
    const settingsOf = (folder: string): Settings => settingsAt(this.#state, folder).settings;
    const discovery = yield* discover(disk, { open, roots, top, settingsOf });
    const uris = new Set([...discovery.byUri.keys(), ...discovery.queries.slice(0, mostQueries), ...discovery.configurations.map(uriOfPath), ...documents.keys()]);
    this.#memory.keep(uris, new Set([...discovery.projects.map((project) => project.id), ...documents.keys()]));
    return discovery;
  }

  /** A schema that Prisma itself would not find, and SQL outside of the workspace: each is a project of its own. */
  #projectOf({ file: { uri }, language }: OpenDocument): readonly Project[] {
    // A cell of a notebook holds queries.
    if (uri.startsWith("vscode-notebook-cell:")) return [];
    const path = pathOfUri(uri);
    const folder = path === undefined ? undefined : folderAround(this.#state.roots, path);
    const base = { id: uri, name: decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1)), folder, prisma: undefined };
    if (language === "prisma") return [{ ...base, major: 7, schemaUris: [uri], history: undefined }];
    if (language !== "sql" || folder !== undefined) return [];
    return [{ ...base, major: undefined, schemaUris: [], history: { kind: "loose", root: path ?? uri, uris: [uri] } }];
  }

  *#problemsOf(file: TextFile, projects: readonly Project[]): Steps<readonly Problem[]> {
    const tree = yield* this.tree(file.uri);
    if (tree?.kind !== "prisma") return tree?.file.problems ?? [];
    const { prismaValidation } = this.settingsFor(file.uri).settings;
    const isLedByPrisma = this.environment.prismaExtensionInstalled && prismaValidation !== "on";
    const own = tree.file.problems.filter((problem) => !isLedByPrisma || problem.code !== "prisma-syntax");
    if (!this.#isValidated(file.uri)) return own;
    const engine = projects.flatMap((project) => this.#engineProblems(project, file));
    return withoutDoubles(own, engine, file.text);
  }

  #engineProblems(project: Project, file: TextFile): readonly Problem[] {
    if (this.#isSetAside(this.#schemaTexts(project))) return [setAside];
    const validated = this.#state.validated.get(project.id);
    return validated === undefined ? [] : currentProblems(validated, file.uri, file.text);
  }

  #isValidated(uri: string): boolean {
    const { enable, prismaValidation } = this.settingsFor(uri).settings;
    return enable && (prismaValidation === "on" || (prismaValidation === "auto" && !this.environment.prismaExtensionInstalled));
  }

  #isSetAside(texts: ReadonlyMap<string, string>): boolean {
    return this.#state.quarantined.size > 0 && this.#state.quarantined.has(fingerprint(texts));
  }

  #schemaTexts(project: Project): ReadonlyMap<string, string> {
    return new Map(this.#texts(project).schema.map((file) => [file.uri, file.text]));
  }

  #texts(project: Project): ProjectTexts {
    const unread: Unread[] = [];
    const readAll = (uris: readonly string[]): readonly TextFile[] =>
      uris.flatMap((uri) => {
        const read = this.#read(uri);
        if (!read.ok && read.problem !== undefined)
          unread.push({ uri, span: read.problem.span, what: "file", reason: read.problem.message });
        return read.ok ? [read.file] : [];
      });
    return { schema: readAll(project.schemaUris), history: readAll(project.history?.uris ?? []), unread };
  }

  #read(uri: string): Reading {
    return readFile(uri, this.#state, this.#memory.texts);
  }

  #languageOf(uri: string): Language {
    return this.#state.documents.get(uri)?.language ?? languageOf(uri);
  }
}
