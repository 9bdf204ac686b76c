import { Module, type DynamicModule } from '@nestjs/common';
import { clipReport, type Answers } from '@underware/jobs';
import { InstanceMaps, LibbpfKernel, type Kernel } from '@underware/kernel';
import { Caller, HostNetwork } from '@underware/network';
import { ContainerRuntime, ProcessRuntime, type WorkloadRuntime } from '@underware/workload';
import { join } from 'node:path';
import { Agent, type Serve } from './agent.js';
import type { AgentLog } from './agent-log.js';
import { BackendWatch } from './backends/backend-watch.js';
import { BalancerMaps } from './backends/balancer-maps.js';
import type { AgentConfig } from './config.js';
import { DesiredStateStore, type Desired } from './desired-state.js';
import { Executor } from './executor.js';
import { FlowExporter } from './export/flow-exporter.js';
import { fetchPackage } from './fetch-package.js';
import { HealthWatch } from './health-watch.js';
import { Host } from './host.js';
import { FileJournal, Journal } from './journal.js';
import { PackageCache } from './package-cache.js';
import { PacketEvents } from './packet-events.js';
import { Reconciler } from './reconciler.js';
import { Reporter } from './reporter.js';
import { Telemetry } from './telemetry.js';
import { answersOf } from './questions/answers.js';
import { ANSWERS, KERNEL, QUEUE, RUNTIMES, type AgentQueue } from './tokens.js';

export interface AgentOptions {
  config: AgentConfig;
  /** The host's token as enrolling gave it. */
  token: string;
  /** Names this start of the agent. */
  boot: string;
  version: string;
  log: AgentLog;
  queue: AgentQueue;
}

/** Wires the agent; every decision is in the classes. */
@Module({})
export class AgentModule {
  static of({ config, token, boot, version, log, queue }: AgentOptions): DynamicModule {
    const { host, stateDir } = config;
    return {
      module: AgentModule,
      providers: [
        { provide: QUEUE, useValue: queue },
        {
          provide: KERNEL,
          useFactory: () => new LibbpfKernel({ bpffs: config.bpffs, engineObject: config.engineObject }),
        },
        { provide: HostNetwork, useFactory: () => new HostNetwork() },
        { provide: RUNTIMES, useFactory: () => runtimesOf(config) },
        { provide: Journal, useFactory: () => new FileJournal(stateDir) },
        {
          provide: Reporter,
          inject: [QUEUE],
          useFactory: ({ send }: AgentQueue) => new Reporter(host, boot, send, log),
        },
        {
          provide: DesiredStateStore,
          inject: [Reporter],
          useFactory: (reporter: Reporter) =>
            new DesiredStateStore(stateDir, (error) => reporter.audit(error)),
        },
        {
          provide: PackageCache,
          inject: [Reporter, DesiredStateStore],
          useFactory: (reporter: Reporter, store: DesiredStateStore) =>
            new PackageCache(
              stateDir,
              config.trustedKeys,
              (digest) => fetchPackage(config.api, token, digest),
              (error) => reporter.audit(clipReport(error)),
              async () => pluginsOf(await store.read()),
            ),
        },
        {
          provide: Host,
          inject: [KERNEL, HostNetwork, RUNTIMES, PackageCache],
          useFactory: (
            kernel: Kernel,
            network: HostNetwork,
            runtimes: WorkloadRuntime[],
            packages: PackageCache,
          ) => new Host(kernel, network, runtimes, packages, config.uplinks, version, config.devices),
        },
        {
          provide: Executor,
          inject: [Host, Journal, Reporter],
          useFactory: (machine: Host, journal: Journal, reporter: Reporter) =>
            new Executor(machine, journal, (event) => reporter.step(event)),
        },
        {
          provide: Reconciler,
          inject: [Host, Executor, DesiredStateStore, Reporter],
          useFactory: (machine: Host, executor: Executor, store: DesiredStateStore, reporter: Reporter) =>
            new Reconciler(machine, executor, store, (generation, slices) =>
              reporter.applied(generation, slices),
            ),
        },
        {
          provide: BackendWatch,
          inject: [Reconciler, Reporter],
          useFactory: (reconciler: Reconciler, reporter: Reporter) =>
            new BackendWatch(
              new BalancerMaps(new InstanceMaps(config.bpffs)),
              reconciler,
              reporter,
              log,
              (namespace) => new Caller(namespace),
            ),
        },
        {
          provide: Telemetry,
          inject: [Host, PackageCache, Reconciler, Reporter, BackendWatch],
          useFactory: (
            machine: Host,
            packages: PackageCache,
            reconciler: Reconciler,
            reporter: Reporter,
            backends: BackendWatch,
          ) => new Telemetry(machine, packages, reconciler, reporter, backends, log),
        },
        {
          provide: HealthWatch,
          inject: [Host, Reconciler],
          useFactory: (machine: Host, reconciler: Reconciler) => new HealthWatch(machine, reconciler),
        },
        {
          provide: PacketEvents,
          inject: [KERNEL, PackageCache, Reconciler, Reporter],
          useFactory: (kernel: Kernel, packages: PackageCache, reconciler: Reconciler, reporter: Reporter) =>
            new PacketEvents(kernel, packages, reconciler, reporter, log),
        },
        {
          provide: FlowExporter,
          inject: [KERNEL, Reconciler],
          useFactory: (kernel: Kernel, reconciler: Reconciler) => new FlowExporter(kernel, reconciler, log),
        },
        {
          provide: ANSWERS,
          inject: [Host, Reconciler],
          useFactory: (machine: Host, reconciler: Reconciler) =>
            answersOf({
              host: machine,
              maps: new InstanceMaps(config.bpffs),
              slices: async () => {
                const desired = await reconciler.desired();
                return [...(desired?.accepted.slices ?? []), ...(desired?.target.slices ?? [])];
              },
            }),
        },
        {
          provide: Agent,
          inject: [
            Host,
            Reconciler,
            Reporter,
            Telemetry,
            HealthWatch,
            BackendWatch,
            PacketEvents,
            FlowExporter,
            Journal,
            ANSWERS,
            QUEUE,
          ],
          useFactory: (
            machine: Host,
            reconciler: Reconciler,
            reporter: Reporter,
            telemetry: Telemetry,
            healthWatch: HealthWatch,
            backendWatch: BackendWatch,
            packetEvents: PacketEvents,
            flowExporter: FlowExporter,
            journal: Journal,
            answers: Answers,
            { serve }: { serve: Serve },
          ) =>
            new Agent(
              machine,
              reconciler,
              reporter,
              telemetry,
              healthWatch,
              backendWatch,
              packetEvents,
              flowExporter,
              journal,
              answers,
              serve,
              log,
            ),
        },
      ],
    };
  }
}

function pluginsOf(desired: Desired | undefined): Set<string> | undefined {
  if (!desired) return undefined;
  const states = [desired.accepted, desired.target];
  const used = states.flatMap(({ slices }) => slices.flatMap(({ slice }) => slice.instances));
  const held = states.flatMap((state) => state.held ?? []);
  return new Set([...used, ...held].map(({ plugin }) => plugin.digest));
}

function runtimesOf({ stateDir, containerSocket }: AgentConfig): WorkloadRuntime[] {
  const processes = new ProcessRuntime({ stateDir: join(stateDir, 'processes') });
  return containerSocket === undefined
    ? [processes]
    : [new ContainerRuntime({ socket: containerSocket }), processes];
}
