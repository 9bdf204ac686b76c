import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DesiredWorkload } from '@underware/core';
import { describeKernel, runCommand, waitFor } from '@underware/testkit';
import { TestAgent, compileLibs } from './driver.spec-support.js';
import { ProcessRuntime } from './process-runtime.js';

const HOST = 'uwt-wlcrash-host';
const VNF = 'uwt-wlcrash-vnf';

describeKernel(
  'ProcessRuntime when its agent is killed',
  () => {
    let libs: string;
    let stateDir: string;
    let agent: TestAgent;
    let number = 0;

    const start = (): TestAgent => new TestAgent(HOST, libs, stateDir);
    const bounded = (capabilities: string[]): TestAgent => {
      const set = `--bounding-set=-all${capabilities.map((name) => `,+${name}`).join('')}`;
      return new TestAgent(HOST, libs, stateDir, ['setpriv', '--inh-caps=-all', set, '--no-new-privs', '--']);
    };
    const workload = (script: string): DesiredWorkload => ({
      key: `dead${String(++number).padStart(4, '0')}${String(process.pid).padStart(8, '0')}`,
      revision: '0000000a',
      vnf: 'web',
      runtime: 'process',
      command: ['/bin/sh', '-c', script],
      environment: {},
      cpus: 1,
      memoryBytes: 64 << 20,
      namespace: VNF,
      after: [],
    });

    beforeAll(async () => {
      for (const name of [HOST, VNF]) {
        await runCommand(['ip', 'netns', 'delete', name]).catch(() => undefined);
        await runCommand(['ip', 'netns', 'add', name]);
      }
      libs = compileLibs();
      stateDir = mkdtempSync(path.join(tmpdir(), 'uwt-state-'));
      agent = start();
    });

    afterAll(async () => {
      for (const { key } of await agent.call('observe')) await agent.call('stop', key);
      await agent.kill();
      for (const name of [HOST, VNF]) await runCommand(['ip', 'netns', 'delete', name]);
      for (const directory of [libs, stateDir]) rmSync(directory, { recursive: true, force: true });
    });

    it('the workload runs on, is found again, and its exit code is known', async () => {
      const gate = path.join(stateDir, 'gate');
      const wanted = workload(`echo up; while [ ! -e ${gate} ]; do sleep 0.02; done; echo over; exit 7`);
      await runCommand(['chmod', '755', stateDir]);
      await agent.call('start', wanted);
      const before = await agent.call('observe');
      await agent.kill();
      agent = start();
      expect(await agent.call('observe')).toEqual(before);
      await agent.kill();
      await runCommand(['touch', gate]); // it ends while no agent is there
      agent = start();
      await waitFor('its end', async () => (await agent.call('observe'))[0]?.state === 'exited');
      expect(await agent.call('observe')).toMatchObject([{ key: wanted.key, exitCode: 7, handle: '' }]);
      expect(await agent.call('logs', wanted.key, { tail: 5 })).toBe('up\nover\n');
      await agent.call('stop', wanted.key);
    });

    it('no other host of the machine sees it', async () => {
      const wanted = workload('sleep 1000');
      await agent.call('start', wanted);
      const other = new ProcessRuntime({ stateDir: path.join(stateDir, 'other') });
      expect((await other.observe()).map(({ key }) => key)).not.toContain(wanted.key);
      await other.stop(wanted.key);
      expect(await agent.call('observe')).toMatchObject([{ key: wanted.key, state: 'running' }]);
      await agent.call('stop', wanted.key);
      expect(await agent.call('observe')).toEqual([]);
    });

    it('needs no more than the capabilities that the unit file gives', async () => {
      const wanted = workload('exec sleep 1000');
      const rich = bounded(['sys_admin', 'setuid', 'setgid', 'setpcap', 'kill', 'dac_override']);
      try {
        await rich.call('start', wanted);
        expect(await rich.call('observe')).toMatchObject([{ key: wanted.key, state: 'running' }]);
        await rich.call('stop', wanted.key);
        expect(await agent.call('observe')).toEqual([]);
      } finally {
        await rich.kill();
      }
    });

    it('names the capability that a start lacks', async () => {
      const poor = bounded(['sys_admin', 'setgid', 'setpcap', 'kill', 'dac_override']);
      try {
        await expect(poor.call('start', workload('exec sleep 1000'))).rejects.toMatchObject({
          report: { code: 'CAPABILITY_MISSING', why: expect.stringContaining('CAP_SETUID') },
        });
        expect(await agent.call('observe')).toEqual([]);
      } finally {
        await poor.kill();
      }
    });

    it('a start or a stop cut short at any moment can be done again', async () => {
      let cutShort = 0;
      for (let delay = 0; delay < 45; delay += 3) {
        const wanted = workload('trap "exit 0" TERM; while :; do sleep 0.02; done');
        const victim = start();
        await victim.call('observe'); // it is up and answers
        const finished = victim
          .call('start', wanted)
          .then(() => victim.call('stop', wanted.key))
          .then(
            () => true,
            () => false,
          );
        await new Promise((resolve) => setTimeout(resolve, delay));
        await victim.kill();
        if (!(await finished)) cutShort++;
        await agent.call('start', wanted);
        expect(await agent.call('observe')).toMatchObject([{ key: wanted.key, state: 'running' }]);
        await agent.call('stop', wanted.key);
        expect(await agent.call('observe')).toEqual([]);
        expect((await runCommand(['ip', 'netns', 'pids', VNF])).stdout).toBe('');
      }
      expect(cutShort).toBeGreaterThan(5);
    }, 60_000);
  },
  ['root', 'network-namespaces'],
);
