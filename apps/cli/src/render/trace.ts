import type { Trace } from '@underware/client';
import type { Paint } from '../terminal.js';

type Hop = Trace['hops'][number];

/** A packet's way: what came in, what each instance did and by which rule, and what became of it. */
export function renderTrace(trace: Trace, paint: Paint): string {
  const { packet, port, direction, hook, device, hops, verdict } = trace;
  const last = hops.at(-1);
  const lines = [
    packet,
    `${paint('bold', port)} ${direction}  ${paint('dim', `${hook} on ${device}`)}`,
    ...hops.flatMap((hop, i) => hopLines(hop, i, hops[i - 1]?.device ?? device, paint)),
    hops.length === 0
      ? `${paint('bold', 'pass')}: the chain is empty`
      : `${paint(isGood(verdict) ? 'green' : 'red', verdict)} by ${decidedBy(trace, last)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function hopLines(hop: Hop, index: number, deviceBefore: string, paint: Paint): string[] {
  const moved =
    hop.device === deviceBefore
      ? []
      : [
          `${paint('bold', hop.port)} ${paint('dim', `delivered on this host: ${hop.hook} on ${hop.device}`)}`,
        ];
  return [
    ...moved,
    `  ${index + 1}. ${paint('bold', hop.underservice || hop.key)}  ${hop.plugin}  ${paint(isGood(hop.verdict) ? 'green' : 'red', hop.verdict)}`,
    ...hop.counters.map((counter) => `       ${nameOf(counter)}`),
    ...(hop.altered ? [`       now ${hop.packet}`] : []),
  ];
}

/** Where all let it pass, nobody decided. */
function decidedBy({ verdict }: Trace, last: Hop | undefined): string {
  if (verdict === 'pass' || last === undefined) return 'the whole chain: nobody objects';
  if (verdict === 'redirect' && last.verdict === 'pass')
    return `the whole chain: it leaves by the device of ${last.port}`;
  const rules = last.counters.map(nameOf).join(', ');
  return `${last.underservice || last.key}${rules === '' ? '' : `: ${rules}`}`;
}

function nameOf({ map, name }: Hop['counters'][number]): string {
  return map === 'rule_counters' ? `rule ${name}` : name;
}

function isGood(verdict: Hop['verdict']): boolean {
  return verdict !== 'drop' && verdict !== 'aborted';
}
