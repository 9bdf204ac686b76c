import { afterAll, beforeAll, expect } from '@jest/globals';
import { describeKernel, itKernel, NetnsLab, receiveTraffic, startTraffic, waitFor } from './index.js';
import type { NetnsHost, TrafficReceiver, TrafficSpec } from './index.js';

describeKernel('traffic generator', () => {
  let lab: NetnsLab;
  let sender: NetnsHost;
  let receiver: TrafficReceiver;
  let spec: TrafficSpec;

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-gen-' });
    sender = await lab.addHost('sender');
    const far = await lab.addHost('far');
    await lab.cable({ host: sender, device: 'eth0' }, { host: far, device: 'eth0' });
    receiver = await receiveTraffic(far, 'eth0');
    const { mac } = await far.device('eth0');
    spec = { device: 'eth0', destinationMac: mac, source: '10.0.0.1', destination: '10.0.0.2' };
  });

  afterAll(async () => {
    await receiver?.close();
    await lab?.destroy();
  });

  itKernel('delivers every frame it says it sent', async () => {
    const before = await receiver.received();
    // No more than the wire can hold, however busy the machine is.
    const traffic = await startTraffic(sender, { ...spec, frames: 200 });
    const { frames } = await traffic.done;
    expect(frames).toBe(200);
    await waitFor('all frames', async () => (await receiver.received()).packets - before.packets >= frames);
    const after = await receiver.received();
    expect(after.bytes - before.bytes).toBe(60 * frames);
  });

  itKernel('goes as fast as it can where no pace is given', async () => {
    const before = await receiver.received();
    const traffic = await startTraffic(sender, { ...spec, frames: 2_000_000, flows: 16 });
    const { frames, seconds } = await traffic.done;
    expect(frames).toBe(2_000_000);
    expect(frames / seconds).toBeGreaterThan(200_000);
    expect((await receiver.received()).packets - before.packets).toBeGreaterThan(frames / 2);
  });

  itKernel('keeps a pace and stops when told to', async () => {
    const before = await receiver.received();
    const traffic = await startTraffic(sender, { ...spec, packetsPerSecond: 100_000, flows: 16 });
    await waitFor('20,000 frames', async () => (await receiver.received()).packets - before.packets > 20_000);
    const { frames, seconds } = await traffic.stop();
    expect(frames / seconds).toBeLessThan(110_000);
    expect((await receiver.received()).packets - before.packets).toBeLessThanOrEqual(frames);
  });

  itKernel('says why it could not send', async () => {
    const traffic = startTraffic(sender, { ...spec, device: 'eth0', frameBytes: 8, frames: 1 });
    await expect(traffic.then(({ done }) => done)).rejects.toMatchObject({ code: 'BPF_FAILED' });
  });
});
