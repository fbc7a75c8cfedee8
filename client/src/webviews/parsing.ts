/** What the server answers, parsed before anybody uses it. */
import * as v from "valibot";

/** @throws Error when the answer has another shape. */
export function parsing<Result>(shape: v.GenericSchema<unknown, Result>): (answer: unknown) => Result {
  return (answer) => {
    const parsed = v.safeParse(shape, answer);
    if (parsed.success) return parsed.output;
    const [{ path, message }] = parsed.issues;
    throw new Error(`The language server answered something else: ${path?.map((item) => String(item.key)).join(".") ?? ""} ${message}`);
  };
}
