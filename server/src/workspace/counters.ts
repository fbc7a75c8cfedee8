/** How often the expensive steps ran: what tests count to see that nothing is done twice. */
export interface Counters {
  discoveries: number;
  /** By URI. */
  readonly parses: Map<string, number>;
  prismaLayers: number;
  sqlLayers: number;
  schemas: number;
  checks: number;
}

export function newCounters(): Counters {
  return { discoveries: 0, parses: new Map(), prismaLayers: 0, sqlLayers: 0, schemas: 0, checks: 0 };
}
