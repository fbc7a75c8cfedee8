/** Values that a person gave for a query's parameters, by the query's fingerprint, in the state of the workspace. */
import type { Memento } from "vscode";
import * as v from "valibot";

const key = "databaseArchitect.planValues";
const most = { queries: 200, characters: 10_000 };

type Kept = Readonly<Record<string, readonly (string | null)[]>>;

const keptShape: v.GenericSchema<unknown, Kept> = v.record(v.string(), v.array(v.nullable(v.string())));

export class ValueMemory {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  of(fingerprint: string): readonly (string | null)[] | undefined {
    return this.#all()[fingerprint];
  }

  /** The last ones are kept; long ones are not. */
  async keep(fingerprint: string, values: readonly (string | null)[]): Promise<void> {
    if (values.reduce((sum, value) => sum + (value?.length ?? 0), 0) > most.characters) return;
    const { [fingerprint]: _before, ...others } = this.#all();
    const kept = [...Object.entries(others), [fingerprint, values] as const].slice(-most.queries);
    await this.#state.update(key, Object.fromEntries(kept));
  }

  #all(): Kept {
    const parsed = v.safeParse(keptShape, this.#state.get(key));
    return parsed.success ? parsed.output : {};
  }
}
