import type { Log } from '../../log.js';
import { Transitions } from './transitions.js';
import type { Transition } from './transitions.js';

export class LoggedTransitions extends Transitions {
  constructor(private readonly log: Log) {
    super();
  }

  record({ point, ...transition }: Transition): void {
    if (point === 'committed') this.log.info(transition, 'operation moved');
  }
}
