import type {
  AgentMessage,
  DesiredInstance,
  DesiredSlice,
  ErrorReport,
  HostFacts,
  HostState,
  SliceReport,
} from '@underware/core';
import { messageKey, openQueues } from '@underware/jobs';
import type { Answers, HostJob, MessageKey, Queues } from '@underware/jobs';
import { randomUUID } from 'node:crypto';

export const FACTS: HostFacts = {
  profile: {
    release: '6.12.0',
    architecture: 'x86_64',
    programTypes: ['xdp', 'sched_cls'],
    mapTypes: ['array', 'percpu_array', 'hash', 'lpm_trie', 'prog_array', 'ringbuf'],
    helpers: {},
    kfuncs: [],
    attach: { xdp: true, tcx: true, trampoline: true },
    btf: true,
    jit: true,
    notes: [],
  },
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
  runtimes: [{ runtime: 'process', description: 'process in its own network namespace' }],
  uplinks: [
    { device: 'uwtup0', mac: '02:00:00:00:00:01', mtu: 1500, addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
  ],
  agentVersion: '0.1.0',
};

export const FAILURE: ErrorReport = {
  code: 'VERIFIER_REJECTED',
  attempted: 'load plugin instance',
  on: 'firewall@0.1.0 on web_port inbound',
  why: 'EACCES: invalid access to packet',
  remedy: 'Read the verifier log',
};

/** Speaks an agent's part of the queue protocol and becomes whatever it is told, or what its script says. */
export class FakeAgent {
  /** Every state it was told, in order. */
  readonly told: HostState[] = [];
  /** What a slice becomes; by default what it should be. */
  script: (slice: DesiredSlice) => SliceReport = ({ service, stage }) => ({ service, stage });
  /** What an instance counted, by verdict. */
  counts: (instance: DesiredInstance) => Record<string, number> = () => ({});
  readonly key: MessageKey;
  /** What it answers when it is asked. */
  readonly answers: Partial<Answers> = {
    logs: async ({ vnf, tail }) => ({ text: `the last ${tail} lines of ${vnf}\n` }),
  };
  private boot = randomUUID();
  private sequence = 0;
  private queues: Queues | undefined;
  private timer: NodeJS.Timeout | undefined;
  private state: HostState | undefined;

  constructor(
    readonly host: { id: string; token: string; queueUrl: string },
    private readonly uplink = 1,
  ) {
    this.key = messageKey(host.token);
  }

  async start(): Promise<void> {
    this.boot = randomUUID();
    this.sequence = 0;
    this.queues = await openQueues(this.host.queueUrl, () => undefined);
    await this.queues.serveHost(this.host.id, this.key, {
      apply: (job) => this.apply(job),
      answers: this.answers,
    });
    await this.say({ type: 'registered', facts: this.facts });
    await this.beat();
    this.timer = setInterval(() => void this.beat(), 150);
  }

  get facts(): HostFacts {
    const addresses = [`192.0.2.${this.uplink}/24`, `2001:db8::${this.uplink}/64`];
    return { ...FACTS, uplinks: FACTS.uplinks.map((each) => ({ ...each, addresses })) };
  }

  /** Is at a generation of which the orchestrator does not know any more, and refuses older ones. */
  async claim(generation: number): Promise<void> {
    if (this.state) this.state = { ...this.state, generation };
    await this.beat();
  }

  /** Falls silent, as a killed agent does. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.queues?.close();
    this.queues = undefined;
  }

  /** What it is now, in words: services by stage. */
  stages(): Record<string, string> {
    return Object.fromEntries((this.state?.slices ?? []).map(({ service, stage }) => [service, stage]));
  }

  /** By default the next thing that it says; another `sequence` is something it said before. */
  async say(message: AgentWords, sequence = (this.sequence += 1)): Promise<void> {
    const { boot } = this;
    const at = new Date().toISOString();
    // While the queue is away an honest agent keeps trying; this one leaves it to the orchestrator's sweep.
    await this.queues
      ?.report({ ...message, host: this.host.id, boot, sequence, at } as AgentMessage, this.key)
      .catch(() => undefined);
  }

  private async apply({ state, generation }: HostJob): Promise<void> {
    this.told.push(state);
    if (this.state && this.state.generation > generation) return;
    const slices = state.slices.map((slice) => this.script(slice));
    this.state = state;
    const at = new Date().toISOString();
    const events = slices.map(({ service, stage }) => ({
      generation,
      service,
      name: `become ${stage}`,
      status: stage === 'failed' ? ('failed' as const) : ('done' as const),
      at,
    }));
    await this.say({ type: 'steps', events });
    await this.say({ type: 'applied', generation, slices });
  }

  private async beat(): Promise<void> {
    const generation = this.state?.generation ?? 0;
    const instances = (this.state?.slices ?? []).flatMap(({ service, slice }) =>
      slice.instances.map((instance) => {
        const { key, underservice, port, hook } = instance;
        const counted = Object.entries(this.counts(instance));
        const verdicts = Object.fromEntries(counted.map(([name, packets]) => [name, { packets, bytes: 0 }]));
        return { key, underservice, service, port, hook, verdicts, maps: {} };
      }),
    );
    await this.say({ type: 'heartbeat', generation, chains: [], instances, workloads: [], foreign: [] });
  }
}

type Words<T> = T extends AgentMessage ? Omit<T, 'host' | 'boot' | 'sequence' | 'at'> : never;
export type AgentWords = Words<AgentMessage>;
