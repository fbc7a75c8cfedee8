/**
 * The page of a diagram: asks the host for the picture, draws it, and turns what a person does into another view of it
 * or a request by name. The schema's facts come whole from the host; only what a person chose to see is kept here.
 */
import { type Channel, ChannelClosed, createChannel } from "../../protocol/src/channel.ts";
import type { ErdDeletion, ErdFileFormat, ErdPicture, ErdPositions, ErdTarget } from "../../protocol/src/erd.ts";
import { hostMethods, viewMethods } from "../../protocol/src/erdShapes.ts";
import { rowHeight } from "../../server/src/erd/picture/boxes.ts";
import { html } from "../shared/dom.ts";
import { Camera } from "./camera.ts";
import { Canvas } from "./canvas.ts";
import { Courses } from "./courses.ts";
import { Details, isNarrow } from "./details.ts";
import { dragBox, dragRelation, grid } from "./drags.ts";
import { askForColumn, askForName, askForRelation } from "./forms.ts";
import { type Drag, listen } from "./gestures.ts";
import { letteringsOf } from "./lettering.ts";
import { openMenu } from "./menu.ts";
import { boxMenu, exportMenu, viewMenu } from "./menus.ts";
import { Minimap } from "./minimap.ts";
import { type Direction, nearestBox, nextBox } from "./navigation.ts";
import { pngOf } from "./png.ts";
import { tablesFor, tieableColumns } from "./relationChoices.ts";
import { movedScene, type PlacedBox, type Scene, sceneOf } from "./scene.ts";
import { search } from "./search.ts";
import { filtersInWords, hiddenBoxes, type Neighbours, neighboursOf } from "./shown.ts";
import { parseState, type ViewState, without } from "./state.ts";
import { TableList } from "./tableList.ts";
import { Toolbar } from "./toolbar.ts";
import { centred, overlap, type Point, seen, showing, type Viewport } from "./viewport.ts";

/** What VS Code gives the script of a webview. */
export interface Host {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Nearer than this, what is jumped to can be read. */
const readable = 0.8;

export class ErdApp {
  readonly #host: Host;
  readonly #channel: Channel<typeof hostMethods>;
  readonly #root: HTMLElement;
  readonly #canvas = new Canvas();
  readonly #toolbar: Toolbar;
  readonly #list: TableList;
  readonly #details: Details;
  readonly #minimap: Minimap;
  readonly #heading = html("h1", { class: "visually-hidden" }, "Entity relationship diagram");
  readonly #notice = html("div", { class: "notice", role: "status", hidden: true });
  readonly #filters = html("div", { class: "filters", hidden: true });
  readonly #spoken = html("div", { class: "visually-hidden", role: "status" });
  readonly #empty = html("div", { class: "empty" }, html("p", {}, "Reading the schema…"));
  #state: ViewState;
  #scene: Scene | undefined;
  #neighbours: Neighbours = new Map();
  #hidden: ReadonlySet<string> = new Set();
  #deletion: ErdDeletion | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  readonly #courses = new Courses();
  readonly #camera = new Camera(
    () => this.#canvas.size,
    () => this.#scene?.area,
    (viewport) => this.#moved(viewport),
  );
  /** What was dragged and not yet come back in a picture. */
  #dragged: ErdPositions = {};
  /** What the arrow keys move at the moment. */
  #moving: { readonly drag: Drag; readonly by: Point } | undefined;

