import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { Configuration } from '../configuration.js';
import { LOG } from '../log.js';
import type { Log } from '../log.js';
import { Uptime } from '../uptime.js';
import { Compiler } from './plans/compiler.js';
import { Transitions } from './operations/transitions.js';

/** What `start` opened, for all modules. */
export interface Platform {
  truth: Truth;
  queues: Queues;
  configuration: Configuration;
  log: Log;
  transitions: Transitions;
}

@Module({})
export class PlatformModule {
  static of({ truth, queues, configuration, log, transitions }: Platform): DynamicModule {
    const providers = [
      { provide: Truth, useValue: truth },
      { provide: Queues, useValue: queues },
      { provide: Configuration, useValue: configuration },
      { provide: LOG, useValue: log },
      { provide: Uptime, useValue: new Uptime(Date.now()) },
      { provide: Transitions, useValue: transitions },
      { provide: Compiler, useFactory: () => new Compiler() },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
