/** Time that a busy machine does not stretch: bounds that tell linear work from quadratic, never how fast something is. */

/** Milliseconds of processor time that `work` takes. */
export function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
