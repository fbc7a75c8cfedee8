/** Places in the bodies of routines. */
import type { Origins, Routine, TextOrigin } from "../../model/schema.ts";
import { shift, type Span } from "../../text/span.ts";

/** The routine's origins with a piece of its body as what is underlined; unchanged where the body is written in another way. */
export function originInBody({ origins, body }: Routine, span: Span): Origins {
  const at = origins.findLast((origin): origin is TextOrigin => origin.kind === "sql" && origin.parts?.["body"] !== undefined);
  const part = at?.parts?.["body"];
  if (at === undefined || part === undefined || part.end - part.start !== body?.length) return origins;
  return [{ ...at, nameSpan: shift(span, part.start) }, ...origins];
}
