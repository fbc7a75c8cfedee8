/**
 * What all tests of a process share is closed after the last of them: mocha calls the teardown where it runs alone
 * (`.mocharc.json`), the workers of `npm test` where they do. Over a channel, as mocha may load this module a second time.
 */
import { channel } from "node:diagnostics_channel";

const end = channel("end of the tests");

export function atEnd(close: () => Promise<unknown>): void {
  end.subscribe((closing) => {
    if (Array.isArray(closing)) closing.push(close());
  });
}

export async function mochaGlobalTeardown(): Promise<void> {
  const closing: Promise<unknown>[] = [];
  end.publish(closing);
  await Promise.all(closing);
}
