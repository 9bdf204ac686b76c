import { afterEach, expect } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';

/** What the kernel allows: a root and 33 tail calls. */
const DEEPEST_CHAIN = 33;
/** Where mark.bpf.c keeps its trail: behind Ethernet, IPv4 and UDP. */
const TRAIL_OFFSET = 42;

const packet = buildPacket(
  { protocol: 'udp', source: '10.0.0.1', destination: '10.0.0.2', payloadBytes: 64 },
  { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' },
);

for (const [root, mark] of [
  ['uw_root_xdp', 'mark_xdp'],
  ['uw_root_tcx', 'mark_tcx'],
] as const) {
  describeKernel(`chain of ${root}`, () => {
    const loaded: PluginInstance[] = [];

    afterEach(() => {
      for (const instance of loaded.splice(0)) instance.close();
    });

    async function load(object: string, program: string, config?: object): Promise<PluginInstance> {
      const instance = await PluginInstance.load(
        object,
        program,
        config && { rodata: { mark_config: { ...config } } },
      );
      loaded.push(instance);
      return instance;
    }

    /** A root and one instance for each config, linked in order. */
    async function chain(...configs: object[]): Promise<PluginInstance[]> {
      const nodes = [await load('root', root)];
      for (const config of configs) {
        const instance = await load('mark', mark, config);
        await nodes.at(-1)?.setNext(instance);
        nodes.push(instance);
      }
      return nodes;
    }

    itKernel('passes what an empty chain gets', async () => {
      const [first] = await chain();
      expect(await first?.run(packet)).toEqual({ verdict: 'pass', packet: Buffer.from(packet) });
    });

    itKernel('runs three instances in order and each counts its verdict', async () => {
      const [first, ...instances] = await chain({ mark: 1 }, { mark: 2 }, { mark: 3 });
      expect(await trail(first)).toEqual([1, 2, 3]);
      for (const instance of instances) {
        expect((await instance.verdicts()).pass).toEqual({ packets: 1, bytes: packet.length });
      }
    });

    itKernel('ends at a drop, which those behind never see', async () => {
      const [first, a, b, c] = await chain({ mark: 1 }, { mark: 2, stop: 1 }, { mark: 3 });
      expect((await first?.run(packet))?.verdict).toBe('drop');
      expect((await a?.verdicts())?.pass.packets).toBe(1);
      expect((await b?.verdicts())?.drop).toEqual({ packets: 1, bytes: packet.length });
      expect((await c?.verdicts())?.pass.packets).toBe(0);
    });

    itKernel('takes an instance in and out with one update each', async () => {
      const [first, a, b] = await chain({ mark: 1 }, { mark: 2 });
      const inserted = await load('mark', mark, { mark: 9 });
      await inserted.setNext(b ?? null);
      expect(await trail(first)).toEqual([1, 2]);
      await a?.setNext(inserted);
      expect(await trail(first)).toEqual([1, 9, 2]);
      await a?.setNext(b ?? null);
      expect(await trail(first)).toEqual([1, 2]);
      await a?.setNext(null);
      expect(await trail(first)).toEqual([1]);
    });

    itKernel('loses no packet while an instance is replaced under load', async () => {
      const [first, a, b, last] = await chain({ mark: 1 }, { mark: 2 }, { mark: 3 });
      const successor = await load('mark', mark, { mark: 4 });
      await successor.setNext(last ?? null);
      const packets = 2_000_000;
      const flood = { running: true };
      const flooded = first?.program.testRun({ data: packet, repeat: packets }).finally(() => {
        flood.running = false;
      });
      let swaps = 0;
      while (flood.running) {
        await nextTurn();
        await a?.setNext((swaps++ % 2 === 0 ? successor : b) ?? null);
      }
      await flooded;
      const [old, fresh, end] = await Promise.all([b, successor, last].map((node) => node?.verdicts()));
      expect(swaps).toBeGreaterThan(100);
      expect(fresh?.pass.packets).toBeGreaterThan(0);
      expect(old?.pass.packets).toBeGreaterThan(0);
      expect((old?.pass.packets ?? 0) + (fresh?.pass.packets ?? 0)).toBe(packets);
      expect(end?.pass.packets).toBe(packets);
    });

    itKernel('is 33 instances deep; what is behind is not reached and the packet passes', async () => {
      const marks = Array.from({ length: DEEPEST_CHAIN + 1 }, (_, i) => ({ mark: i + 1 }));
      const [first, ...instances] = await chain(...marks);
      expect(await trail(first)).toEqual(marks.slice(0, DEEPEST_CHAIN).map(({ mark: number }) => number));
      expect((await first?.run(packet))?.verdict).toBe('pass');
      expect((await instances.at(-1)?.verdicts())?.pass.packets).toBe(0);
    });
  });
}

/** The marks of the instances that a packet went through, in order. */
async function trail(from: PluginInstance | undefined): Promise<number[]> {
  const out = (await from?.run(packet))?.packet ?? new Uint8Array();
  return [...out.subarray(TRAIL_OFFSET + 1, TRAIL_OFFSET + 1 + (out[TRAIL_OFFSET] ?? 0))];
}
