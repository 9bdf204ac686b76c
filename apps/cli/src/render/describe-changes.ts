import type { HostPlan } from '@underware/core';
import { formatChanges } from '@underware/planner';

/** What a plan changes, host by host, and how much that is. */
export function describeChanges(hosts: readonly HostPlan[], names: ReadonlyMap<string, string>): string {
  return `${formatChanges(hosts, names)}${countsOf(hosts)}`;
}

/** `2 added, 1 replaced in place`; nothing where nothing changes. */
function countsOf(hosts: readonly HostPlan[]): string {
  const words = { '+': 'added', '~': 'changed', '↻': 'replaced in place', '-': 'removed' } as const;
  const marks = hosts.flatMap(({ changes }) => changes.map(({ mark }) => mark));
  const counts = (['+', '~', '↻', '-'] as const).flatMap((mark) => {
    const count = marks.filter((each) => each === mark).length;
    return count === 0 ? [] : [`${count} ${words[mark]}`];
  });
  return counts.length === 0 ? '' : `${counts.join(', ')}\n`;
}
