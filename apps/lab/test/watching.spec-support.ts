import { expect } from '@jest/globals';
import { runCommand, waitFor } from '@underware/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '../src/stack/stack.js';
import { cli } from './cli.spec-support.js';
import { SERVER, traffic, WELL } from './stack.spec-support.js';

const MINUTES = 60_000;

/** What an operator sees of the traffic of a running `pair.yaml`: captured packets, flows, events, and Prometheus' figures. */
export async function watchTraffic(stack: Stack, id: string, name: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'uwt-watch-'));
  try {
    const file = join(directory, 'client.pcapng');
    const where = `${name}/client_port`;
    const capturing = cli(stack, ['capture', where, '-o', file, '--count', '4', '--seconds', '30', '--json']);
    let ended = false;
    void capturing.then(() => (ended = true));
    await waitFor(
      'the capture to end',
      async () => {
        expect(await traffic(stack, id)).toEqual(WELL);
        return ended;
      },
      { deadlineMs: MINUTES, everyMs: 50 },
    );
    expect(await capturing).toMatchObject({ code: 0, stdout: expect.stringContaining('"packets": 4') });
    const { stdout: packets } = await runCommand(['tcpdump', '-r', file, '-n']);
    expect(packets.trim().split('\n')).toHaveLength(4);
    expect(packets).toContain(`> ${SERVER}.8080`);
  } finally {
    await rm(directory, { recursive: true });
  }
  const flows = await cli(stack, ['flows', name]);
  expect(flows).toMatchObject({ code: 0, stdout: expect.stringContaining(`→ ${SERVER}:8080`) });
  await waitFor(
    'a new flow to be told',
    async () => (await cli(stack, ['events', name, '--last', '100'])).stdout.includes(`→ ${SERVER}:8080`),
    { deadlineMs: MINUTES, everyMs: 200 },
  );
  await waitFor(
    'the figures to be told',
    async () => {
      const headers = { authorization: `Bearer ${stack.token}` };
      const text = await (await fetch(`${stack.url}/underware/v1/metrics`, { headers })).text();
      const dropped = `underware_instance_packets_total\\{host="h1",service="${name}",underservice="guard",.*verdict="drop"\\} [1-9]`;
      const passed = `underware_counter_packets_total\\{host="h2",service="${name}",underservice="meter",.*name="new_flow"\\} [1-9]`;
      return new RegExp(dropped).test(text) && new RegExp(passed).test(text);
    },
    { deadlineMs: MINUTES, everyMs: 200 },
  );
}
