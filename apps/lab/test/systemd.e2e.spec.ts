import { missingFeature, waitFor } from '@underware/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseDirectory } from '../src/stack/database.js';
import { DEMO_PROGRAM } from '../src/stack/demo-program.js';
import { labProcesses } from '../src/stack/lab-processes.js';
import { REPOSITORY } from '../src/stack/layout.js';
import { labNamespaces } from '../src/stack/namespaces.js';
import type { StackHost } from '../src/stack/agents.js';
import type { Stack } from '../src/stack/stack.js';
import {
  begin,
  createService,
  hostOf,
  noteOf,
  pairDescriptor,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
  traffic,
  WELL,
} from './stack.spec-support.js';
import { missingForSystemd, SystemdMachine } from './systemd-machine.spec-support.js';

const NAME = 'systemd';
const AGENT = 'underware-agent.service';
const UNIT = join(REPOSITORY, 'apps/agent/systemd', AGENT);
const TITLE = 'an agent under systemd';
const MINUTES = 60_000;

/**
 * The bits of DAC_OVERRIDE, KILL, SETGID, SETUID, SETPCAP, NET_ADMIN, SYS_ADMIN, PERFMON and BPF, as <linux/capability.h> numbers
 * them: what the agent may have, and no more.
 */
const RIGHTS = [1, 5, 6, 7, 8, 12, 21, 38, 39].reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);

const NOTHING = { CapInh: 0n, CapPrm: 0n, CapEff: 0n, CapBnd: 0n, CapAmb: 0n };

/** Of the text of /proc/<pid>/status. */
function capabilitiesOf(status: string): Record<string, bigint> {
  const sets = [...status.matchAll(/^(Cap\w+):\t([0-9a-f]+)$/gm)];
  return Object.fromEntries(sets.map(([, name = '', mask = '']) => [name, BigInt(`0x${mask}`)]));
}

/** By which systemd tells what belongs to a unit: the named hierarchy of control groups v1, and v2. */
async function unitGroups(pid: number): Promise<string[]> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).split('\n');
  return lines.flatMap((line) => /^\d+:(?:name=systemd)?:(.*)$/.exec(line)?.[1] ?? []);
}

const missing = missingFeature(TITLE, ['root', 'network-namespaces', 'bpf', 'tcx']) ?? missingForSystemd();
const describeSystemd = missing === undefined ? describe : describe.skip;

