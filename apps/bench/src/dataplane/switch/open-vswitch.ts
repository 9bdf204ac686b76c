import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import { STATIONS } from './scene.js';
import type { Switch } from './switches.js';

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';
const DATAPATH_MS = 20_000;

/**
 * Open vSwitch with its datapath in user space and ports of AF_XDP, its fastest without the kernel's module: a thread of its
 * own polls them, on another CPU than the one that sends.
 */
export async function switchByOpenVswitch(host: NetnsHost): Promise<Switch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'uwb-ovs-'));
  const at = (name: string): string => path.join(folder, name);
  const env = ['env', ...['RUN', 'DB', 'SYSCONF', 'LOG'].map((kind) => `OVS_${kind}DIR=${folder}`)];
  const daemons: ChildProcess[] = [];
  const start = (...argv: string[]): void =>
    void daemons.push(host.spawn([...env, ...argv], { stdio: 'ignore' }));
  const configure = (...argv: string[]) =>
    host.run([...env, 'ovs-vsctl', `--db=unix:${at('db.sock')}`, '--timeout=10', ...argv]);
  const remove = async (): Promise<void> => {
    for (const daemon of daemons.toReversed()) {
      const ended = once(daemon, 'exit');
      daemon.kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await host.run([...env, 'ovsdb-tool', 'create', at('conf.db'), SCHEMA]);
    start('ovsdb-server', at('conf.db'), `--remote=punix:${at('db.sock')}`, `--unixctl=${at('db.ctl')}`);
    start('ovs-vswitchd', `unix:${at('db.sock')}`, `--unixctl=${at('switch.ctl')}`);
    await configure('--retry', '--no-wait', 'init');
    await configure('add-br', 'uwb0', '--', 'set', 'bridge', 'uwb0', 'datapath_type=netdev');
    for (const { name } of Object.values(STATIONS)) {
      const port = ['set', 'interface', name, 'type=afxdp', 'options:xdp-mode=native'];
      await configure('add-port', 'uwb0', name, '--', ...port);
    }
    await waitFor(
      'the ports of Open vSwitch',
      async () => {
        const { stdout } = await host.run([...env, 'ovs-appctl', '-t', at('switch.ctl'), 'dpif/show']);
        return Object.values(STATIONS).every(({ name }) => stdout.includes(`${name} `));
      },
      { deadlineMs: DATAPATH_MS },
    );
    return { remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
