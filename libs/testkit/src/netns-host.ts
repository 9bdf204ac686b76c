import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { UnderwareError } from '@underware/core';
import { runCommand } from './command.js';
import type { CommandResult } from './command.js';

export interface NetworkDevice {
  name: string;
  ifindex: number;
  mac: string;
  mtu: number;
}

/** A network namespace that plays a host: it has its own devices, routes and BPF file system, and shares the rest. */
export class NetnsHost {
  /** Name within its lab. */
  readonly name: string;
  readonly namespace: string;
  readonly namespacePath: string;
  /** Mount point of its own BPF file system; visible from everywhere on the machine. */
  readonly bpffs: string;

  constructor(name: string, namespace: string, bpffs: string) {
    this.name = name;
    this.namespace = namespace;
    this.namespacePath = `/run/netns/${namespace}`;
    this.bpffs = bpffs;
  }

  /**
   * The command line that runs `argv` in this host's network. nsenter and not `ip netns exec`, which mounts a fresh
   * /sys and so hides every BPF file system.
   */
  commandLine(argv: readonly string[]): string[] {
    return ['nsenter', `--net=${this.namespacePath}`, '--', ...argv];
  }

  /** Runs a program to its end; failing throws, with its standard error. */
  run(argv: readonly string[], options: { timeoutMs?: number; input?: string } = {}): Promise<CommandResult> {
    return runCommand(this.commandLine(argv), options);
  }

  /** Starts a program and leaves it running; nsenter becomes it, so the child's pid is the program's. */
  spawn(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [file = '', ...args] = this.commandLine(argv);
    return spawn(file, args, options);
  }

  ip(...args: string[]): Promise<CommandResult> {
    return runCommand(['ip', '-n', this.namespace, ...args]);
  }

  async device(name: string): Promise<NetworkDevice> {
    const { stdout } = await this.ip('-json', 'link', 'show', 'dev', name);
    const [link] = JSON.parse(stdout) as { ifindex: number; address: string; mtu: number }[];
    if (link === undefined) {
      throw new UnderwareError({
        code: 'DEVICE_MISSING',
        attempted: 'look up a device',
        on: `${name} of ${this.namespace}`,
        why: 'it is not there',
        remedy: 'Create it first',
      });
    }
    return { name, ifindex: link.ifindex, mac: link.address, mtu: link.mtu };
  }

  /** Whether the device is up and its other end too. */
  async hasCarrier(device: string): Promise<boolean> {
    const { stdout } = await this.ip('-json', 'link', 'show', 'dev', device);
    return (JSON.parse(stdout) as { operstate: string }[])[0]?.operstate === 'UP';
  }

  /** Sets network settings by their path below /proc/sys/net, which shows those of the namespace that opens it. */
  async setSysctls(values: Record<string, string>): Promise<void> {
    const script = Object.keys(values).map((key, i) => `printf %s "$${i + 1}" > /proc/sys/net/${key}`);
    await this.run(['sh', '-ec', script.join('\n'), 'sh', ...Object.values(values)]);
  }

  /** Lets it route between its devices. */
  enableForwarding(): Promise<void> {
    return this.setSysctls({ 'ipv4/ip_forward': '1', 'ipv6/conf/all/forwarding': '1' });
  }
}
