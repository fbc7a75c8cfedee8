/** Colours of exported pictures, for a light and a dark ground. Text on its ground has a contrast of at least 4.5:1. */

export interface Palette {
  readonly paper: string;
  readonly raised: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly edge: string;
  readonly accent: string;
  readonly error: string;
  readonly warning: string;
  readonly information: string;
  readonly hint: string;
  readonly added: string;
  readonly removed: string;
  readonly changed: string;
  readonly head: string;
  readonly viewHead: string;
  readonly enumHead: string;
  /** Of the names of groups; their grounds are a breath of it. */
  readonly tones: readonly string[];
}

export const light: Palette = {
  paper: "#ffffff",
  raised: "#ffffff",
  ink: "#1f2328",
  quiet: "#57606a",
  line: "#c4cad1",
  edge: "#6e7781",
  accent: "#0757b8",
  error: "#b4232c",
  warning: "#8a5a00",
  information: "#0757b8",
  hint: "#1a6b35",
  added: "#1a6b35",
  removed: "#b4232c",
  changed: "#8a5a00",
  head: "#eef1f4",
  viewHead: "#dfecfb",
  enumHead: "#eee5fa",
  tones: ["#1f5fae", "#256d3c", "#7a5200", "#7b3fa0", "#a0324f", "#0f6b6b", "#8a4a1f", "#4f5b66"],
};

export const dark: Palette = {
  paper: "#16191d",
  raised: "#20252b",
  ink: "#e6eaef",
  quiet: "#a3adb8",
  line: "#48515b",
  edge: "#8b96a2",
  accent: "#6cb6ff",
  error: "#ff8a84",
  warning: "#e3b341",
  information: "#6cb6ff",
  hint: "#7ee2a0",
  added: "#7ee2a0",
  removed: "#ff8a84",
  changed: "#e3b341",
  head: "#2b323a",
  viewHead: "#23384f",
  enumHead: "#38304b",
  tones: ["#7db7f5", "#7fcf97", "#e0b45c", "#c79bea", "#f093aa", "#6fcfcf", "#e2a27a", "#b0bac4"],
};

/** The stylesheet of a picture: what its classes look like. */
export function styleOf(p: Palette): string {
  return [
    `.paper{fill:${p.paper}}`,
    `text{dominant-baseline:central;fill:${p.ink};font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px}`,
    `.emptyReason{fill:${p.quiet};text-anchor:middle;font-size:14px}`,
    ...p.tones.map((tone, i) => `.tone-${i} .ground{fill:${tone};fill-opacity:.07}.tone-${i} .groupName{fill:${tone}}`),
    ".groupName{font-size:15px;font-weight:600}",
    `.body{fill:${p.raised};stroke:${p.line}}`,
    `.head{fill:${p.head}}.view .head,.materializedView .head{fill:${p.viewHead}}.enum .head{fill:${p.enumHead}}`,
    `.view .body,.materializedView .body,.enum .body{stroke-dasharray:4 3}`,
    ".name{font-size:13px;font-weight:600}.large{font-weight:600;text-anchor:middle}",
    `.prefix{font-size:12px;font-weight:400;fill:${p.quiet}}`,
    `.stereotype{font-size:10px;font-style:italic;fill:${p.quiet};text-anchor:end}`,
    ".row{fill:none}",
    `.field{fill:${p.quiet}}.required{fill:${p.ink}}.type{fill:${p.quiet};text-anchor:end}.mark{fill:${p.quiet};font-size:9px;font-weight:600}.pk{fill:${p.accent}}`,
    `.note{fill:${p.quiet};font-size:11px}`,
    `.personal .row{fill:${p.warning};fill-opacity:.12}.person{fill:${p.warning}}`,
    `.relation path{fill:none;stroke:${p.edge};stroke-width:1.2}.relation .hit{stroke:none}`,
    `.foot .none{fill:${p.paper}}`,
    `.reads .line,.uses .line{stroke:${p.line};stroke-dasharray:2 3}.reads .arrow,.uses .arrow{stroke:${p.line}}`,
    `.unindexed .line{stroke:${p.warning};stroke-dasharray:6 4}`,
    `.missing path{fill:${p.warning};stroke:none}`,
    `.action{fill:${p.quiet};font-size:10px;text-anchor:middle;paint-order:stroke;stroke:${p.paper};stroke-width:6px;stroke-linejoin:round}`,
    `.badge path{fill:${p.information}}.badge.error path{fill:${p.error}}.badge.warning path{fill:${p.warning}}.badge.hint path{fill:${p.hint}}`,
    `.badge text,.missing text{fill:${p.paper};font-size:9px;font-weight:700;text-anchor:middle}`,
    `.selected .body,.selected .line{stroke:${p.accent};stroke-width:2}`,
    `.sign{fill:none;stroke-width:2;stroke-linecap:round}.sign.added{stroke:${p.added}}.sign.removed{stroke:${p.removed}}.sign.changed{stroke:${p.changed}}`,
    `.box.added>.body,.relation.added .line{stroke:${p.added};stroke-width:2}.box.removed>.body,.relation.removed .line{stroke:${p.removed};stroke-width:2;stroke-dasharray:6 4}.box.changed>.body,.relation.changed .line{stroke:${p.changed};stroke-width:2}`,
    `.added .field,.box.added>.name{fill:${p.added}}.removed .field,.box.removed>.name{fill:${p.removed};text-decoration:line-through}.changed>.field{fill:${p.changed};font-style:italic}`,
    ".dimmed .box,.dimmed .relation{opacity:.3}.dimmed .deleted,.dimmed .nulled,.dimmed .defaulted,.dimmed .blocked,.dimmed .selected{opacity:1}",
    `.deleted .body,.deleted .line{stroke:${p.error};stroke-width:2}.deleted .name,.deleted .large{text-decoration:line-through}`,
    `.nulled .body,.nulled .line,.defaulted .body,.defaulted .line{stroke:${p.warning};stroke-width:2;stroke-dasharray:3 3}.blocked .body,.blocked .line{stroke:${p.information};stroke-width:4}`,
    ".names .action,.names .missing,.names .foot{display:none}.names .relation path{stroke-width:2}",
  ].join("");
}
