/** What lies under the boxes and over them: the grounds of groups, their names, and names for those who look from far away. */
import { groupNodes } from "../../server/src/erd/picture/drawGroups.ts";
import { node, type PictureNode } from "../../server/src/erd/picture/node.ts";
import { realise } from "../shared/dom.ts";
import { type GroupName, type Label, labelsOf, lineHeight } from "./labels.ts";
import type { Scene } from "./scene.ts";

/** Labels are set anew when the zoom has changed by this factor, not with every frame. */
const step = 1.15;

interface Shown {
  readonly hidden: ReadonlySet<string>;
  /** Boxes that get no label; what is hidden is among them. */
  readonly unnamed: ReadonlySet<string>;
  /** Gets its label before others. */
  readonly selected: string | undefined;
}

export class Grounds {
  readonly element = layer("groups");
  readonly names = layer("labels");
  #scene: Scene | undefined;
  #shown: Shown = { hidden: new Set(), unnamed: new Set(), selected: undefined };
  #groupNames: readonly (GroupName & { readonly tone: string })[] = [];
  /** What the grounds were drawn of. */
  #drawn: { readonly boxes: Scene["boxes"]; readonly hidden: string } | undefined;
  /** The labels that are there: an edit that moves none leaves them alone. */
  #written = "";
  /** What the labels were set for. */
  #set: { readonly step: number; readonly withTables: boolean } | undefined;

  /** The zoom that labels are set for: a little smaller than the true one. */
  get scale(): number {
    return step ** (this.#set?.step ?? 0);
  }

  show(scene: Scene, shown: Shown): void {
    const hidden = [...shown.hidden].sort().join("\n");
    if (this.#drawn?.boxes !== scene.boxes || this.#drawn.hidden !== hidden) this.#draw(scene, shown.hidden);
    this.#drawn = { boxes: scene.boxes, hidden };
    this.#scene = scene;
    this.#shown = shown;
    this.#set = undefined;
  }

  /** Whether the labels are other ones than before. */
  zoom(scale: number, withTables: boolean): boolean {
    const now = { step: Math.floor(Math.log(scale) / Math.log(step)), withTables };
    if (this.#scene === undefined || (this.#set?.step === now.step && this.#set.withTables === withTables)) return false;
    this.#set = now;
    const hidden = withTables ? this.#shown.unnamed : new Set(this.#scene.boxes.keys());
    const labels = labelsOf(this.#scene, this.#groupNames, hidden, this.scale, this.#shown.selected).map((label) => this.#labelNode(label));
    const content = JSON.stringify(labels);
    if (content !== this.#written) this.names.replaceChildren(...labels.map((label) => realise(label, true)));
    this.#written = content;
    return true;
  }

  #labelNode({ kind, lines, at, size }: Label): PictureNode {
    const texts = lines.map((line, i) =>
      node("text", { class: kind === "table" ? "tableLabel" : "groupName", x: at.x, y: at.y + i * size * lineHeight, "font-size": size }, [line]),
    );
    const tone = kind === "group" ? this.#groupNames.find(({ name }) => name === lines[0])?.tone : undefined;
    return node("g", { class: tone ?? "label" }, texts);
  }

  #draw(scene: Scene, hidden: ReadonlySet<string>): void {
    const areas = new Map([...scene.boxes.values()].filter(({ key }) => !hidden.has(key)).map(({ key, area }) => [key, area]));
    const groups = groupNodes(scene.diagram, areas);
    this.element.replaceChildren(...groups.map((group) => realise({ ...group, children: group.children.filter((child) => !isName(child)) }, true)));
    this.#groupNames = groups.flatMap(({ attributes, children }) =>
      children.filter(isName).map((name) => ({
        name: name.children.join(""),
        at: { x: Number(name.attributes["x"]), y: Number(name.attributes["y"]) },
        tone: String(attributes["class"]),
      })),
    );
  }
}

function isName(child: PictureNode | string): child is PictureNode {
  return typeof child !== "string" && child.attributes["class"] === "groupName";
}

function layer(name: string): SVGGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "g");
  element.setAttribute("class", name);
  return element;
}
