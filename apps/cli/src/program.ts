import { ORDER_CLASSES } from '@underware/core';
import type { MapRole, OperationAction } from '@underware/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { capture } from './commands/capture.js';
import type { CaptureOptions } from './commands/capture.js';
import { deploy } from './commands/deploy.js';
import { flows } from './commands/flows.js';
import { importFile } from './commands/import-program.js';
import type { ImportFlags } from './commands/import-program.js';
import { printInventory } from './commands/inventory.js';
import { planFile } from './commands/plan.js';
import type { PlanOptions } from './commands/plan.js';
import { checkKernels, printProfile } from './commands/preflight.js';
import { validateFiles } from './commands/validate.js';
import { act, events, listOperations, showOperation } from './commands/operations.js';
import type { EventsOptions } from './commands/operations.js';
import { explainResidency, setResidency, simulateResidency } from './commands/residency.js';
import {
  addHosts,
  addPlugins,
  listHosts,
  listPlugins,
  makeKey,
  removeHost,
  removePlugin,
} from './commands/resources.js';
import { listInstances, logs, remove, show, terminate, watch } from './commands/services.js';
import { update } from './commands/update.js';
import type { UpdateOptions } from './commands/update.js';
import { upgrade } from './commands/upgrade.js';
import type { UpgradeOptions } from './commands/upgrade.js';
import { collectInput, collectLabel } from './inputs.js';
import { add, JSON_OPTION } from './add-command.js';
import type { Does } from './add-command.js';
import { addLiveCommands } from './live-commands.js';
import type { Session } from './session.js';

/** Runs what a well-formed command line asks for. */
export type Run = (json: boolean, work: (session: Session) => Promise<void>) => Promise<void>;

const INPUT_OPTION = ['--input <name=value>', 'value of an input of the descriptor: JSON, or text'] as const;

const ACTIONS: Record<OperationAction, string> = {
  retry: 'try a failed operation again from where it stopped',
  rollback: 'take back what a failed operation did',
  fail: 'give a failed operation up and leave things as they are',
};

/** The command line of `underware`. */
export function buildProgram(run: Run): Command {
  const program = new Command('underware')
    .description('Deploys services: network functions, and the kernel plugins beneath them.')
    .option(...JSON_OPTION)
    .showHelpAfterError('(underware COMMAND --help says more)');
  // Options of a command and of the program as a whole, so that --json may stand on either side of its name.
  const does = (command: Command, work: (session: Session) => Promise<void>): Promise<void> =>
    run(command.optsWithGlobals<{ json?: boolean }>().json === true, work);

  addFileCommands(program, does);
  addServiceCommands(program, does);
  addLiveCommands(program, does);
  addOperationCommands(program, does);
  addResourceCommands(program, does);
  addResidencyCommands(program, does);
  program
    .command('commands', { hidden: true })
    .action((_options, command: Command) =>
      does(command, async ({ terminal }) => terminal.out(commandList(program))),
    );
  return program;
}

function addFileCommands(program: Command, does: Does): void {
  add(program, 'validate <file...>', 'check descriptors; needs no orchestrator').action(
    (files: string[], _options, command: Command) =>
      does(command, (session) => validateFiles(session, files)),
  );
  add(program, 'plan <file>', 'show what deploying would do, and why')
    .option(...INPUT_OPTION, collectInput, {})
    .option('--inventory <file>', 'plan without an orchestrator, on what `inventory` printed')
    .addOption(
      new Option(
        '--instance <instance>',
        'what would change of a running one: + added, ~ changed, ↻ replaced in place, - removed',
      ).conflicts('inventory'),
    )
    .option('--graph', 'print the service graph with its placement for Graphviz (dot)', false)
    .option('--explain', 'every rejected host with its reason, and how far the plan is from the best', false)
    .action((file: string, options: PlanOptions, command: Command) => {
      if (options.graph && command.optsWithGlobals<{ json?: boolean }>().json === true)
        command.error('error: --graph and --json are two forms: give one of them');
      return does(command, (session) => planFile(session, file, options));
    });
  add(program, 'deploy <file>', 'deploy a service and wait until it runs')
    .option(...INPUT_OPTION, collectInput, {})
    .option('--name <name>', 'name of the service instance')
    .action((file: string, options: { input: Record<string, unknown>; name?: string }, command: Command) =>
      does(command, (session) => deploy(session, file, options)),
    );
}

