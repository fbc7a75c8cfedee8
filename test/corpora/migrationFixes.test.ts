/**
 * Fixes of migrations over real histories: what they write parses, and leads to the same schema as before, but for what a fix
 * is about. A few of each rule and history: the rest are alike.
 */
import assert from "node:assert/strict";
import { renderIntent } from "../../server/src/edits/render.ts";
import { changeText, differences } from "../../server/src/model/diff.ts";
import { foldSql } from "../../server/src/model/fromSql.ts";
import type { Sending } from "../../server/src/model/migration/migration.ts";
import { Places } from "../../server/src/model/places.ts";
import { fixIn } from "../../server/src/rules/rule.ts";
import { runMigrationRules } from "../../server/src/rules/runMigrations.ts";
import { presetSettings } from "../../server/src/rules/settings.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory } from "../support/histories.ts";

const mostOfEach = 2;

/** What is to be another schema afterwards: an index that stays, a view under the old name, a name that stays another's. */
const changing: ReadonlySet<string> = new Set(["keepIndex", "leaveView", "renameInstead"]);

describe("fixes of real migrations", function () {
  this.timeout(240_000);

  before(() => loadSqlParser());

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length === 0) return;
    it(`of ${corpus.id} parse, and lead where the migration led`, () => {
      const files = corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text));
      const sending: Sending = corpus.kind === "prisma" ? "message" : "each";
      const found = runMigrationRules(foldSql(files).changes.values(), { settings: presetSettings("all"), postgresVersion: 15, sendingOf: () => sending });
      const places = new Places(files);
      const tried = new Map<string, number>();
      for (const finding of found) {
        const count = tried.get(finding.rule) ?? 0;
        const [origin] = finding.at;
        const at = files.findIndex(({ uri }) => origin.kind === "sql" && uri === origin.uri);
        const [file, whole] = [files[at], foldSql([]).schema];
        const intent = count < mostOfEach ? fixIn(whole, finding)?.intent : undefined;
        if (file === undefined || intent === undefined) continue;
        const edits = renderIntent(intent, {
          places,
          readText: (uri) => files.find((each) => each.uri === uri)?.text,
          sqlPlacement: () => ({ kind: "newMigration", uri: `${file.uri.slice(0, file.uri.lastIndexOf("/"))}/zz_new.sql` }),
        });
        if ("ok" in edits) continue;
        tried.set(finding.rule, count + 1);
        const fixed = parseSql(file.uri, edits.reduce((text, edit) => (edit.kind === "change" && edit.uri === file.uri ? applyEdits(text, edit.edits) : text), file.text));
        const later = edits.flatMap((edit, i) => (edit.kind === "create" ? [parseSql(`${file.uri}.later${i}.sql`, edit.text)] : []));
        const what = `${finding.rule} in ${file.uri}: ${finding.message}`;
        assert.deepEqual(later.flatMap(({ problems }) => problems), [], what);
        assert.ok(fixed.problems.length <= file.problems.length, `${what}\n${JSON.stringify(fixed.problems)}`);
        if (changing.has(intent.do)) continue;
        const options = { changesIn: new Set<string>() };
        const schemaOf = (...tail: typeof files): ReturnType<typeof foldSql>["schema"] => foldSql([...files.slice(0, at), ...tail], options).schema;
        assert.deepEqual(differences(schemaOf(file), schemaOf(fixed, ...later)).map(changeText), [], what);
      }
    });
  });
});
