/**
 * Layouts of ten real schemas: ours, d3-force with collision as it comes, and ELK's layered one. Every engine gets the same
 * boxes and the same pairs, and is counted the same way: straight lines between centres.
 */
import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, type SimulationNodeDatum } from "d3-force";
import ELK from "elkjs";
import { arrange } from "../server/src/erd/layout/arrange.ts";
import { boxesOf } from "../server/src/erd/picture/boxes.ts";
import { loadSqlParser } from "../server/src/sql/parse.ts";
import { corpora } from "../test/support/corpora.ts";
import { corpusDiagram, prismaDiagram } from "../test/support/diagrams.ts";
import { prismaSchema } from "./generateSchema.ts";
import type { ErdDiagram } from "../protocol/src/erd.ts";
import { type Row, round } from "./statistics.ts";

const schemas = [
  "nextcrm",
  "hoppscotch",
  "triggerdev",
  "bloom",
  "chatbot-ui",
  "supabase-auth",
  "hatchet",
  "pagila",
  "adventureworks",
  "mimic4",
];

interface Task {
  readonly diagram: ErdDiagram;
  readonly nodes: readonly { readonly key: string; readonly width: number; readonly height: number }[];
  /** Numbers of nodes; one for each pair that anything ties. */
  readonly pairs: readonly (readonly [number, number])[];
}

interface Centre {
  readonly x: number;
  readonly y: number;
}

type Engine = (task: Task) => readonly Centre[] | Promise<readonly Centre[]>;

const engines: Readonly<Record<string, Engine>> = { ours, d3, elk };

export async function erdLayoutBenchmark(): Promise<Row[]> {
  await loadSqlParser();
  const rows: Row[] = [];
  for (const corpus of corpora().filter(({ id }) => schemas.includes(id))) {
    const task = taskOf(corpusDiagram(corpus));
    const measured = new Map<string, Measures>();
    for (const [name, engine] of Object.entries(engines)) {
      const start = processorTime();
      const centres = await engine(task);
      measured.set(name, measure(task, centres, processorTime() - start));
    }
    rows.push(...rowsOf(corpus.id, task, measured));
  }
  for (const size of [300, 1000]) {
    const diagram = prismaDiagram(prismaSchema(size));
    const start = processorTime();
    arrange(diagram);
    rows.push({
      what: `ERD of ${size} generated tables: layout, processor time`,
      ours: `${round(processorTime() - start)} ms`,
      peer: "",
      ratio: "",
    });
  }
  return rows;
}

