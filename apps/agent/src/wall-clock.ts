/** When CLOCK_MONOTONIC, by which the kernel's programs tell the time, showed `nanoseconds`; now for what is no time. */
export function wallClock(nanoseconds: unknown): string {
  const now = Date.now();
  const then = Number(nanoseconds);
  const agoMs = Number.isFinite(then) && then > 0 ? Number(process.hrtime.bigint()) / 1e6 - then / 1e6 : 0;
  // The kernel's clock may be a tick ahead of what this process reads; a record of the future or of before 1970 is none.
  return new Date(now - Math.min(Math.max(agoMs, 0), now)).toISOString();
}