describeSystemd(missing === undefined ? TITLE : `${TITLE} [skipped: ${missing}]`, () => {
  let stack: Stack;
  let host: StackHost;
  let machine: SystemdMachine;
  let service: string;

  beforeAll(async () => {
    stack = await startTestStack(NAME, { hosts: 1 });
    host = hostOf(stack, 'h1');
    await host.agent.kill('SIGTERM');
    machine = await SystemdMachine.prepare(`uwt-${NAME}`);
    await machine.install(UNIT, join('/etc/systemd/system', AGENT));
    await configureAgent();
    const sockets = [stack.layout.run, await databaseDirectory(stack.layout)];
    await machine.boot({ network: host.network, shared: sockets });
  }, 2 * MINUTES);

  afterAll(async () => {
    await machine?.remove();
    await removeTestStack(NAME);
  }, MINUTES);

  /** As docs/operate.md says. */
  async function configureAgent(): Promise<void> {
    const place = join(stack.layout.data, 'hosts', host.name);
    const { queueUrl } = JSON.parse(await readFile(join(place, 'enrolment.json'), 'utf8')) as {
      queueUrl: string;
    };
    await machine.install(join(place, 'token'), '/etc/underware/token');
    for (const key of await readdir(stack.trustedKeys))
      await machine.install(join(stack.trustedKeys, key), join('/etc/underware/trusted-keys', key));
    const settings = {
      UNDERWARE_HOST: host.id,
      UNDERWARE_API: `unix:${stack.layout.apiSocket}`,
      UNDERWARE_TOKEN_FILE: '/etc/underware/token',
      UNDERWARE_QUEUE_URL: queueUrl,
      UNDERWARE_UPLINKS: 'uplink0',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await machine.write('/etc/underware/agent.env', lines.join(''));
  }

  /** Waits until an agent that has begun after `since` has told the orchestrator who it is. */
  async function registered(since: Date): Promise<void> {
    await waitFor(
      'the agent to register',
      async () => {
        const known = (await stack.client.hosts()).find(({ id }) => id === host.id);
        return known?.ready === true && new Date(known.registeredAt ?? 0) > since;
      },
      { deadlineMs: 30_000, everyMs: 100 },
    );
  }

  const agentPid = async (): Promise<number> => Number(await machine.property(AGENT, 'MainPID'));

  /** Process ids of the service's VNFs; not of those that look at them now and then. */
  async function vnfs(): Promise<number[]> {
    const { links } = await labNamespaces(stack.layout.prefix);
    const running = await labProcesses(stack.layout, links);
    return running
      .flatMap(({ pid, command }) => (command.startsWith(`${DEMO_PROGRAM} `) ? [pid] : []))
      .sort();
  }

  test(
    'has the rights of its unit file and no more',
    async () => {
      const since = new Date();
      await machine.run('systemctl', 'enable', '--now', AGENT);
      await registered(since);
      const status = await machine.statusOf(AGENT);
      expect(capabilitiesOf(status)).toEqual({ ...NOTHING, CapPrm: RIGHTS, CapEff: RIGHTS, CapBnd: RIGHTS });
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(await machine.property(AGENT, 'NRestarts')).toBe('0');
    },
    MINUTES,
  );

  test(
    'brings a service up with them',
    async () => {
      service = await createService(
        stack,
        NAME,
        await pairDescriptor((text) => text.replace('host: h2', 'host: h1')),
      );
      await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
      expect(await traffic(stack, service)).toEqual(WELL);
      // systemd must not count them as the agent's, or it would end them with it.
      const agent = await machine.property(AGENT, 'ControlGroup');
      expect(agent).toContain(AGENT);
      const running = await vnfs();
      expect(running).toHaveLength(2);
      for (const pid of running) {
        expect(await unitGroups(pid)).not.toContain(agent);
        expect(capabilitiesOf(await readFile(`/proc/${pid}/status`, 'utf8'))).toEqual(NOTHING);
      }
    },
    2 * MINUTES,
  );

  const ENDS: [string, () => Promise<unknown>][] = [
    ['systemctl restart', () => machine.run('systemctl', 'restart', AGENT)],
    ['SIGKILL', () => machine.run('systemctl', 'kill', '--kill-whom=main', '--signal=SIGKILL', AGENT)],
    ['systemctl stop', () => machine.run('systemctl', 'stop', AGENT)],
  ];
  test.each(ENDS)(
    'keeps what runs through %s',
    async (_, end) => {
      const [since, before, running] = [new Date(), await agentPid(), await vnfs()];
      const { objects } = await noteOf(stack);
      await end();
      expect(await traffic(stack, service)).toEqual(WELL);
      if ((await machine.property(AGENT, 'ActiveState')) === 'inactive')
        await machine.run('systemctl', 'start', AGENT);
      await registered(since);
      expect(await agentPid()).not.toBe(before);
      expect(await vnfs()).toEqual(running);
      expect((await noteOf(stack)).objects).toEqual(objects);
      expect(await traffic(stack, service)).toEqual(WELL);
    },
    2 * MINUTES,
  );

  test(
    'leaves nothing when the service is terminated',
    async () => {
      const had = await noteOf(stack);
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
      expect(await remainsOf(stack, had)).toEqual([]);
      // Of its own network alone: what a killed lab left on this machine is not the agent's.
      const network = (await machine.run('stat', '-Lc', '%i', '/proc/self/ns/net')).trim();
      expect(await machine.run('find', '/sys/fs/cgroup', '-path', `*/underware/net-${network}`)).toBe('');
    },
    2 * MINUTES,
  );

  test(
    'is not started again and again where something that it needs is missing',
    async () => {
      await machine.run('systemctl', 'stop', AGENT);
      await rm(join(machine.root, 'etc/underware/trusted-keys'), { recursive: true });
      await machine.run('sh', '-c', `systemctl start ${AGENT} || true`);
      await waitFor(
        'the agent to give up',
        async () => (await machine.property(AGENT, 'ActiveState')) === 'failed',
      );
      expect(await machine.property(AGENT, 'ExecMainStatus')).toBe('78');
    },
    MINUTES,
  );
});
