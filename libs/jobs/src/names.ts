/** Queue names. Every host has its own two queues, so that a slow host never holds up another. */
export const OPERATIONS_QUEUE = 'operations';
export const REPORTS_QUEUE = 'reports';

/** Desired states for one host's agent, one at a time. */
export function hostQueue(host: string): string {
  return `host-${host}`;
}

/** Questions to one host's agent that must not wait behind a running job. */
export function requestQueue(host: string): string {
  return `ask-${host}`;
}
