import { Module } from '@nestjs/common';
import { OperationsModule } from '../operations/operations.module.js';
import { ServiceInstancesController, ServiceTreesController } from './service-instances.controller.js';
import { ServiceInstancesService } from './service-instances.service.js';
import { ServiceTreeService } from './service-tree.service.js';

@Module({
  imports: [OperationsModule],
  controllers: [ServiceInstancesController, ServiceTreesController],
  providers: [ServiceInstancesService, ServiceTreeService],
})
export class ServiceInstancesModule {}