/** Milliseconds that this process was computing: what else runs on the machine does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function rowsOf(id: string, { nodes, pairs }: Task, measured: ReadonlyMap<string, Measures>): Row[] {
  const [own, force, layered] = [measured.get("ours"), measured.get("d3"), measured.get("elk")];
  if (own === undefined || force === undefined || layered === undefined) return [];
  const what = `ERD of ${id} (${nodes.length} boxes, ${pairs.length} lines)`;
  const ratio = (a: number, b: number): string => (b === 0 ? (a === 0 ? "1.00" : "∞") : (a / b).toFixed(2));
  const both = (value: (measures: Measures) => string): string => `${value(force)} (d3-force), ${value(layered)} (ELK layered)`;
  return [
    {
      what: `${what}: mean edge length`,
      ours: `${Math.round(own.edge)} px`,
      peer: both(({ edge }) => `${Math.round(edge)} px`),
      ratio: `${ratio(own.edge, force.edge)} of d3-force`,
    },
    {
      what: `${what}: crossings`,
      ours: String(own.crossings),
      peer: both(({ crossings }) => String(crossings)),
      ratio: `${ratio(own.crossings, force.crossings)} of d3-force`,
    },
    { what: `${what}: size, overlaps, processor time`, ours: own.shape, peer: both(({ shape }) => shape), ratio: "" },
  ];
}

function taskOf(diagram: ErdDiagram): Task {
  const nodes = [...boxesOf(diagram).values()];
  const places = new Map(nodes.map(({ key }, i) => [key, i]));
  const pairs = new Map<string, readonly [number, number]>();
  for (const { from, to } of diagram.relations) {
    const [a, b] = [places.get(from.table) ?? 0, places.get(to.table) ?? 0].sort((x, y) => x - y);
    if (a !== undefined && b !== undefined && a !== b) pairs.set(`${a} ${b}`, [a, b]);
  }
  return { diagram, nodes, pairs: [...pairs.values()] };
}

function ours({ diagram, nodes }: Task): readonly Centre[] {
  const positions = arrange(diagram);
  return nodes.map(({ key, width, height }) => ({ x: (positions[key]?.x ?? 0) + width / 2, y: (positions[key]?.y ?? 0) + height / 2 }));
}

interface Body extends SimulationNodeDatum {
  readonly radius: number;
}

function d3({ nodes, pairs }: Task): readonly Centre[] {
  const bodies = nodes.map(({ width, height }): Body => ({ radius: Math.hypot(width, height) / 2 + 10 }));
  const simulation = forceSimulation(bodies)
    .force("link", forceLink(pairs.map(([source, target]) => ({ source, target }))))
    .force("charge", forceManyBody())
    .force(
      "collide",
      forceCollide<Body>(({ radius }) => radius),
    )
    .force("center", forceCenter())
    .stop();
  simulation.tick(300);
  return bodies.map(({ x = 0, y = 0 }) => ({ x, y }));
}

async function elk({ nodes, pairs }: Task): Promise<readonly Centre[]> {
  const graph = await new ELK().layout({
    id: "root",
    layoutOptions: { "elk.algorithm": "layered" },
    children: nodes.map(({ width, height }, i) => ({ id: String(i), width, height })),
    edges: pairs.map(([a, b], i) => ({ id: `e${i}`, sources: [String(a)], targets: [String(b)] })),
  });
  return (graph.children ?? []).map(({ x = 0, y = 0, width = 0, height = 0 }) => ({ x: x + width / 2, y: y + height / 2 }));
}

interface Measures {
  readonly edge: number;
  readonly crossings: number;
  readonly shape: string;
}

function measure({ nodes, pairs }: Task, centres: readonly Centre[], milliseconds: number): Measures {
  const at = (i: number): Centre => centres[i] ?? { x: 0, y: 0 };
  const lengths = pairs.map(([a, b]) => Math.hypot(at(a).x - at(b).x, at(a).y - at(b).y));
  let crossings = 0;
  pairs.forEach(([a, b], i) => {
    for (const [c, d] of pairs.slice(i + 1)) {
      if (a === c || a === d || b === c || b === d) continue;
      if (areApart(at(a), at(b), at(c), at(d)) && areApart(at(c), at(d), at(a), at(b))) crossings++;
    }
  });
  let overlaps = 0;
  nodes.forEach((a, i) => {
    nodes.slice(i + 1).forEach((b, k) => {
      const [p, q] = [at(i), at(i + 1 + k)];
      if (Math.abs(p.x - q.x) < (a.width + b.width) / 2 - 1 && Math.abs(p.y - q.y) < (a.height + b.height) / 2 - 1) overlaps++;
    });
  });
  const extent = (side: "x" | "y", size: "width" | "height"): number =>
    Math.max(...nodes.map((node, i) => at(i)[side] + node[size] / 2)) - Math.min(...nodes.map((node, i) => at(i)[side] - node[size] / 2));
  return {
    edge: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
    crossings,
    shape: `${Math.round(extent("x", "width"))} x ${Math.round(extent("y", "height"))}, ${overlaps}, ${round(milliseconds)} ms`,
  };
}

/** Whether c and d lie on different sides of the line through a and b. */
function areApart(a: Centre, b: Centre, c: Centre, d: Centre): boolean {
  const side = (p: Centre): number => (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  return side(c) * side(d) < 0;
}
