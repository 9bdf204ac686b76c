import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from '@underware/client';
import { buildPackage, loadSigner, parseManifest } from '@underware/plugin';
import { describeKernel } from '@underware/testkit';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../src/stack/layout.js';
import type { Stack } from '../src/stack/stack.js';
import { cli } from './cli.spec-support.js';
import {
  begin,
  createService,
  namespaceOf,
  pairDescriptor,
  reaches,
  removeTestStack,
  SERVER,
  settle,
  startTestStack,
} from './stack.spec-support.js';
import { Stream } from './stream.spec-support.js';

const NAME = 'upgrade';
const MINUTES = 60_000;
const PORT = 7000;
const STREAM = ['tcp', 'udp'].map(
  (protocol) =>
    `          - { name: stream_${protocol}, from: client_port, protocol: ${protocol}, ports: '${PORT}', action: allow }\n`,
);
const ADMIN = `          - { name: admin, from: client_port, protocol: tcp, ports: '9090', action: allow }\n`;

/**
 * With these rules beside that of the site, a firewall that sees answers too, and nothing asserted: what is wrong shall be
 * seen in traffic.
 */
const descriptor = (rules: string): Promise<string> =>
  pairDescriptor((text) =>
    text
      .slice(0, text.indexOf('\n  policies:'))
      .replace(/( +- \{ name: site.*\n)/, `$1${rules}`)
      .replace('directions: [inbound]', 'directions: [inbound, outbound]'),
  );

/** Whether the site and the admin page answer. */
const portsOpenTo = (client: string): Promise<boolean[]> =>
  Promise.all([8080, 9090].map((port) => reaches(client, SERVER, port)));

describeKernel('a service that changes under traffic', () => {
  let stack: Stack;
  let stream: Stream;
  let service: string;
  let client: string;

  beforeAll(async () => {
    stack = await startTestStack(NAME);
    service = await createService(stack, 'shop', await descriptor(STREAM.join('')));
    await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
    client = await namespaceOf(stack, service, 'client');
    stream = await Stream.start(client, await namespaceOf(stack, service, 'server'), SERVER, PORT);
    await onboard('0.98.0', join(REPOSITORY, 'bpf/build/firewall.bpf.o'));
    await onboard('0.99.0', join(REPOSITORY, 'apps/lab/build/firewall_drops.bpf.o'));
  }, 3 * MINUTES);

  afterAll(async () => {
    stream?.stop();
    await removeTestStack(NAME);
  }, MINUTES);

  /** The firewall under another version, signed with the stack's own key. */
  async function onboard(version: string, object: string): Promise<void> {
    const text = await readFile(join(REPOSITORY, 'bpf/firewall/plugin.yaml'), 'utf8');
    const manifest = { ...parseManifest({ file: 'plugin.yaml', text }), version };
    const signer = await loadSigner(join(stack.layout.data, 'keys/plugins.key'));
    await stack.client.onboardPlugin(buildPackage(manifest, await readFile(object), signer).bytes);
  }

  async function versionsOf(): Promise<string[]> {
    const { chains } = await stack.client.service(service);
    const hops = chains.flatMap((chain) => chain.hops).filter(({ underservice }) => underservice === 'guard');
    return [...new Set(hops.map(({ plugin, present }) => `${plugin} ${present}`))];
  }

  /** Everything that was sent came back, over the one connection that there is. */
  async function nothingLost(): Promise<void> {
    const { tcp, udp } = await stream.settled();
    expect(tcp).toEqual({ sent: tcp.sent, echoed: tcp.sent, errors: [] });
    expect(udp.echoed).toBe(udp.sent);
  }

  async function upgrade(version: string): Promise<{ code: number; operation: Operation }> {
    const wanted = ['--canary', 'h1', '--window', '2', '--json'];
    const { code, stdout, stderr } = await cli(stack, [
      'plugins',
      'upgrade',
      `firewall@${version}`,
      ...wanted,
    ]);
    const { operations } = JSON.parse(stdout || '{}') as { operations?: { operation: Operation }[] };
    const [ended] = operations ?? [];
    if (ended === undefined) throw new Error(`${code}: ${stdout}${stderr}`);
    return { code, operation: ended.operation };
  }

  test(
    'takes other rules without losing a packet, and keeps connections that the old ones allowed',
    async () => {
      const file = join(await mkdtemp(join(tmpdir(), `uwt-${NAME}-`)), 'pair.yaml');
      await writeFile(file, await descriptor(ADMIN));
      const shown = await cli(stack, ['update', 'shop', file, '--dry-run']);
      expect(shown.stdout).toMatch(/^ {2}↻ instance guard on server_port tcx\/egress: other config$/m);
      expect(await portsOpenTo(client)).toEqual([true, false]);
      const { code, stdout, stderr } = await cli(stack, ['update', 'shop', file]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('UPDATE COMPLETED');
      expect(await portsOpenTo(client)).toEqual([true, true]);
      // The rule that let it in is gone; what it let in is remembered.
      await nothingLost();
    },
    2 * MINUTES,
  );

  test(
    'gets another version of its firewall from a canary on, without losing a packet or a connection',
    async () => {
      const { code, operation } = await upgrade('0.98.0');
      expect(code).toBe(0);
      expect(operation.operationState).toBe('COMPLETED');
      expect(operation.canary).toMatchObject({ hosts: ['h1'], outcome: 'inside' });
      await nothingLost();
      expect(await versionsOf()).toEqual(['firewall@0.98.0 true']);
      const again = await cli(stack, ['plugin', 'upgrade', 'firewall@0.98.0']);
      expect(again).toMatchObject({ code: 0, stdout: 'Every instance is firewall@0.98.0 already\n' });
    },
    2 * MINUTES,
  );

  test(
    'is rid of a version that drops everything by itself, and its connections go on',
    async () => {
      const { code, operation } = await upgrade('0.99.0');
      expect(code).toBe(1);
      expect(operation.operationState).toBe('ROLLED_BACK');
      expect(operation.error?.report).toMatchObject({
        code: 'CANARY_OUTSIDE',
        on: 'firewall@0.99.0',
        why: expect.stringMatching(
          /^guard on server_port tcx\/egress on h1: drop \d.* 100\.0 % of \d+ after/,
        ),
      });
      const { tcp } = await stream.settled();
      expect(tcp).toEqual({ sent: tcp.sent, echoed: tcp.sent, errors: [] });
      expect(await versionsOf()).toEqual(['firewall@0.98.0 true']);
      expect(await reaches(client, SERVER, 8080)).toBe(true);
    },
    2 * MINUTES,
  );
});
