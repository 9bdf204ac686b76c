import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../session/client.js';

/** Which requests an event makes stale; keys are those of `useApi`. */
const STALE: Record<string, readonly string[]> = {
  operation: ['operations', 'instances', 'service'],
  step: ['steps'],
  host: ['hosts', 'service'],
  telemetry: ['service'],
};
/** Longest that a change waits to be shown; many events within it cost one request. */
const GATHER_MS = 300;
const RECONNECT_MS = 2_000;

/** Follows the event stream and refreshes what it names. Returns whether the stream is open. */
export function useLiveUpdates(): boolean {
  const client = useClient();
  const queries = useQueryClient();
  const [connected, setConnected] = useState(false);

  useEffect(() => {
    const abort = new AbortController();
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    function gather(event: string) {
      for (const key of STALE[event] ?? []) stale.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of stale) void queries.invalidateQueries({ queryKey: [key] });
        stale.clear();
      }, GATHER_MS);
    }

    async function follow() {
      while (!abort.signal.aborted) {
        try {
          const events = client.events({}, abort.signal);
          setConnected(true);
          // What happened while the stream was away is not repeated.
          for (const event of Object.keys(STALE)) gather(event);
          for await (const { event } of events) gather(event);
        } catch {
          // The stream is opened again below; queries show their own errors.
        }
        setConnected(false);
        if (!abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }

    void follow();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client, queries]);

  return connected;
}