  constructor(root: HTMLElement, host: Host) {
    this.#root = root;
    this.#host = host;
    this.#state = parseState(host.getState());
    this.#channel = createChannel({
      in: viewMethods,
      out: hostMethods,
      handlers: {
        show: (picture) => this.#show(picture),
        focus: (target) => this.#jump(target),
        letter: letteringsOf,
      },
      post: (message) => host.postMessage(message),
      log: (what) => console.warn(what),
    });
    this.#toolbar = new Toolbar({
      search: (typed) => (this.#scene === undefined ? [] : search(this.#scene.diagram, typed)),
      choose: ({ target }) => {
        this.#jump(target);
        this.#canvas.element.focus();
      },
      zoom: (factor) => this.#camera.zoom(factor),
      fit: () => this.#fit(),
      arrange: () => this.#ask(async () => this.#arrange()),
      view: (from) => this.#openViewMenu(from),
      exports: (from) => this.#openExportMenu(from),
      list: () => this.#set({ ...this.#state, isListOpen: !this.#state.isListOpen }),
    });
    this.#list = new TableList({ select: (target) => this.#jump(target), reveal: (target) => this.#reveal(target) });
    this.#details = new Details({
      reveal: (target) => this.#reveal(target),
      explainRule: (rule) => this.#ask(() => this.#channel.request("explainRule", rule)),
      close: () => this.#select(undefined),
    });
    this.#minimap = new Minimap((to) => this.#camera.go(centred(to, this.#canvas.size, this.#camera.viewport.scale)));
    this.#build();
  }

  /** Asks for the picture; whatever the host sends comes in through `receive`. */
  async start(): Promise<void> {
    try {
      const { source, picture, focus } = await this.#channel.request("ready", null);
      this.#state = { ...this.#state, source };
      this.#show(picture);
      if (focus !== undefined) this.#jump(focus);
    } catch (error) {
      if (!(error instanceof ChannelClosed)) this.#say(messageOf(error));
    }
  }

  receive(message: unknown): void {
    this.#channel.receive(message);
  }

  #build(): void {
    const { element: canvas } = this.#canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "diagram");
    canvas.setAttribute("aria-label", "Diagram");
    const stage = html("div", { class: "stage" }, canvas, this.#empty, this.#minimap.element, this.#filters, this.#details.element);
    this.#root.replaceChildren(this.#heading, this.#toolbar.element, this.#notice, html("div", { class: "body" }, stage, this.#list.element), this.#spoken);
    listen(canvas, {
      pan: (dx, dy) => this.#camera.pan(dx, dy),
      zoom: (factor, at) => this.#camera.zoom(factor, at),
      beginDrag: (on) => this.#beginDrag(on),
      click: (on) => this.#select(targetOf(on)),
      open: (on) => {
        const target = targetOf(on);
        if (target !== undefined) this.#reveal(target);
      },
      menu: (on, at) => this.#openBoxMenu(targetOf(on) ?? this.#state.selection, at),
      walk: (direction) => this.#walk(direction),
      key: (name, event) => this.#key(name, event),
    });
    let isFirst = true;
    new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const before = this.#canvas.size;
      this.#canvas.resize({ width: entry.contentRect.width, height: entry.contentRect.height });
      if (isFirst && before.width === 0) this.#camera.restore(this.#state.viewport);
      isFirst = false;
      this.#camera.go(this.#camera.viewport);
    }).observe(canvas);
  }

  // ------------------------------------------------------------------------------------------------ what is shown

  #show(picture: ErdPicture): void {
    performance.mark("given");
    const isFirst = this.#scene === undefined || this.#scene.area === undefined;
    const scene = sceneOf({ ...picture, positions: { ...picture.positions, ...this.#dragged } }, this.#scene);
    this.#dragged = {};
    this.#place(scene, isFirst);
    const { diagram } = scene;
    this.#neighbours = neighboursOf(diagram.relations);
    const { status } = diagram;
    this.#notice.hidden = status.kind !== "stale";
    this.#notice.textContent = status.kind === "stale" ? `Showing the last picture that could be drawn. ${status.reason}` : "";
    this.#root.classList.toggle("stale", status.kind === "stale");
    this.#empty.hidden = status.kind !== "empty";
    this.#empty.replaceChildren(html("p", {}, status.kind === "empty" ? status.reason : ""));
    this.#heading.textContent = `Entity relationship diagram of ${diagram.title}`;
    const { element } = this.#canvas;
    element.setAttribute("aria-label", `Diagram of ${diagram.title}: ${counted(diagram.tables.length, "table")}, ${counted(diagram.relations.length, "relation")}. Arrow keys move between tables, Enter opens the definition, Escape leaves.`);
    if (this.#deletion !== undefined && !scene.boxes.has(this.#deletion.table)) this.#deletion = undefined;
    if (isFirst) this.#camera.restore(this.#state.viewport);
    this.#redraw();
    this.#canvas.flush();
    this.#camera.go(this.#camera.viewport);
    this.#root.dataset["revision"] = String(diagram.revision);
    performance.mark("drawn");
    requestAnimationFrame(() => setTimeout(() => performance.mark("painted"))); // the frame is done then
    this.#save();
  }

  /** Takes `scene` as what there is; relations whose course is still to be found are drawn when it is. */
  #place(scene: Scene, isFirst = false): void {
    this.#scene = this.#courses.search(scene, isFirst, (whole) => {
      this.#scene = whole;
      this.#redraw();
    });
  }

  /** After anything but the viewport changed. */
  #redraw(): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    this.#hidden = hiddenBoxes(scene.diagram, this.#state, this.#neighbours);
    const marks = this.#marks(scene);
    const { detail, overlays } = this.#state;
    this.#canvas.show(scene, {
      detail: detail === "auto" ? undefined : detail,
      overlays: new Set(overlays),
      hidden: this.#hidden,
      marks,
      isDimmed: this.#deletion !== undefined,
      selected: this.#state.selection?.key,
    });
    this.#minimap.show(scene, this.#hidden, new Set(marks.keys()));
    this.#list.show(scene.diagram, this.#hidden, this.#state.isListOpen);
    this.#toolbar.setListOpen(this.#state.isListOpen);
    this.#details.show(scene.diagram, this.#deletion === undefined ? this.#state.selection : undefined);
    this.#keepClear();
    this.#showFilters(scene);
  }

  #marks(scene: Scene): ReadonlyMap<string, string> {
    const marks = new Map<string, string>();
    const { selection } = this.#state;
    if (this.#deletion !== undefined) {
      marks.set(this.#deletion.table, "deleted root");
      for (const { table, relation, effect } of this.#deletion.effects) {
        if (marks.get(table)?.startsWith("deleted") !== true) marks.set(table, effect);
        marks.set(relation, effect);
      }
    } else if (selection !== undefined) {
      for (const { relation } of scene.relations)
        if (relation.from.table === selection.key || relation.to.table === selection.key) marks.set(relation.key, "tied");
      marks.set(selection.key, "selected");
    }
    return marks;
  }

  #showFilters(scene: Scene): void {
    const words = this.#deletion?.summary ?? filtersInWords(scene.diagram, this.#state, this.#hidden);
    this.#filters.hidden = words === "";
    const back = html("button", { type: "button", class: "link" }, this.#deletion === undefined ? "Show all" : "Done");
    back.addEventListener("click", () => (this.#deletion === undefined ? this.#showAll() : this.#endDeletion()));
    this.#filters.replaceChildren(...(words === "" ? [] : [html("span", {}, words), back]));
  }

  #showAll(): void {
    this.#set({ ...without(without(this.#state, "around"), "groups"), hidden: [], onlyWithFindings: false });
  }

  #set(state: ViewState): void {
    this.#state = state;
    this.#redraw();
    this.#saveNow();
  }

  /** Soon: while somebody moves there is another to save with every frame. */
  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#saveNow(), 200);
  }

  #saveNow(): void {
    clearTimeout(this.#saving);
    this.#host.setState({ ...this.#state, viewport: this.#camera.viewport });
  }

  // ------------------------------------------------------------------------------------------------ the viewport

  #moved(viewport: Viewport): void {
    this.#canvas.move(viewport);
    this.#minimap.move(seen(viewport, this.#canvas.size));
    this.#keepClear();
    this.#save();
  }

  /** The card with details covers nothing that it is about. */
  #keepClear(): void {
    const { selection } = this.#state;
    const area = this.#scene?.boxes.get(selection?.key ?? "")?.area;
    if (area === undefined) return;
    const middle = this.#camera.toScreen({ x: area.x + area.width / 2, y: area.y + area.height / 2 });
    this.#details.keepClearOf(middle, this.#canvas.size);
  }

  #fit(): void {
    this.#camera.fit([...(this.#scene?.boxes.values() ?? [])].filter(({ key }) => !this.#hidden.has(key)).map(({ area }) => area));
  }

  // ------------------------------------------------------------------------------------------------ selecting

  #select(target: ErdTarget | undefined): void {
    if (this.#moving !== undefined) this.#endMoving(true);
    if (this.#deletion !== undefined) this.#deletion = undefined;
    this.#set(target === undefined ? without(this.#state, "selection") : { ...this.#state, selection: target });
    const spoken = target === undefined ? undefined : this.#nameOf(target);
    if (spoken !== undefined) this.#spoken.textContent = spoken;
  }

  #nameOf({ kind, key }: ErdTarget): string | undefined {
    if (kind === "relation") return this.#scene?.diagram.relations.find((relation) => relation.key === key)?.accessibleName;
    return this.#scene?.boxes.get(key)?.content.accessibleName;
  }

  /** Into sight, near enough to be read, even if it was hidden. */
  #jump(target: ErdTarget): void {
    const key = target.kind === "relation" ? this.#scene?.diagram.relations.find((relation) => relation.key === target.key)?.from.table : target.key;
    const placed = this.#scene?.boxes.get(key ?? "");
    if (placed === undefined) return;
    if (this.#hidden.has(placed.key)) this.#showAll();
    this.#select(target);
    const { viewport } = this.#camera;
    const scale = Math.max(viewport.scale, readable);
    const { size } = this.#canvas;
    const area = partOf(placed, target, { width: size.width / scale, height: size.height / scale });
    // Above the card with details, where that lies across the stage.
    const lift = isNarrow(size) ? (size.height * 0.19) / scale : 0;
    const isNear = scale === viewport.scale && lift === 0;
    this.#camera.glide(isNear ? showing(viewport, area, size) : centred({ x: area.x + area.width / 2, y: area.y + area.height / 2 + lift }, size, scale));
  }

  #walk(direction: Direction): void {
    if (this.#moving !== undefined) return this.#moveOn(this.#moving, direction);
    const areas = new Map([...(this.#scene?.boxes.values() ?? [])].filter(({ key }) => !this.#hidden.has(key)).map((placed: PlacedBox) => [placed.key, placed.area]));
    const { selection } = this.#state;
    const from = selection !== undefined && areas.has(selection.key) ? selection.key : undefined;
    const to = from === undefined ? nearestBox(this.#camera.toWorld(this.#camera.middle), areas) : nextBox(from, direction, areas);
    const placed = this.#scene?.boxes.get(to ?? "");
    if (placed === undefined) return;
    this.#select({ kind: "values" in placed.content ? "enum" : "table", key: placed.key });
    this.#camera.glide(showing(this.#camera.viewport, placed.area, this.#canvas.size));
  }

  #key(name: string, event: KeyboardEvent): boolean {
    const { selection } = this.#state;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (this.#moving !== undefined && (name === "Enter" || name === "Escape")) {
      this.#endMoving(name === "Enter");
      return true;
    }
    switch (name) {
      case "+":
      case "=":
        this.#camera.zoom(1.25);
        return true;
      case "-":
        this.#camera.zoom(1 / 1.25);
        return true;
      case "0":
        this.#fit();
        return true;
      case "/":
        this.#toolbar.focusSearch();
        return true;
      case "Enter":
        if (selection !== undefined) this.#reveal(selection);
        return true;
      case "F2":
        if (selection !== undefined) this.#rename(selection);
        return true;
      case "Delete":
        if (selection !== undefined && selection.kind !== "relation") this.#hide(selection.key);
        return true;
      case "Escape":
        if (this.#deletion !== undefined) this.#endDeletion();
        else if (selection !== undefined) this.#select(undefined);
        else this.#canvas.element.blur();
        return true;
      default:
        return false;
    }
  }

  // ------------------------------------------------------------------------------------------------ menus

  #openBoxMenu(target: ErdTarget | undefined, at: Point): void {
    const { element } = this.#canvas;
    const corner = element.getBoundingClientRect();
    if (target === undefined || target.kind === "relation") return;
    this.#select(target);
    const place = { x: corner.left + at.x, y: corner.top + at.y };
    openMenu(this.#nameOf(target) ?? "Table", place, element, () =>
      boxMenu(target, { isText: this.#state.source?.kind === "project", isMovable: this.#scene?.diagram.isDifference === false }, {
        reveal: () => this.#reveal(target),
        around: (hops) => {
          this.#set({ ...this.#state, around: { key: target.key, hops } });
          this.#fit();
        },
        hide: () => this.#hide(target.key),
        move: () => this.#beginMoving(target),
        rename: () => this.#rename(target),
        addRelation: () => this.#addRelation(target, place),
        addColumn: () => askForColumn(element, place, this.#nameOf(target) ?? "", (column) => this.#edit({ do: "addColumn", table: target.key, ...column })),
        simulateDelete: () => this.#ask(() => this.#simulateDelete(target.key)),
      }),
    );
  }

  #openViewMenu(from: HTMLElement): void {
    const { diagram } = this.#scene ?? {};
    if (diagram === undefined) return;
    const { left, bottom } = from.getBoundingClientRect();
    openMenu("What is shown", { x: left, y: bottom + 2 }, from, () => viewMenu(diagram, this.#state, (state) => this.#set(state), () => this.#measure()));
  }

  #measure(): void {
    this.#set({ ...this.#state, overlays: [...this.#state.overlays.filter((one) => one !== "size"), "size"] });
    this.#ask(() => this.#channel.request("measure", null));
  }

  #openExportMenu(from: HTMLElement): void {
    const { left, bottom } = from.getBoundingClientRect();
    const hidden = [...this.#hidden];
    const save = (format: ErdFileFormat): void => this.#ask(() => this.#channel.request("exportFile", { format, hidden }));
    openMenu("Export", { x: left, y: bottom + 2 }, from, () => exportMenu(save, () => this.#ask(() => this.#savePng(hidden))));
  }

  async #savePng(hidden: readonly string[]): Promise<void> {
    const data = await pngOf(await this.#channel.request("svgText", { hidden }));
    await this.#channel.request("savePng", data);
  }

  #hide(key: string): void {
    this.#set({ ...without(this.#state, "selection"), hidden: [...this.#state.hidden, key] });
  }

  // ------------------------------------------------------------------------------------------------ what the host does

  #reveal(target: ErdTarget): void {
    this.#ask(() => this.#channel.request("reveal", target));
  }

  async #arrange(): Promise<void> {
    this.#state = without(this.#state, "viewport");
    this.#dragged = {};
    await this.#channel.request("arrange", null);
  }

  async #simulateDelete(table: string): Promise<void> {
    this.#deletion = await this.#channel.request("simulateDelete", table);
    this.#spoken.textContent = this.#deletion.summary;
    this.#redraw();
  }

  #endDeletion(): void {
    this.#deletion = undefined;
    this.#redraw();
  }

  #rename(target: ErdTarget): void {
    const placed = this.#scene?.boxes.get(target.key);
    if (placed === undefined || target.kind !== "table" || "values" in placed.content) return;
    const { column } = target;
    const row = placed.box.rows.find(({ name }) => name === column);
    const place = { x: placed.area.x + (row?.x ?? 0), y: placed.area.y + (row?.y ?? 0) };
    const name = column === undefined ? (placed.content.prismaName ?? placed.content.name) : (placed.content.columns.find((one) => one.name === column)?.prismaName ?? column);
    askForName(this.#canvas.element, this.#onScreen(place), name, (to) =>
      this.#edit(column === undefined ? { do: "renameTable", table: target.key, to } : { do: "renameColumn", table: target.key, column, to }),
    );
  }

  /** What a drag from a column to a table does, by keyboard. */
  #addRelation(target: ErdTarget, place: Point): void {
    const { diagram } = this.#scene ?? {};
    const table = diagram?.tables.find(({ key }) => key === target.key);
    if (diagram === undefined || table === undefined || target.kind !== "table") return;
    const columns = tieableColumns(diagram, table).map((column) => ({
      name: column.name,
      tables: tablesFor(diagram, table, column).map(({ key, schema, name }) => ({ key, label: schema === table.schema ? name : key })),
    }));
    if (columns.length === 0) return this.#say(`No column of ${table.name} has the type of another table's primary key.`);
    const column = columns.some(({ name }) => name === target.column) ? target.column : undefined;
    askForRelation(this.#canvas.element, place, { table: table.name, columns, column }, (relation) => this.#edit({ do: "addRelation", table: table.key, ...relation }));
  }

  #edit(edit: EditWish): void {
    const revision = this.#scene?.diagram.revision ?? -1;
    this.#ask(async () => {
      const outcome = await this.#channel.request("edit", { ...edit, revision });
      if (!outcome.ok) this.#say(outcome.reason);
    });
  }

  #beginDrag(on: Element): Drag | null {
    const scene = this.#scene;
    const target = targetOf(on);
    const placed = scene?.boxes.get(target?.key ?? "");
    if (scene === undefined || target === undefined || placed === undefined || scene.diagram.isDifference) return null;
    const column = on.closest("[data-column]") === null || target.kind !== "table" ? undefined : target.column;
    if (column !== undefined)
      return dragRelation(this.#canvas.element, placed, column, {
        viewport: () => this.#camera.viewport,
        boxAt: (at) => this.#boxAt(at),
        drop: (to) => this.#edit({ do: "addRelation", table: placed.key, column, to }),
      });
    return this.#dragBox(placed, () => this.#camera.viewport.scale);
  }

  #dragBox(placed: PlacedBox, scale: () => number): Drag {
    return dragBox(placed, {
      scale,
      move: (positions) => {
        if (this.#scene !== undefined) this.#place(movedScene(this.#scene, positions));
        this.#redraw();
      },
      drop: (positions) => {
        this.#dragged = { ...this.#dragged, ...positions };
        this.#ask(() => this.#channel.request("moved", positions));
      },
    });
  }

  #beginMoving({ key }: ErdTarget): void {
    const placed = this.#scene?.boxes.get(key);
    if (placed === undefined) return;
    this.#moving = { drag: this.#dragBox(placed, () => 1), by: { x: 0, y: 0 } };
    this.#say(`Moving ${placed.content.name}: arrow keys move it, Enter leaves it there, Escape takes it back.`);
  }

  #moveOn({ drag, by }: { readonly drag: Drag; readonly by: Point }, direction: Direction): void {
    const step = { left: { x: -1, y: 0 }, right: { x: 1, y: 0 }, up: { x: 0, y: -1 }, down: { x: 0, y: 1 } }[direction];
    const to = { x: by.x + step.x * 2 * grid, y: by.y + step.y * 2 * grid };
    this.#moving = { drag, by: to };
    drag.move(to.x, to.y, to);
    const area = this.#scene?.boxes.get(this.#state.selection?.key ?? "")?.area;
    if (area !== undefined) this.#camera.glide(showing(this.#camera.viewport, area, this.#canvas.size));
  }

  #endMoving(isKept: boolean): void {
    const { drag, by } = this.#moving ?? {};
    this.#moving = undefined;
    this.#notice.hidden = true;
    if (isKept && by !== undefined && (by.x !== 0 || by.y !== 0)) drag?.end(by);
    else drag?.cancel();
  }

  #boxAt(at: Point): PlacedBox | undefined {
    const { x, y } = this.#camera.toWorld(at);
    return [...(this.#scene?.boxes.values() ?? [])].find(({ key, area }) => !this.#hidden.has(key) && overlap(area, { x, y, width: 0, height: 0 }));
  }

  #onScreen(at: Point): Point {
    const corner = this.#canvas.element.getBoundingClientRect();
    const { x, y } = this.#camera.toScreen(at);
    return { x: corner.left + x, y: corner.top + y };
  }

  #ask(action: () => Promise<unknown>): void {
    action().catch((error: unknown) => {
      if (!(error instanceof ChannelClosed)) this.#say(messageOf(error));
    });
  }

  /** Until the next picture. */
  #say(message: string): void {
    this.#notice.hidden = false;
    this.#notice.textContent = message;
    this.#empty.hidden = this.#scene !== undefined;
  }
}