function addServiceCommands(program: Command, does: Does): void {
  add(
    program,
    'update <instance> <file>',
    'make a service that runs what a descriptor says, and wait until it is',
  )
    .option(...INPUT_OPTION, collectInput, {})
    .option('--dry-run', 'show what would change: + added, ~ changed, ↻ replaced in place, - removed', false)
    .action((id: string, file: string, options: UpdateOptions, command: Command) =>
      does(command, (session) => update(session, id, file, options)),
    );
  add(program, 'instances', 'list service instances').action((_options, command: Command) =>
    does(command, listInstances),
  );
  add(program, 'show <instance>', 'a service instance as a tree, with chains and counters').action(
    (id: string, _options, command: Command) => does(command, (session) => show(session, id)),
  );
  add(program, 'watch <instance>', 'the same, live').action((id: string, _options, command: Command) =>
    does(command, (session) => watch(session, id)),
  );
  add(program, 'terminate <instance>', 'take a service down and wait until it is gone').action(
    (id: string, _options, command: Command) => does(command, (session) => terminate(session, id)),
  );
  add(program, 'delete <instance>', 'forget a terminated service instance')
    .option('--if-exists', 'done, and no error, when there is none', false)
    .action((id: string, { ifExists }: { ifExists: boolean }, command: Command) =>
      does(command, (session) => remove(session, id, ifExists)),
    );
  add(program, 'logs <instance> [vnf]', 'what a VNF, or all of them, wrote')
    .option('--tail <lines>', 'how many of the last lines', readCount, 100)
    .action((id: string, vnf: string | undefined, { tail }: { tail: number }, command: Command) =>
      does(command, (session) => logs(session, id, vnf, tail)),
    );
}

function addOperationCommands(program: Command, does: Does): void {
  add(program, 'operations', 'list operations').action((_options, command: Command) =>
    does(command, listOperations),
  );
  add(program, 'operation <operation>', 'what an operation did, why it failed, what can be done').action(
    (id: string, _options, command: Command) => does(command, (session) => showOperation(session, id)),
  );
  for (const action of ['retry', 'rollback', 'fail'] as const) {
    add(program, `${action} <operation>`, ACTIONS[action]).action((id: string, _options, command: Command) =>
      does(command, (session) => act(session, action, id)),
    );
  }
  add(program, 'flows <instance>', 'the largest flows that the probes of a service instance see now')
    .option('--top <count>', 'how many', readCount, 20)
    .option('--port <port>', 'only those of probes on this port')
    .action((instance: string, options: { top: number; port?: string }, command: Command) =>
      does(command, (session) => flows(session, instance, options)),
    );
  add(program, 'capture <instance/port>', 'packets at a port of a service instance, as a pcapng file')
    .requiredOption('-o, --output <file>', 'the file to write')
    .option('--count <packets>', 'end with so many', readCount, 100)
    .option('--seconds <seconds>', 'or after this time', readCount, 10)
    .option('--every <packets>', 'one of so many packets, by chance', readCount, 1)
    .option('--snap <bytes>', 'so much of each', readCount, 2_048)
    .addOption(new Option('--direction <direction>', 'only one of both').choices(['inbound', 'outbound']))
    .action((where: string, options: CaptureOptions & { json?: boolean }, command: Command) => {
      const { json: _, ...wanted } = options;
      return does(command, (session) => capture(session, where, wanted));
    });
  add(program, 'events [instance]', 'print what happens, as it happens; of one service instance, or of all')
    .option('--telemetry', 'also counters, whenever a host sends them', false)
    .option('--packets', 'also what plugins report of packets: new flows, packets of rules with `log`', false)
    .option('--last <count>', 'instead, what plugins of the instance reported of packets last', readCount)
    .action((instance: string | undefined, options: EventsOptions, command: Command) =>
      does(command, (session) => events(session, instance, options)),
    );
}

