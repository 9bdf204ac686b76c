import { Module } from '@nestjs/common';
import { HostsModule } from '../hosts/hosts.module.js';
import { OperationsModule } from '../operations/operations.module.js';
import { PacketEventsModule } from '../packet-events/packet-events.module.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [OperationsModule, HostsModule, PacketEventsModule],
  controllers: [EventsController],
  providers: [EventsService],
})
export class EventsModule {}
