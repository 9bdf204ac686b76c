import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeKernel, waitFor } from '@underware/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftContainers } from '../src/stack/container-engine.js';
import { REPOSITORY } from '../src/stack/layout.js';
import type { Stack } from '../src/stack/stack.js';
import { cli } from './cli.spec-support.js';
import {
  begin,
  namespaceOf,
  noteOf,
  reaches,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
} from './stack.spec-support.js';

const NAME = 'examples';
const MINUTES = 60_000;
const folder = join(REPOSITORY, 'examples');
const textOf = (name: string): string => readFileSync(join(folder, `${name}.yaml`), 'utf8');
const names = readdirSync(folder).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
const planOnly = names.flatMap((name) => {
  const why = /^ +underware\.plan_only: true *(?:# *(.*))?$/m.exec(textOf(name));
  return why ? [{ name, why: why[1] ?? '' }] : [];
});
/** What the demo deploys is tested with it. */
const deployable = names.filter(
  (name) => name !== 'web-behind-firewall' && !planOnly.some((each) => each.name === name),
);

describeKernel('the examples', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startTestStack(NAME, { hosts: 3, containers: true });
  }, 3 * MINUTES);

  afterAll(() => removeTestStack(NAME), MINUTES);

  const instances = async () =>
    Object.fromEntries((await stack.client.instances()).map((each) => [each.nsInstanceName, each]));

  test(
    'that can be deployed run side by side, and leave nothing',
    async () => {
      const deployed = await Promise.all(
        deployable.map((name) => cli(stack, ['deploy', join(folder, `${name}.yaml`)])),
      );
      expect(deployed.filter(({ code }) => code !== 0)).toEqual([]);
      const running = await instances();
      expect(Object.keys(running).sort()).toEqual(deployable.toSorted());
      for (const { id, nsState, nsInstanceName } of Object.values(running)) {
        expect([nsInstanceName, nsState]).toEqual([nsInstanceName, 'INSTANTIATED']);
        await waitFor(
          `${nsInstanceName} to be well`,
          async () => {
            const { graph, workloads, chains } = await stack.client.service(id);
            expect(workloads.map(({ vnf }) => vnf).sort()).toEqual(graph?.vnfs.map((vnf) => vnf.name).sort());
            expect(workloads.filter(({ state }) => state !== 'running')).toEqual([]);
            for (const { name, healthCheck } of graph?.vnfs ?? []) {
              const health = workloads.find(({ vnf }) => vnf === name)?.health;
              expect([name, healthCheck === undefined ? 'healthy' : health]).toEqual([name, 'healthy']);
            }
            expect(chains.flatMap(({ hops }) => hops).every(({ present }) => present)).toBe(true);
            return true;
          },
          { deadlineMs: 20_000, everyMs: 200 },
        );
      }
      // The firewalls of templates that stand in files of their own let their client in.
      const client = await namespaceOf(stack, running['nested-tiers']?.id ?? '', 'client');
      for (const address of ['10.81.0.10', '10.81.0.20'])
        expect([address, await reaches(client, address, 8080)]).toEqual([address, true]);

      // The switch delivers on one host and between hosts; either way the firewall of the web server decides.
      for (const from of ['near', 'far']) {
        const namespace = await namespaceOf(stack, running['switched-segment']?.id ?? '', from);
        for (const address of ['10.71.0.10', 'fd71::10']) {
          for (const port of [8080, 9090])
            expect([from, address, port, await reaches(namespace, address, port)]).toEqual([
              from,
              address,
              port,
              port === 8080,
            ]);
        }
      }

      const noted = await noteOf(stack);
      await Promise.all(
        Object.values(running).map(async ({ id }) =>
          settle(stack, await begin(stack, id, 'terminate'), 'COMPLETED'),
        ),
      );
      for (const { host } of await stack.client.residency())
        await stack.client.setResidency(host, { policy: 'dynamic' });
      await waitFor(
        'nothing to be left',
        async () => {
          expect(await remainsOf(stack, noted)).toEqual([]);
          expect(await leftContainers(stack.layout)).toEqual([]);
          return true;
        },
        { deadlineMs: 20_000, everyMs: 200 },
      );
    },
    3 * MINUTES,
  );

  test(
    'that can only be planned are refused with the reason that they name, and nothing is made',
    async () => {
      const before = [await stack.client.descriptors(), await stack.client.instances()];
      const refused = await Promise.all(
        planOnly.map(async ({ name, why }) => ({
          why,
          ...(await cli(stack, ['deploy', join(folder, `${name}.yaml`)])),
        })),
      );
      for (const { why, code, stderr } of refused) {
        expect([why, code]).toEqual([why, 1]);
        expect(stderr).toContain('PLAN_IMPOSSIBLE');
        const kinds = /^(.*) (?:has|have) no plugin yet$/.exec(why)?.[1]?.split(/, | and /);
        const reasons = kinds?.map((kind) => `cannot get a ${kind}: no plugin`) ?? ['is in no zone'];
        expect(reasons.filter((reason) => stderr.includes(reason))).not.toEqual([]);
      }
      expect([await stack.client.descriptors(), await stack.client.instances()]).toEqual(before);
    },
    MINUTES,
  );
});
