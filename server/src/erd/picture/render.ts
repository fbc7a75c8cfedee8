/** The whole picture as one SVG element: a pure function of what is shown, where it stands, and what a person chose to see. */
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { actionPlaces } from "./actionPlaces.ts";
import { boxesOf } from "./boxes.ts";
import { boxNode } from "./drawBox.ts";
import { groupNodes } from "./drawGroups.ts";
import { areaOfRoute, relationNode } from "./drawRelation.ts";
import { areasOf, around, grown } from "./geometry.ts";
import { classes, node, type PictureNode } from "./node.ts";
import type { PictureOptions } from "./options.ts";
import { routesOf } from "./routes.ts";

/** Around the picture. */
const border = 60;
/** Of a picture with nothing in it. */
const emptySize = { width: 640, height: 160 };

export function render(diagram: ErdDiagram, positions: ErdPositions, options: PictureOptions): PictureNode {
  const boxes = boxesOf(diagram);
  const areas = areasOf(diagram, boxes, positions, options.hidden);
  const shown = around(areas.values());
  if (shown === undefined) return emptyPicture(diagram);
  const routes = routesOf(diagram.relations, boxes, areas);
  const places = actionPlaces(diagram.relations, routes);
  const look = { detail: options.detail, overlays: options.overlays ?? new Set() };
  const effects = effectsOf(options);
  const relations = diagram.relations.flatMap((relation) => {
    const route = routes.get(relation.key);
    return route === undefined
      ? []
      : [withClass(relationNode(relation, route, places.get(relation.key)), effects.get(relation.key), options.highlighted?.has(relation.key))];
  });
  const contents = [...diagram.tables, ...diagram.enums].flatMap((content) => {
    const [box, area] = [boxes.get(content.key), areas.get(content.key)];
    if (box === undefined || area === undefined) return [];
    const drawn = withClass(boxNode(content, box, look), effects.get(content.key), options.highlighted?.has(content.key));
    return [{ ...drawn, attributes: { ...drawn.attributes, transform: `translate(${area.x} ${area.y})` } }];
  });
  const whole = grown(around([...areas.values(), ...[...routes.values()].map(areaOfRoute)]) ?? shown, border);
  return node(
    "svg",
    {
      class: classes("diagram", options.detail, (options.dimmed === true || options.deletion !== undefined) && "dimmed"),
      viewBox: `${whole.x} ${whole.y} ${whole.width} ${whole.height}`,
      width: whole.width,
      height: whole.height,
      role: "img",
    },
    [
      node("title", {}, [diagram.title]),
      node("g", { class: "groups" }, groupNodes(diagram, areas)),
      node("g", { class: "relations" }, relations),
      node("g", { class: "boxes" }, contents),
    ],
  );
}

function emptyPicture({ title, status }: ErdDiagram): PictureNode {
  const { width, height } = emptySize;
  return node("svg", { class: "diagram", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" }, [
    node("title", {}, [title]),
    node("text", { class: "emptyReason", x: width / 2, y: height / 2 }, [status.kind === "ok" ? "Everything is hidden." : status.reason]),
  ]);
}

/** What a simulated delete does, by key of the box and of the relation that leads there. */
function effectsOf({ deletion }: PictureOptions): ReadonlyMap<string, string> {
  const effects = new Map<string, string>();
  if (deletion === undefined) return effects;
  effects.set(deletion.table, "deleted root");
  for (const { table, relation, effect } of deletion.effects) {
    if (!effects.has(table)) effects.set(table, effect);
    effects.set(relation, effect);
  }
  return effects;
}

function withClass(drawn: PictureNode, effect: string | undefined, highlighted: boolean | undefined): PictureNode {
  const name = classes(String(drawn.attributes["class"] ?? ""), effect, highlighted === true && "selected");
  return { ...drawn, attributes: { ...drawn.attributes, class: name } };
}
