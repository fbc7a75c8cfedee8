/** Values of parameters in a few words: `status = 'won', $2 = 20`. */
import type { PlanParameter } from "../../../protocol/src/plan.ts";

const mostShown = 3;
const longest = 24;

export function titleOfValues(parameters: readonly PlanParameter[], values: readonly (string | null)[]): string {
  if (parameters.length === 0) return "as it is";
  const shown = parameters.slice(0, mostShown).map(({ number, name, column }) => `${name ?? column?.split(".").at(-1) ?? `$${number}`} = ${literal(values[number - 1] ?? null)}`);
  return parameters.length > mostShown ? `${shown.join(", ")}, …` : shown.join(", ");
}

function literal(value: string | null): string {
  if (value === null) return "NULL";
  const short = value.length > longest ? `${value.slice(0, longest)}…` : value;
  return /^-?\d+(?:\.\d+)?$/.test(short) ? short : `'${short}'`;
}
