import { expect } from '@jest/globals';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';
import { labelTelemetry } from '@underware/underservices';
import { plan } from './plan.js';
import { CATALOG, example, host, NOW, OPTIONS } from './plan.spec-support.js';
import { serviceAddresses } from './addresses/service-addresses.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };

/** The whole pure path, then the real plugin: its config as planned, given the packets of the author's assertions. */
describeKernel('planned firewalls decide as the assertions of their descriptor expect', () => {
  for (const name of ['web-behind-firewall', 'container-firewall']) {
    itKernel(name, async () => {
      const made = plan(example(name), { hosts: [host('h1'), host('h2')] }, CATALOG, OPTIONS, NOW);
      const slices = Object.values(made.slices);
      const assertions = slices.flatMap((slice) => slice.assertions);
      expect(assertions.length).toBeGreaterThan(2);
      for (const { port, hook, packet, expect: verdict, name: assertion } of assertions) {
        const chain = slices
          .flatMap(({ instances }) => instances)
          .filter((instance) => instance.port === port && instance.hook === hook);
        const verdicts: string[] = [];
        for (const { plugin, program, config } of chain) {
          const instance = await PluginInstance.load(plugin.name, program, config);
          verdicts.push((await instance.run(buildPacket(packet, l2))).verdict);
          instance.close();
        }
        const decided = verdicts.find((each) => each !== 'pass') ?? 'pass';
        expect(`${assertion}: ${decided}`).toBe(`${assertion}: ${verdict}`);
      }
    });
  }

  itKernel('and count under the names of their rules', async () => {
    const graph = example('web-behind-firewall');
    const made = plan(graph, { hosts: [host('h1'), host('h2')] }, CATALOG, OPTIONS, NOW);
    const guard = Object.values(made.slices)
      .flatMap(({ instances }) => instances)
      .find(({ underservice }) => underservice === 'guard');
    const model = graph.underservices.find(({ name }) => name === 'guard')?.model;
    if (guard === undefined || model === undefined) throw new Error('the example has no guard');
    const instance = await PluginInstance.load('firewall', guard.program, guard.config);
    const addresses = serviceAddresses(made);
    for (const family of [0, 1]) {
      const source = addresses.get('client_port')?.[family] ?? '';
      const destination = addresses.get('web_port')?.[family] ?? '';
      await instance.run(buildPacket({ protocol: 'tcp', source, destination, destinationPort: 8080 }, l2));
      await instance.run(buildPacket({ protocol: 'icmp', source, destination }, l2));
      await instance.run(buildPacket({ protocol: 'tcp', source, destination, destinationPort: 9090 }, l2));
    }
    const rows = async (map: string) =>
      (await instance.counters(map)).map((counter, key) => ({
        key,
        value: { packets: counter.packets },
      }));
    const labelled = labelTelemetry(
      'firewall',
      model,
      { rule_counters: await rows('rule_counters'), counters: await rows('counters') },
      addresses,
    );
    instance.close();
    const packets = Object.values(labelled)
      .flat()
      .map(({ label, value }) => [label, value]);
    expect(packets.slice(0, 3)).toEqual([
      ['site', { packets: 2 }],
      ['ping', { packets: 2 }],
      ['default', { packets: 2 }],
    ]);
  });
});
