/** The JSON schema of `database-architect.jsonc`, from the rules' metadata. Pure: rules in, text out. */
import { oneOf } from "../../server/src/rules/complaint.ts";
import { presets, type Rule, type RuleOption } from "../../server/src/rules/rule.ts";
import { severities } from "../../server/src/rules/settings.ts";

/** Below the repository. */
export const configurationSchemaPath = "syntaxes/database-architect.schema.json";

/** Draft 7, with the few words that VS Code understands beside it. */
export function configurationSchema(rules: readonly Rule[]): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Database Architect",
    description: "What a team says about the schemas and migrations below this file.",
    type: "object",
    allowComments: true,
    allowTrailingCommas: true,
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      preset: {
        markdownDescription: `How much is on before single rules are set: ${oneOf(presets)}. Without it: the editor's setting, else \`recommended\`.`,
        enum: presets,
        enumDescriptions: ["What holds unless said otherwise.", "House rules of careful teams too.", "Everything there is."],
        default: "recommended",
      },
      rules: { markdownDescription: "By rule: `\"off\"`, a severity, or an object with `severity` and `options`.", $ref: "#/definitions/rules" },
      overrides: {
        markdownDescription: "Rules set differently for findings shown in certain files. A later override leads.",
        type: "array",
        items: {
          type: "object",
          properties: {
            files: { description: "Globs, relative to this file.", $ref: "#/definitions/globs" },
            rules: { $ref: "#/definitions/rules" },
          },
          required: ["files"],
          additionalProperties: false,
          defaultSnippets: [{ label: "override", body: { files: ["$1"], rules: {} } }],
        },
      },
      ignore: {
        markdownDescription: "Globs of files that are read, and about which nothing is said; relative to this file.",
        $ref: "#/definitions/globs",
      },
      postgresVersion: {
        markdownDescription:
          "Major version of the PostgreSQL that the schemas are for. Without it: the editor's setting, else what a dump among the migrations says, else 15.",
        type: "integer",
        minimum: 9,
        maximum: 99,
      },
      newestMigrations: {
        markdownDescription:
          "So many migrations at the end of a history are checked by the rules about migrations: those before them have run. Without it: the editor's setting, else 3.",
        type: "integer",
        minimum: 0,
      },
    },
    definitions: {
      globs: { type: "array", items: { type: "string", minLength: 1 } },
      severity: severitySchema,
      setting: {
        oneOf: [
          { $ref: "#/definitions/severity" },
          { type: "object", properties: { severity: { $ref: "#/definitions/severity" } }, additionalProperties: false },
        ],
      },
      rules: {
        type: "object",
        properties: Object.fromEntries([
          ...rules.map((rule) => [rule.id, ruleReference(rule)] as const),
          ...rules.flatMap((rule) => (rule.aliases ?? []).map((alias) => [alias, aliasReference(rule)] as const)),
        ]),
        additionalProperties: false,
      },
      ...Object.fromEntries(rules.flatMap((rule) => (rule.options === undefined ? [] : [[rule.id, settingWithOptions(rule.options)]]))),
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** What an option may be. */
export function optionSchema({ default: value, description }: RuleOption): object {
  if (typeof value !== "object") return { type: typeof value, default: value, description };
  return { type: "array", items: { type: "string" }, default: value, description };
}

export function optionsSchema(options: Readonly<Record<string, RuleOption>>): object {
  const properties = Object.entries(options).map(([name, option]) => [name, optionSchema(option)]);
  return { type: "object", properties: Object.fromEntries(properties), additionalProperties: false };
}

export const severitySchema = { type: "string", enum: ["off", ...severities] };

/** What a rule asks for, and whether it is on without a word. */
export function ruleDescription({ summary, preset = "recommended" }: Rule): string {
  if (preset === "recommended") return summary;
  return `${summary} *Off below the preset \`${preset}\`.*`;
}

function ruleReference(rule: Rule): object {
  return { markdownDescription: ruleDescription(rule), default: rule.severity, allOf: [{ $ref: definitionOf(rule) }] };
}

/** Editors strike it out and offer the other name. */
function aliasReference(rule: Rule): object {
  return { deprecationMessage: `Called ${rule.id} here.`, doNotSuggest: true, allOf: [{ $ref: definitionOf(rule) }] };
}

function definitionOf(rule: Rule): string {
  return `#/definitions/${rule.options === undefined ? "setting" : rule.id}`;
}

function settingWithOptions(options: Readonly<Record<string, RuleOption>>): object {
  const properties = { severity: { $ref: "#/definitions/severity" }, options: optionsSchema(options) };
  return { oneOf: [{ $ref: "#/definitions/severity" }, { type: "object", properties, additionalProperties: false }] };
}
