import { Module } from '@nestjs/common';
import { HostsModule } from '../hosts/hosts.module.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({ imports: [HostsModule], controllers: [MetricsController], providers: [MetricsService] })
export class MetricsModule {}
