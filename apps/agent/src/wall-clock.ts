/** When CLOCK_MONOTONIC, by which the kernel's programs tell the time, showed `nanoseconds`; now for what is no time. */
export function wallClock(nanoseconds: unknown): string {
  return new Date(wallClockMs(nanoseconds)).toISOString();
}

/** The same in milliseconds since 1970, with what is below one. */
export function wallClockMs(nanoseconds: unknown): number {
  const now = performance.timeOrigin + performance.now();
  const then = Number(nanoseconds);
  const agoMs = Number.isFinite(then) && then > 0 ? Number(process.hrtime.bigint()) / 1e6 - then / 1e6 : 0;
  // The kernel's clock may be a tick ahead of what this process reads; a record of the future or of before 1970 is none.
  return now - Math.min(Math.max(agoMs, 0), now);
}
