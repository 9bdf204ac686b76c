import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { HostsGuard } from './http/hosts-guard.js';
import { LocatedInterceptor } from './http/located.interceptor.js';
import { AuditInterceptor } from './modules/audit/audit.interceptor.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { CapturesModule } from './modules/captures/captures.module.js';
import { ConnectionsModule } from './modules/connections/connections.module.js';
import { DescriptorsModule } from './modules/descriptors/descriptors.module.js';
import { EventsModule } from './modules/events/events.module.js';
import { FlowsModule } from './modules/flows/flows.module.js';
import { HostsModule } from './modules/hosts/hosts.module.js';
import { LogsModule } from './modules/logs/logs.module.js';
import { MapsModule } from './modules/maps/maps.module.js';
import { MetricsModule } from './modules/metrics/metrics.module.js';
import { OperationsModule, OperationWorkerModule } from './modules/operations/operations.module.js';
import { PacketEventsModule } from './modules/packet-events/packet-events.module.js';
import { PlansModule } from './modules/plans/plans.module.js';
import { PlatformModule } from './modules/platform.module.js';
import type { Platform } from './modules/platform.module.js';
import { PluginsModule } from './modules/plugins/plugins.module.js';
import { ResidencyModule } from './modules/residency/residency.module.js';
import { ServiceInstancesModule } from './modules/service-instances/service-instances.module.js';
import { TracesModule } from './modules/traces/traces.module.js';
import { UpgradesModule } from './modules/upgrades/upgrades.module.js';
import { VersionsModule } from './modules/versions/versions.module.js';

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** Everything the API serves. */
export const API_MODULES = [
  AuditModule,
  CapturesModule,
  ConnectionsModule,
  DescriptorsModule,
  EventsModule,
  FlowsModule,
  HostsModule,
  LogsModule,
  MapsModule,
  MetricsModule,
  OperationsModule,
  PacketEventsModule,
  PlansModule,
  PluginsModule,
  ResidencyModule,
  ServiceInstancesModule,
  TracesModule,
  UpgradesModule,
  VersionsModule,
];

/** The roots over the same modules: the API, the worker, or both in one process. */
@Module({})
export class AppModule {
  static of(role: Role, platform: Platform): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.of(platform),
        ...(role === 'worker' ? [] : API_MODULES),
        ...(role === 'api' ? [] : [OperationWorkerModule]),
      ],
      providers: [
        { provide: APP_GUARD, useClass: HostsGuard },
        // The outer one first: it sees what the inner one made of the result.
        { provide: APP_INTERCEPTOR, useClass: LocatedInterceptor },
        { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
      ],
    };
  }
}