function addResourceCommands(program: Command, does: Does): void {
  const hosts = add(program, 'hosts', 'list hosts')
    .alias('host')
    .action((_options, command: Command) => does(command, listHosts));
  add(
    hosts,
    'profile [host]',
    'print what a kernel supports: of an enrolled host, or of this machine',
  ).action((host: string | undefined, _options, command: Command) =>
    does(command, (session) => printProfile(session, host)),
  );
  add(hosts, 'add <name...>', 'enrol hosts')
    .option('--label <name=value>', 'label that placement may ask for', collectLabel, {})
    .action((names: string[], { label }: { label: Record<string, string> }, command: Command) =>
      does(command, (session) => addHosts(session, names, label)),
    );
  add(hosts, 'remove <host>', 'remove a host that has nothing to do')
    .option('--force', 'also one that holds something and is gone for good', false)
    .action((host: string, { force }: { force: boolean }, command: Command) =>
      does(command, (session) => removeHost(session, host, force)),
    );
  const plugins = add(program, 'plugins', 'list plugins')
    .alias('plugin')
    .action((_options, command: Command) => does(command, listPlugins));
  add(plugins, 'check <plugin>', 'which kernels can run a package, an object or an onboarded plugin')
    .option(
      '--profile <file...>',
      'kernels to look at, as `hosts profile` or `inventory` printed them; none: the enrolled hosts',
    )
    .action((plugin: string, { profile = [] }: { profile?: string[] }, command: Command) =>
      does(command, (session) => checkKernels(session, plugin, profile)),
    );
  add(plugins, 'add <package...>', 'onboard signed plugin packages').action(
    (files: string[], _options, command: Command) => does(command, (session) => addPlugins(session, files)),
  );
  add(plugins, 'upgrade <plugin>', 'bring name@version to the services that have another version of it')
    .option('--canary <hosts>', 'try it there first: names of hosts, or a part of them, as 25%')
    .option('--service <instance>', 'only this one, or these when it is given again; none: all', collectName)
    .option('--window <seconds>', 'how long the canary is observed, before and after', readSeconds)
    .option(
      '--tolerance <points>',
      'by how much the share of a verdict may differ, in percentage points',
      readPoints,
    )
    .option('--error-tolerance <points>', 'by how much the share of given-up packets may grow', readPoints)
    .option('--min-packets <count>', 'an instance that judged fewer says nothing', readPackets)
    .option('--dry-run', 'show what would change, and change nothing', false)
    .action((plugin: string, options: UpgradeOptions, command: Command) =>
      does(command, (session) => upgrade(session, plugin, options)),
    );
  add(plugins, 'remove <digest>', 'remove a plugin that no service uses').action(
    (digest: string, _options, command: Command) => does(command, (session) => removePlugin(session, digest)),
  );
  add(plugins, 'import <file>', 'make a signed package of a program that others wrote; needs no orchestrator')
    .requiredOption('--key <file>', 'private key of the one who vouches for it here')
    .option('--output <file>', 'where the package goes; none: NAME-VERSION.uwp in this folder')
    .option('--name <name>', 'of the plugin; none: as the image or the object is called')
    .option('--release <version>', 'of the plugin, e.g. 1.0.0; none: as the image is tagged')
    .option('--summary <text>', 'what it does')
    .option('--license <text>', "none: what the object's own section says")
    .option('--object <file>', 'which object, of several')
    .option('--program <name...>', 'which programs, of several for a hook')
    .option('--next <map>', 'the program array by which it hands packets on; none: it ends its chain')
    .option('--map <name=role>', 'what a map is for: config, state or telemetry; repeatable', collectRole)
    .addOption(
      new Option('--order <class>', 'where it stands in chains')
        .choices(Object.keys(ORDER_CLASSES))
        .default('filter'),
    )
    .action((file: string, flags: ImportFlags, command: Command) =>
      does(command, (session) => importFile(session, file, flags)),
    );
  add(plugins, 'keygen <file>', 'make a key pair to sign packages with; needs no orchestrator').action(
    (file: string, _options, command: Command) => does(command, (session) => makeKey(session, file)),
  );
  add(program, 'inventory', 'print what planning sees, for `plan --inventory`').action(
    (_options, command: Command) => does(command, printInventory),
  );
}

