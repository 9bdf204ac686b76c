import { Inject, Injectable } from '@nestjs/common';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';

/** Tells hosts what they must be. Never fails its caller: the truth holds it, and the sweep tells again. */
@Injectable()
export class Dispatcher {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async dispatch(hosts: string[]): Promise<void> {
    for (const host of hosts) {
      try {
        await this.tell(host);
      } catch (error) {
        this.log.warn({ error, host }, 'cannot tell a host what it must be; the sweep will');
      }
    }
  }

  private async tell(id: string): Promise<void> {
    const host = await this.truth.hosts.find(id);
    const key = await this.truth.hosts.messageKey(id);
    if (!host?.desired || !key) return;
    const { generation, state } = host.desired;
    await this.queues.dispatchHost({ host: id, generation, state }, host.boot ?? 'none', key);
    await this.truth.hosts.markDispatched(id, new Date());
  }
}
