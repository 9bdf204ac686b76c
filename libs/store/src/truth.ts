import 'reflect-metadata';
import { UnderwareError } from '@underware/core';
import { MIGRATIONS } from '@underware/migrations';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ApiTokens, AuditTrail } from './audit-trail.js';
import { ChangeFeed } from './change-feed.js';
import type { Change } from './change-feed.js';
import { Descriptors } from './descriptors.js';
import { ApiTokenRow, AuditRow } from './entities/audit.entity.js';
import { DescriptorRow } from './entities/descriptor.entity.js';
import { HostDesiredRow, HostReportRow, HostRow, HostTelemetryRow } from './entities/host.entity.js';
import { OperationRow, StepEventRow } from './entities/operation.entity.js';
import { PluginRow } from './entities/plugin.entity.js';
import { PlanRow, ServiceChangeRow, ServiceInstanceRow } from './entities/service-instance.entity.js';
import { Assignments } from './assignments.js';
import { Hosts } from './hosts.js';
import { Operations } from './operations.js';
import { PacketEvents } from './packet-events.js';
import { Plugins } from './plugins.js';
import { Residency } from './residency.js';
import { Retention } from './retention.js';
import { ServiceInstances } from './service-instances.js';

/** Advisory locks of the truth's database, by what they guard. */
const LOCKS = { migrations: 8_640_001, planning: 8_640_002 } as const;

/** The aggregates within one transaction, or outside of any. */
export class Records {
  readonly descriptors: Descriptors;
  readonly plugins: Plugins;
  readonly hosts: Hosts;
  readonly instances: ServiceInstances;
  readonly operations: Operations;
  readonly audit: AuditTrail;
  readonly tokens: ApiTokens;
  readonly packetEvents: PacketEvents;
  readonly retention: Retention;
  readonly residency: Residency;
  readonly assignments: Assignments;

  constructor(protected readonly manager: EntityManager) {
    this.descriptors = new Descriptors(manager);
    this.plugins = new Plugins(manager);
    this.hosts = new Hosts(manager);
    this.instances = new ServiceInstances(manager);
    this.operations = new Operations(manager);
    this.audit = new AuditTrail(manager);
    this.tokens = new ApiTokens(manager);
    this.packetEvents = new PacketEvents(manager);
    this.retention = new Retention(manager);
    this.residency = new Residency(manager);
    this.assignments = new Assignments(manager);
  }

  /** Tells every process that follows the changes; within a transaction, when it commits. */
  async announce(change: Change): Promise<void> {
    await this.manager.query('SELECT pg_notify($1, $2)', [ChangeFeed.CHANNEL, JSON.stringify(change)]);
  }

  /** One planning at a time, so that no capacity is given away twice. Held until the transaction ends. */
  async lockPlanning(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.planning]);
  }
}

/** The truth: the orchestrator's database. */
export class Truth extends Records {
  constructor(
    private readonly source: DataSource,
    private readonly url: string,
  ) {
    super(source.manager);
  }

  async transaction<T>(run: (records: Records) => Promise<T>): Promise<T> {
    return this.source.transaction((manager) => run(new Records(manager)));
  }

  /** Follows what `announce` tells, from all processes. */
  async follow(onChange: (change: Change) => void, onError: (error: Error) => void): Promise<ChangeFeed> {
    const feed = new ChangeFeed(this.url, onChange, onError);
    await feed.start();
    return feed;
  }

  async close(): Promise<void> {
    await this.source.destroy();
  }
}

/** Connects to the truth and brings its schema up to date; several processes that start at once take turns. */
export async function openTruth(url: string): Promise<Truth> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: [
      ApiTokenRow,
      AuditRow,
      DescriptorRow,
      HostDesiredRow,
      HostReportRow,
      HostRow,
      HostTelemetryRow,
      OperationRow,
      PlanRow,
      PluginRow,
      ServiceChangeRow,
      ServiceInstanceRow,
      StepEventRow,
    ],
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize: 10,
    connectTimeoutMS: 5_000,
    extra: { keepAlive: true },
  });
  try {
    await source.initialize();
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'TIMED_OUT',
        attempted: 'connect to the database',
        on: 'Postgres',
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Start the server or correct UNDERWARE_DATABASE_URL',
      },
      { cause },
    );
  }
  const guard = source.createQueryRunner();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [LOCKS.migrations]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await guard.query('SELECT pg_advisory_unlock($1)', [LOCKS.migrations]);
    await guard.release();
  }
  return new Truth(source, url);
}