function addResidencyCommands(program: Command, does: Does): void {
  const residency = program
    .command('residency')
    .description('which plugins stay loaded without a user, and why');
  add(residency, 'explain [host]', 'what hosts keep loaded without a user, until when, and why').action(
    (host: string | undefined, _options, command: Command) =>
      does(command, (session) => explainResidency(session, host)),
  );
  add(residency, 'set <host>', 'what a host does with plugins without a user, whatever descriptors ask')
    .addOption(
      new Option('--policy <policy>', 'of all plugins of the host')
        .choices(['as-asked', 'dynamic', 'persistent'])
        .makeOptionMandatory(),
    )
    .option('--budget <bytes>', 'kernel memory for all plugins; none: as much as there is', readBytes)
    .action(
      (
        host: string,
        options: { policy: 'as-asked' | 'dynamic' | 'persistent'; budget?: number },
        command: Command,
      ) =>
        does(command, (session) =>
          setResidency(session, host, {
            policy: options.policy,
            ...(options.budget === undefined ? {} : { budgetBytes: options.budget }),
          }),
        ),
    );
  add(residency, 'simulate', 'what the policies would have cost on a history; needs no orchestrator')
    .requiredOption('--history <file>', 'what happened, as docs/planning.md describes it')
    .action(({ history }: { history: string }, command: Command) =>
      does(command, (session) => simulateResidency(session, history)),
    );
}

function collectName(name: string, before: string[] = []): string[] {
  return [...before, name];
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1) throw new InvalidArgumentError('Give whole seconds from 1.');
  return seconds;
}

function readPoints(text: string): number {
  const points = Number(text);
  if (!(points >= 0 && points <= 100))
    throw new InvalidArgumentError('Give percentage points from 0 to 100.');
  return points;
}

function readPackets(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new InvalidArgumentError('Give a number from 0.');
  return count;
}

function readBytes(text: string): number {
  const bytes = Number(text);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new InvalidArgumentError('Give a number of bytes.');
  return bytes;
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Give a number from 1.');
  return count;
}

/** For `./underware help`: one command a line, with what it does. */
function commandList(program: Command): string {
  const shown = program.commands.filter((command) => command.description() !== '');
  const width = Math.max(...shown.map((command) => usageOf(command).length));
  return shown.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.description()}\n`).join('');
}

function usageOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name().toUpperCase()}${argument.variadic ? '…' : ''}`;
    return argument.required ? name : `[${name}]`;
  });
  const below = command.commands.map((each) => each.name());
  return [command.name(), ...args, ...(below.length === 0 ? [] : [`[${below.join('|')}]`])].join(' ');
}

function collectRole(text: string, before: Record<string, MapRole> = {}): Record<string, MapRole> {
  const [, name, role] = /^([^=]+)=(config|state|telemetry)$/.exec(text) ?? [];
  if (name === undefined || role === undefined)
    throw new InvalidArgumentError('Give it as NAME=config, NAME=state or NAME=telemetry.');
  return { ...before, [name]: role as MapRole };
}
