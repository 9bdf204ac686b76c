import { DIRECTIONS } from '@underware/core';
import { Option } from 'commander';
import type { Command } from 'commander';
import { add } from './add-command.js';
import type { Does } from './add-command.js';
import { trace } from './commands/trace.js';
import type { TraceOptions } from './commands/trace.js';

/** What asks hosts about what is in their kernels now. */
export function addLiveCommands(program: Command, does: Does): void {
  add(program, 'trace <packet...>', "what a port's chain does with a packet, hop by hop; nothing is sent")
    .requiredOption('--port <service/port>', 'where the packet is met')
    .option('--service <instance>', 'whose port it is, where --port is a port alone')
    .addOption(
      new Option('--direction <direction>', 'to the owner of the port, or from it')
        .choices(DIRECTIONS)
        .default('inbound'),
    )
    .option('--destination-mac <address>', 'Ethernet address that it is sent to')
    .action((words: string[], options: TraceOptions, command: Command) =>
      does(command, (session) => trace(session, words, options)),
    );
}
