/** Aborts at the first signal that asks to end; what runs then ends in good order. More of them change nothing. */
export function abortOnSignals(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());
  return interruption.signal;
}
