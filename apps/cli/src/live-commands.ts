import { DIRECTIONS } from '@underware/core';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { add } from './add-command.js';
import type { Does } from './add-command.js';
import { connections } from './commands/connections.js';
import type { ConnectionsOptions } from './commands/connections.js';
import { editMap, listMaps, readMap } from './commands/maps.js';
import type { Page, Selection } from './commands/maps.js';
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
  add(program, 'connections <instance>', 'what the firewalls of a service let through just now')
    .option('--underservice <name>', 'of one firewall alone')
    .option('--address <address>', 'of either end')
    .option('--port <port>', 'of either end', readNumber)
    .addOption(new Option('--protocol <protocol>', 'of one protocol alone').choices(['tcp', 'udp', 'icmp']))
    .option('--offset <rows>', 'leave out so many', readNumber, 0)
    .option('--limit <rows>', 'at most so many of each host', readNumber, 100)
    .option('--flush', 'forget them: their packets are judged by the rules again', false)
    .option('--all', 'with --flush, where nothing else says which', false)
    .action((instance: string, options: ConnectionsOptions, command: Command) =>
      does(command, (session) => connections(session, instance, options)),
    );
  addMapCommands(program, does);
}

function addMapCommands(program: Command, does: Does): void {
  const map = program
    .command('map')
    .description('the maps of plugin instances, by the names of their fields');
  of(add(map, 'list <instance>', 'which maps there are')).action(
    (instance: string, selection: Selection, command: Command) =>
      does(command, (session) => listMaps(session, instance, selection)),
  );
  of(add(map, 'get <instance> <map> [key]', 'entries of a map, or the one of a key in JSON'))
    .option('--offset <rows>', 'leave out so many', readNumber, 0)
    .option('--limit <rows>', 'at most so many', readNumber, 100)
    .action(
      (
        instance: string,
        name: string,
        key: string | undefined,
        options: Selection & Page,
        command: Command,
      ) => does(command, (session) => readMap(session, instance, name, key, options)),
    );
  of(add(map, 'set <instance> <map> <key> <value>', 'write an entry; key and value are JSON')).action(
    (instance: string, name: string, key: string, value: string, selection: Selection, command: Command) =>
      does(command, (session) => editMap(session, instance, name, key, value, selection)),
  );
  of(add(map, 'delete <instance> <map> <key>', 'delete an entry; of an array, make it zeros')).action(
    (instance: string, name: string, key: string, selection: Selection, command: Command) =>
      does(command, (session) => editMap(session, instance, name, key, undefined, selection)),
  );
}

/** Which plugin instances are meant. */
function of(command: Command): Command {
  return command
    .option('--underservice <name>', 'of this underservice')
    .option('--port <port>', 'of this port')
    .addOption(new Option('--direction <direction>', 'of this direction').choices(DIRECTIONS))
    .option('--instance <key>', 'the plugin instance of this key, or of one that begins so');
}

function readNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}