type EditWish =
  | { readonly do: "renameTable"; readonly table: string; readonly to: string }
  | { readonly do: "renameColumn"; readonly table: string; readonly column: string; readonly to: string }
  | { readonly do: "addRelation"; readonly table: string; readonly column: string; readonly to: string }
  | { readonly do: "addColumn"; readonly table: string; readonly name: string; readonly type: string; readonly nullable: boolean };

/** The box, or the row of a column where the whole box is more than can be seen at once. */
function partOf({ area, box }: PlacedBox, target: ErdTarget, room: { readonly width: number; readonly height: number }): PlacedBox["area"] {
  const row = target.kind === "table" ? box.rows.find(({ name }) => name === target.column) : undefined;
  if (row === undefined || (area.width <= room.width && area.height <= room.height)) return area;
  return { x: area.x + row.x, y: area.y + row.y, width: row.width, height: rowHeight };
}

/** What an element of the picture stands for. */
function targetOf(element: Element): ErdTarget | undefined {
  const owner = element.closest("[data-key]");
  const key = owner?.getAttribute("data-key");
  if (owner === null || key === null || key === undefined) return undefined;
  if (owner.classList.contains("relation")) return { kind: "relation", key };
  if (owner.classList.contains("enum")) return { kind: "enum", key };
  const column = element.closest("[data-column]")?.getAttribute("data-column");
  return column === null || column === undefined ? { kind: "table", key } : { kind: "table", key, column };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
