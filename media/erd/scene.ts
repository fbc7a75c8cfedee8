/** A diagram with everything where it stands: what the canvas draws from, made anew for every picture and sharing what stayed. Pure. */
import type { ErdDiagram, ErdEnum, ErdPicture, ErdPositions, ErdRelation, ErdTable } from "../../protocol/src/erd.ts";
import { type Box, enumBox, tableBox } from "../../server/src/erd/picture/boxes.ts";
import { type ActionPlace, actionPlaces, actionText } from "../../server/src/erd/picture/actionPlaces.ts";
import { areaOfRoute } from "../../server/src/erd/picture/drawRelation.ts";
import { type Area, around, type Point } from "../../server/src/erd/picture/geometry.ts";
import { Obstacles } from "../../server/src/erd/picture/obstacles.ts";
import { followed, type Route, type Routes, reroutedInSteps } from "../../server/src/erd/picture/routes.ts";

export interface Scene {
  readonly diagram: ErdDiagram;
  readonly boxes: ReadonlyMap<string, PlacedBox>;
  /** Those whose course is known. */
  readonly relations: readonly PlacedRelation[];
  /** All of it; undefined when there is nothing. */
  readonly area: Area | undefined;
  /** Whether relations are missing whose course is still to be found. */
  readonly isUnfinished: boolean;
  /** What courses that were known a moment ago went around: those of boxes that changed where they stand are followed. */
  readonly former: { readonly routes: Routes; readonly areas: ReadonlyMap<string, Area> } | undefined;
}

export interface PlacedBox {
  readonly key: string;
  readonly box: Box;
  readonly content: ErdTable | ErdEnum;
  readonly area: Area;
}

export interface PlacedRelation {
  readonly relation: ErdRelation;
  readonly route: Route;
  /** Of what stands on its line. */
  readonly place: ActionPlace | undefined;
  readonly area: Area;
}

/** Boxes at their places, and the relations between those that are as they were in `before`: what can be drawn at once. */
export function sceneOf({ diagram, positions }: ErdPicture, before?: Scene): Scene {
  const boxes = new Map<string, PlacedBox>();
  for (const now of [...diagram.tables, ...diagram.enums]) boxes.set(now.key, placedBox(now, positions[now.key] ?? { x: 0, y: 0 }, before?.boxes.get(now.key)));
  return withKnownCourses(diagram, boxes, before);
}

/** The same with some boxes elsewhere. */
export function movedScene(scene: Scene, positions: ErdPositions): Scene {
  const boxes = new Map(scene.boxes);
  for (const [key, at] of Object.entries(positions)) {
    const placed = boxes.get(key);
    if (placed !== undefined) boxes.set(key, { ...placed, area: { ...placed.area, ...at } });
  }
  return withKnownCourses(scene.diagram, boxes, scene);
}

/** With the courses of all its relations. Pauses after each that is searched for. */
export function* finished(scene: Scene): Generator<void, Scene> {
  if (!scene.isUnfinished) return scene;
  const areas = new Map([...scene.boxes].map(([key, { area }]) => [key, area]));
  const boxes = new Map([...scene.boxes].map(([key, { box }]) => [key, box]));
  const known = new Map(scene.relations.map((placed) => [placed.relation.key, placed]));
  const standing: Routes = new Map([...scene.relations.map(({ route }) => [route.key, route] as const), ...followedOf(scene, areas, boxes)]);
  const routes = yield* reroutedInSteps(standing, scene.diagram.relations, boxes, areas, new Set());
  const isKnown = ({ relation: { key }, route }: PlacedRelation): boolean => routes.get(key) === route;
  const standingPlaces = new Map(scene.relations.filter(isKnown).flatMap(({ relation: { key }, place }) => (place === undefined ? [] : [[key, place] as const])));
  const places = actionPlaces(scene.diagram.relations, routes, standingPlaces);
  const relations = scene.diagram.relations.flatMap((relation): readonly PlacedRelation[] => {
    const route = routes.get(relation.key);
    if (route === undefined) return [];
    const old = known.get(relation.key);
    const place = places.get(relation.key);
    return [old?.route === route && old.place === place ? old : { relation, route, place, area: areaOfRoute(route) }];
  });
  return { ...scene, relations, isUnfinished: false, former: undefined };
}

