import { Module } from '@nestjs/common';
import { PacketEventsController } from './packet-events.controller.js';
import { PacketEventsService } from './packet-events.service.js';

@Module({
  controllers: [PacketEventsController],
  providers: [PacketEventsService],
  exports: [PacketEventsService],
})
export class PacketEventsModule {}
