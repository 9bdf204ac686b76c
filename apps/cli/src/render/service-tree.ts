import type { Host, Operation, Workload } from '@underware/client';
import type { Paint } from '../terminal.js';
import type { NamedBackend, NamedHop, NamedTree } from './named-counters.js';

/** A service instance as a tree: hosts, VNFs, their ports, and on each the chain in order with its counters. */
export function renderService(
  tree: NamedTree,
  { hosts: known, operation }: { hosts: readonly Host[]; operation?: Operation },
  paint: Paint,
): string {
  const title = `${paint('bold', tree.name)}  ${tree.nsState}  ${paint('dim', tree.id)}`;
  const hosts = [
    ...new Set([
      ...tree.placements.map(({ hostName }) => hostName),
      ...tree.chains.map(({ hostName }) => hostName),
    ]),
  ].sort();
  const lines = hosts.flatMap((host, i) =>
    branch(hostTitle(host, known, paint), hostLines(tree, host, paint), i === hosts.length - 1),
  );
  const running = operation === undefined ? [] : [`in ${describeOperation(operation)}`];
  return `${[title, ...running, ...lines].join('\n')}\n`;
}

/** `INSTANTIATE FAILED_TEMP (underware operation 5c…)` */
export function describeOperation({ lcmOperationType, operationState, id }: Operation): string {
  return `${lcmOperationType} ${operationState} (underware operation ${id})`;
}

function hostTitle(name: string, known: readonly Host[], paint: Paint): string {
  const title = `host ${paint('bold', name)}`;
  const host = known.find((each) => each.name === name);
  if (host === undefined || host.ready) return title;
  const since = host.lastHeartbeatAt === undefined ? '' : ` since ${host.lastHeartbeatAt}`;
  return `${title}  ${paint('red', `not heard of${since} — figures are of then`)}`;
}

type Branch = [text: string, below: Branch[]];

function hostLines(tree: NamedTree, host: string, paint: Paint): Branch[] {
  const known = new Set(tree.graph?.ports.map(({ name }) => name));
  const uplinks = tree.chains.filter(({ port, hostName }) => hostName === host && !known.has(port));
  const chainBranch = ({ direction, hook, device, hops }: NamedTree['chains'][number]): Branch => [
    `${direction} ${paint('dim', `${hook} on ${device}`)}`,
    hops.map((hop, i) => hopBranch(hop, i, paint)),
  ];
  const vnfs = tree.placements
    .filter(({ hostName }) => hostName === host)
    .map(({ vnf, runtime }): Branch => {
      const workload = tree.workloads.find((each) => each.vnf === vnf);
      const ports = tree.graph?.ports.filter((port) => port.vnf === vnf).map(({ name }) => name) ?? [];
      const state = workload === undefined ? 'absent' : stateOf(workload, paint);
      return [
        `VNF ${paint('bold', vnf)}  ${state}  ${workload?.runtime ?? runtime}`,
        ports.map((port): Branch => [
          `port ${paint('bold', port)}  ${workload?.addresses.join(', ') ?? ''}`,
          tree.chains.filter((chain) => chain.port === port && chain.hostName === host).map(chainBranch),
        ]),
      ];
    });
  const names = [...new Set(uplinks.map(({ port }) => port))];
  return [
    ...vnfs,
    ...names.map((port): Branch => [
      `uplink ${paint('bold', port)}`,
      uplinks.filter((chain) => chain.port === port).map(chainBranch),
    ]),
  ];
}

function hopBranch(hop: NamedHop, index: number, paint: Paint): Branch {
  const verdicts = Object.entries(hop.verdicts)
    .filter(([, { packets }]) => packets > 0)
    .map(([verdict, { packets, bytes }]) => `${verdict} ${packets} (${formatBytes(bytes)})`);
  const present = hop.present ? '' : `  ${paint('red', 'not in the kernel')}`;
  const since =
    hop.countsSince === undefined ? '' : paint('dim', `  since ${withoutFraction(hop.countsSince)}`);
  return [
    `${index + 1}. ${paint('bold', hop.underservice)}  ${hop.plugin}  ${verdicts.join(', ') || 'no packets yet'}${since}${present}`,
    [
      ...(hop.backends ?? []).map((backend): Branch => [backendText(backend, paint), []]),
      ...hop.counters
        .filter(({ packets, map }) => packets > 0 || map === 'rule_counters')
        .map(({ name, map, about, packets, bytes }): Branch => [
          `${map === 'rule_counters' ? 'rule ' : ''}${name}${about === undefined ? '' : ` (${about})`}: ${packets} packets, ${formatBytes(bytes)}`,
          [],
        ]),
    ],
  ];
}

function backendText({ name, state, since, why }: NamedBackend, paint: Paint): string {
  const told = state === 'unknown' ? 'not checked yet' : state;
  const when = since === undefined ? '' : ` since ${withoutFraction(since)}`;
  const text = `${told}${when}${why === undefined ? '' : `: ${why}`}`;
  return `backend ${name} ${state === 'down' ? paint('red', text) : text}`;
}

function stateOf({ state, health, exitCode, restarts, nextTryAt }: Workload, paint: Paint): string {
  // The health of one that exited is that of before.
  const details = [
    ...(health === 'none' || state === 'exited' ? [] : [health]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(restarts === undefined ? [] : [`restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`]),
    ...(nextTryAt === undefined ? [] : [`next try at ${withoutFraction(nextTryAt)}`]),
  ];
  const text = [state, ...details].join(', ');
  return paint(state === 'running' && health !== 'unhealthy' ? 'green' : 'red', text);
}

/** A time of ISO 8601, to the second. */
function withoutFraction(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

function branch(text: string, below: Branch[], isLast: boolean): string[] {
  const inner = below.flatMap(([line, more], i) => branch(line, more, i === below.length - 1));
  return [`${isLast ? '└─' : '├─'} ${text}`, ...inner.map((line) => `${isLast ? '  ' : '│ '} ${line}`)];
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