/** Courses that need no search, though the boxes at their ends have changed. */
function followedOf({ diagram, former }: Scene, areas: ReadonlyMap<string, Area>, boxes: ReadonlyMap<string, Box>): Routes {
  const found = new Map<string, Route>();
  if (former === undefined || former.routes.size === 0) return found;
  const [standing, before] = [{ boxes, areas, obstacles: new Obstacles(areas.values()) }, new Obstacles(former.areas.values())];
  for (const relation of diagram.relations) {
    const route = former.routes.get(relation.key);
    const course = route === undefined ? undefined : followed(route, relation, standing, before);
    if (course !== undefined) found.set(relation.key, course);
  }
  return found;
}

/** What ends at a box that is new, elsewhere or of another size has no course yet. */
function withKnownCourses(diagram: ErdDiagram, boxes: ReadonlyMap<string, PlacedBox>, before: Scene | undefined): Scene {
  const known = new Map(before?.relations.map((placed) => [placed.relation.key, placed]));
  const isAsBefore = (key: string): boolean => {
    const [then, now] = [before?.boxes.get(key), boxes.get(key)];
    return then === now || (then !== undefined && now !== undefined && same(then.area, now.area) === then.area && same(then.box, now.box) === then.box);
  };
  const standsAsBefore = (key: string): boolean => {
    const [then, now] = [before?.boxes.get(key)?.area, boxes.get(key)?.area];
    return then !== undefined && now !== undefined && then.x === now.x && then.y === now.y;
  };
  const formerRoutes = new Map<string, Route>(before?.former?.routes);
  const relations = diagram.relations.flatMap((relation): readonly PlacedRelation[] => {
    const old = known.get(relation.key);
    if (old === undefined) return [];
    if (!isAsBefore(relation.from.table) || !isAsBefore(relation.to.table)) {
      if (standsAsBefore(relation.from.table) && standsAsBefore(relation.to.table)) formerRoutes.set(relation.key, old.route);
      return [];
    }
    if (same(old.relation, relation) === old.relation) return [old];
    const endsAsBefore = same(old.relation.from, relation.from) === old.relation.from && same(old.relation.to, relation.to) === old.relation.to;
    const saysTheSame = old.relation.hasIndex === relation.hasIndex && actionText(old.relation) === actionText(relation);
    return endsAsBefore && saysTheSame ? [{ ...old, relation }] : [];
  });
  const area = around([...boxes.values()].map((placed) => placed.area));
  const former = before === undefined ? undefined : { routes: formerRoutes, areas: new Map([...before.boxes].map(([key, placed]) => [key, placed.area])) };
  return { diagram, boxes, relations, area, isUnfinished: relations.length < diagram.relations.length, former };
}

/** `old` itself where nothing of it changed. */
function placedBox(now: ErdTable | ErdEnum, { x, y }: Point, old: PlacedBox | undefined): PlacedBox {
  const content = same(old?.content, now);
  if (old !== undefined && content === old.content && x === old.area.x && y === old.area.y) return old;
  const box = old !== undefined && content === old.content ? old.box : "values" in content ? enumBox(content) : tableBox(content);
  return { key: content.key, box, content, area: { x, y, width: box.width, height: box.height } };
}

/** What says the same as before is the same object, and need not be drawn again. */
function same<T extends object>(before: T | undefined, now: T): T {
  return before !== undefined && textOf(before) === textOf(now) ? before : now;
}

const texts = new WeakMap<object, string>();

/** Compared with what comes next, again and again. */
function textOf(value: object): string {
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}
