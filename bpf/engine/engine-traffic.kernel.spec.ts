import { afterAll, beforeAll, expect } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  attachInHost,
  describeKernel,
  itKernel,
  NetnsLab,
  PluginInstance,
  startTraffic,
} from '@underware/testkit';
import type { Attachment } from '@underware/testkit';

const FRAMES = 2_000_000;
/** Frames of the sender's own stack, such as neighbour discovery, which `receive` does not count. */
const LINK_CHATTER = 50;

describeKernel('chain under live traffic', () => {
  let lab: NetnsLab;
  let attachment: Attachment;
  const loaded: PluginInstance[] = [];

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-chain-' });
  });

  afterAll(async () => {
    await attachment?.detach();
    for (const instance of loaded) instance.close();
    await lab?.destroy();
  });

  async function load(object: string, program: string): Promise<PluginInstance> {
    const instance = await PluginInstance.load(object, program);
    loaded.push(instance);
    return instance;
  }

  itKernel('delivers every frame while an instance is replaced again and again', async () => {
    const [sender, receiver] = [await lab.addHost('sender'), await lab.addHost('receiver')];
    await lab.cable({ host: sender, device: 'eth0' }, { host: receiver, device: 'eth0' });
    const [root, first] = [await load('root', 'uw_root_xdp'), await load('mark', 'mark_xdp')];
    const [old, fresh] = [await load('mark', 'mark_xdp'), await load('mark', 'mark_xdp')];
    // At the end of the chain: counts what came through.
    const end = await load('generator', 'receive');
    for (const instance of [old, fresh]) await instance.setNext(end);
    await first.setNext(old);
    await root.setNext(first);
    attachment = await attachInHost(receiver, 'eth0', 'xdp', root.program);

    const { mac } = await receiver.device('eth0');
    const traffic = await startTraffic(sender, {
      device: 'eth0',
      destinationMac: mac,
      source: '10.0.0.1',
      destination: '10.0.0.2',
      frames: FRAMES,
    });
    const flood = { running: true };
    const sent = traffic.done.finally(() => {
      flood.running = false;
    });
    let swaps = 0;
    while (flood.running) {
      await first.setNext(swaps++ % 2 === 0 ? fresh : old);
      await nextTurn();
    }
    await sent;
    expect(swaps).toBeGreaterThan(100);
    // The wire may lose frames on a busy machine; the chain may not: what entered it came out of it.
    const received = async (): Promise<number> => (await end.counters('received'))[0]?.packets ?? 0;
    const others = (await passed(first)) - (await received());
    expect(await received()).toBeGreaterThan(FRAMES / 2);
    expect((await passed(old)) + (await passed(fresh))).toBe(await passed(first));
    expect(others).toBeLessThan(LINK_CHATTER);
    for (const instance of [old, fresh]) expect(await passed(instance)).toBeGreaterThan(FRAMES / 100);
  });
});

async function passed(instance: PluginInstance): Promise<number> {
  return (await instance.verdicts()).pass.packets;
}
