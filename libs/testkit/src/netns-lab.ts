import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command.js';
import { NetnsHost } from './netns-host.js';
import { sweep } from './sweep.js';
import { waitFor } from './wait-for.js';

export interface LabOptions {
  /** Begins the name of every namespace; nobody else's may begin with it. */
  prefix: string;
  /** Holds a folder with the BPF file system of each host. Default: /run/underware/<prefix>. */
  directory?: string;
}

/** One end of a cable. */
export interface CableEnd {
  host: NetnsHost;
  /** Name inside the host. */
  device: string;
  /** CIDR. */
  addresses?: string[];
  mac?: string;
}

/**
 * Hosts made of network namespaces, and the cables between them. All devices live inside the namespaces, so that they
 * go with them; the machine's own network is not touched.
 */
export class NetnsLab {
  readonly prefix: string;
  readonly directory: string;
  private readonly hosts = new Map<string, NetnsHost>();

  private constructor(options: LabOptions) {
    this.prefix = options.prefix;
    this.directory = options.directory ?? path.join('/run/underware', options.prefix);
  }

  /** An empty lab; what an earlier one of the same prefix left behind is removed first. */
  static async create(options: LabOptions): Promise<NetnsLab> {
    const lab = new NetnsLab(options);
    await lab.destroy();
    return lab;
  }

  async addHost(name: string): Promise<NetnsHost> {
    const bpffs = path.join(this.directory, name, 'bpf');
    const host = new NetnsHost(name, `${this.prefix}${name}`, bpffs);
    await mkdir(bpffs, { recursive: true });
    await runCommand(['mount', '-t', 'bpf', 'bpf', bpffs]);
    await runCommand(['ip', 'netns', 'add', host.namespace]);
    // Duplicate address detection would keep addresses unusable for a second; here nobody else can hold them.
    await host.setSysctls({ 'ipv6/conf/default/accept_dad': '0', 'ipv6/conf/all/accept_dad': '0' });
    await host.ip('link', 'set', 'lo', 'up');
    this.hosts.set(name, host);
    return host;
  }

  host(name: string): NetnsHost | undefined {
    return this.hosts.get(name);
  }

  /** A veth pair between two hosts, both ends up and addressed. */
  async cable(a: CableEnd, b: CableEnd): Promise<void> {
    const peer = ['peer', 'name', b.device, ...macOf(b), 'netns', b.host.namespace];
    await a.host.ip('link', 'add', a.device, ...macOf(a), 'type', 'veth', ...peer);
    for (const end of [a, b]) {
      for (const address of end.addresses ?? []) {
        await end.host.ip(
          'address',
          'add',
          address,
          'dev',
          end.device,
          ...(address.includes(':') ? ['nodad'] : []),
        );
      }
      await end.host.ip('link', 'set', end.device, 'up');
      // Frames that are redirected in XDP reach a device that polls, as network cards do.
      await end.host.run(['ethtool', '-K', end.device, 'gro', 'on']);
    }
    // The kernel notices the carrier a moment later; until then it drops what is sent.
    for (const end of [a, b])
      await waitFor(`carrier on ${end.device}`, () => end.host.hasCarrier(end.device));
  }

  /** A switch in a namespace of its own, with a cable to every end. */
  async addFabric(name: string, ends: readonly CableEnd[]): Promise<NetnsHost> {
    const fabric = await this.addHost(name);
    await fabric.ip('link', 'add', 'bridge', 'type', 'bridge');
    await fabric.ip('link', 'set', 'bridge', 'up');
    for (const [i, end] of ends.entries()) {
      const port = `port${i}`;
      await this.cable(end, { host: fabric, device: port });
      await fabric.ip('link', 'set', port, 'master', 'bridge');
    }
    return fabric;
  }

  /** Removes everything of this lab's prefix, whoever made it. */
  async destroy(): Promise<void> {
    this.hosts.clear();
    await sweep({ prefix: this.prefix, directory: this.directory });
  }
}

function macOf(end: CableEnd): string[] {
  return end.mac === undefined ? [] : ['address', end.mac];
}
