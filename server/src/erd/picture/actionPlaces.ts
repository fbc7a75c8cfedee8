/**
 * Where the words on relations stand: what happens on delete, and the sign of a missing index. Along a piece of the line,
 * where neither the words of another relation nor a line beside it is; words that have no such place are left out, and
 * told by the relation's title.
 */
import type { ErdRelation } from "../../../../protocol/src/erd.ts";
import { type Area, grown, meet, type Point } from "./geometry.ts";
import type { Routes } from "./routes.ts";
import { textWidth } from "./textWidth.ts";

/** The middle of the words and the sign together. */
export interface ActionPlace extends Point {
  /** Else what leads down is read from below. */
  readonly isAcross: boolean;
  readonly hasText: boolean;
  readonly hasSign: boolean;
}

/** By key of the relation; of those that say something. */
export type ActionPlaces = ReadonlyMap<string, ActionPlace>;

export const labelSize = 10;
/** What a crow's foot takes of its piece. */
const footLength = 22;
/** What the sign of a missing index takes. */
export const signLength = 24;
/** Some of the line must be left to see whose action it is. */
const lineLeft = 12;
/** Along the free part of a piece: its middle first. */
const shares = [0.5, 0.3, 0.7, 0.1, 0.9];

/** `known` places stay. */
export function actionPlaces(relations: readonly ErdRelation[], routes: Routes, known: ActionPlaces = new Map()): ActionPlaces {
  const lines = new Grounds();
  for (const { key, points } of routes.values()) for (const piece of piecesOf(points)) lines.add({ key, ...piece });
  const words = new Grounds();
  const places = new Map<string, ActionPlace>();
  const take = (key: string, relation: ErdRelation, place: ActionPlace): void => {
    places.set(key, place);
    words.add({ key, area: areaAt(place, lengthOf(relation, place.hasText)), isAcross: place.isAcross });
  };
  const waiting: ErdRelation[] = [];
  for (const relation of relations) {
    const place = known.get(relation.key);
    if (place === undefined) waiting.push(relation);
    else take(relation.key, relation, place);
  }
  for (const relation of waiting) {
    const points = routes.get(relation.key)?.points ?? [];
    const place = placeFor(relation, points, (area, isAcross) => !words.has(area) && !lines.has(grown(area, -1), { isAcross, except: relation.key }));
    if (place !== undefined) take(relation.key, relation, place);
  }
  return places;
}

/** What is neither the default nor said by everybody: `ON UPDATE CASCADE` is what tools write unasked. */
export function actionText({ onDelete, onUpdate }: ErdRelation): string {
  const parts: string[] = [];
  if (onDelete !== undefined && onDelete !== "NO ACTION") parts.push(onDelete.toLowerCase());
  if (onUpdate !== undefined && onUpdate !== "NO ACTION" && onUpdate !== "CASCADE") parts.push(`update ${onUpdate.toLowerCase()}`);
  return parts.join(", ");
}

function lengthOf(relation: ErdRelation, withText: boolean): number {
  const text = withText ? actionText(relation) : "";
  return (text === "" ? 0 : textWidth(text, labelSize)) + (relation.hasIndex ? 0 : signLength);
}

function placeFor(relation: ErdRelation, points: readonly Point[], isFree: (area: Area, isAcross: boolean) => boolean): ActionPlace | undefined {
  const length = lengthOf(relation, true);
  if (length === 0) return undefined;
  const hasSign = !relation.hasIndex;
  const pieces = piecesOf(points)
    .map((piece, i, all) => freePart(piece, i === 0 ? footLength : 0, i === all.length - 1 ? footLength : 0))
    // What lies across is read more easily.
    .sort((a, b) => b.room * (b.isAcross ? 3 : 1) - a.room * (a.isAcross ? 3 : 1));
  if (actionText(relation) !== "") {
    for (const { from, to, room, isAcross } of pieces) {
      if (room < length + lineLeft) continue;
      for (const share of shares) {
        const along = Math.min(Math.max(room * share, length / 2 + lineLeft / 2), room - length / 2 - lineLeft / 2) / room;
        const place = { x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along, isAcross, hasText: true, hasSign };
        if (isFree(areaAt(place, length), isAcross)) return place;
      }
    }
  }
  const [longest] = pieces;
  if (!hasSign || longest === undefined || longest.room < 14) return undefined;
  const { from, to, isAcross } = longest;
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, isAcross, hasText: false, hasSign };
}

interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly area: Area;
  readonly isAcross: boolean;
}

function piecesOf(points: readonly Point[]): readonly Piece[] {
  return points.slice(1).flatMap((to, i) => {
    const from = points[i];
    if (from === undefined) return [];
    const area = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
    return [{ from, to, area, isAcross: from.y === to.y }];
  });
}

/** Of a piece what feet leave of it. */
function freePart({ from, to, isAcross }: Piece, atStart: number, atEnd: number): { readonly from: Point; readonly to: Point; readonly room: number; readonly isAcross: boolean } {
  const [x, y] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)];
  const room = Math.abs(to.x - from.x) + Math.abs(to.y - from.y) - atStart - atEnd;
  return { from: { x: from.x + x * atStart, y: from.y + y * atStart }, to: { x: to.x - x * atEnd, y: to.y - y * atEnd }, room, isAcross };
}

function areaAt({ x, y, isAcross }: Pick<ActionPlace, "x" | "y" | "isAcross">, length: number): Area {
  const [width, height] = isAcross ? [length, labelSize + 2] : [labelSize + 2, length];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

interface Ground {
  readonly key: string;
  readonly area: Area;
  readonly isAcross: boolean;
}

const cell = 240;

/** What is taken, by place. */
class Grounds {
  readonly #cells = new Map<string, Ground[]>();

  add(ground: Ground): void {
    for (const name of cellsOf(ground.area)) {
      const list = this.#cells.get(name);
      if (list === undefined) this.#cells.set(name, [ground]);
      else list.push(ground);
    }
  }

  /** `only`: what runs the same way and is of somebody else; a line that crosses words does not hide them. */
  has(area: Area, only?: { readonly isAcross: boolean; readonly except: string }): boolean {
    const counts = ({ key, isAcross }: Ground): boolean => only === undefined || (isAcross === only.isAcross && key !== only.except);
    return cellsOf(area).some((name) => this.#cells.get(name)?.some((ground) => counts(ground) && meet(ground.area, area)) === true);
  }
}

function cellsOf({ x, y, width, height }: Area): readonly string[] {
  const names: string[] = [];
  for (let column = Math.floor(x / cell); column <= Math.floor((x + width) / cell); column++)
    for (let row = Math.floor(y / cell); row <= Math.floor((y + height) / cell); row++) names.push(`${column} ${row}`);
  return names;
}
