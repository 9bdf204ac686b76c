/** The embedded stack, the lab and the demo. Exit codes: 0 done, 1 refused or failed, 2 usage, 130 interrupted. */
import { UnderwareError, toErrorReport } from '@underware/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from './demo/demo.js';
import { screenOn } from './demo/screen.js';
import { SHOWCASES } from './demo/showcase.js';
import type { ShowcaseName } from './demo/showcase.js';
import { freePort, requirePort } from './stack/free-port.js';
import { DEFAULT_PREFIX, layoutOf, REPOSITORY } from './stack/layout.js';
import type { LabLayout } from './stack/layout.js';
import { Stack } from './stack/stack.js';
import { removeAll, takeDown } from './stack/take-down.js';
import { brokenText, renderStatus, statusOf } from './status.js';
import type { Status } from './status.js';

const DEFAULT_PORT = 8640;
const USAGE = 2;
const { env, stdout, stderr } = process;
// Whoever reads us, e.g. `head`, may have had enough; what was begun is still brought to its end.
stdout.on('error', () => undefined);
const screen = screenOn((text) => void stdout.write(text), stdout.isTTY && (env['NO_COLOR'] ?? '') === '');

interface LabChoice {
  prefix: string;
  dir: string;
}

interface StackChoice extends LabChoice {
  queue: 'postgres' | 'redis';
  hosts: number;
  port?: number;
  containers: boolean;
}

/** The demo has data of its own, which never outlives it: what `up` keeps is not touched. */
const layoutFor = (choice: LabChoice, what: 'embedded' | 'demo'): LabLayout =>
  layoutOf(choice.prefix, join(choice.dir, what));

const program = new Command('underware')
  .showHelpAfterError()
  // What commander has printed already is all there is to say: a wrong word is usage, help is not.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));
const labOptions = (command: Command): Command =>
  command
    .addOption(new Option('--prefix <prefix>', 'begins the names of namespaces').default(DEFAULT_PREFIX))
    .addOption(new Option('--dir <directory>', 'where data is kept').default(join(REPOSITORY, '.underware')));
const stackOptions = (command: Command): Command =>
  labOptions(command)
    .addOption(
      new Option('--queue <kind>', 'what carries the work')
        .choices(['postgres', 'redis'])
        .default('postgres'),
    )
    .option('--hosts <number>', 'number of hosts', readNumber(1, 200), 3)
    .option(
      '--port <number>',
      `port of API and console (default: ${DEFAULT_PORT}, or a free one)`,
      readNumber(1, 65_535),
    )
    .option('--no-containers', 'run VNFs as processes even where podman works');

stackOptions(
  program.command('demo').description('show a service from nothing to traffic, on a lab of three hosts'),
)
  .option('--once', 'take everything down when it was shown')
  .addOption(
    new Option('--example <name>', 'what is shown')
      .choices(Object.keys(SHOWCASES))
      .default('web-behind-firewall'),
  )
  .action(async (options: StackChoice & { once?: boolean; example: ShowcaseName }) => {
    const layout = layoutFor(options, 'demo');
    await refuseIfUsed(layout);
    const interrupt = abortOnSignals();
    const port = await choosePort(options.port);
    const { prefix, queue, hosts, containers } = options;
    const showcase = SHOWCASES[options.example];
    const once = options.once === true;
    const chosen = { prefix, queue, hosts, containers, port, dir: layout.data, once, showcase };
    const { shown, clean } = await demo(chosen, screen, interrupt, () => apart('sweep', options));
    process.exitCode = !clean ? 1 : shown ? 0 : 130;
  });

stackOptions(
  program.command('up').description('start the embedded stack and the lab, and leave them running'),
).action(async (options: StackChoice) => {
  const layout = layoutFor(options, 'embedded');
  const status = await statusOf(layout);
  if (status.state === 'up' && status.stack?.mode === 'up') {
    stdout.write(renderStatus(status));
    return;
  }
  await refuseIfUsed(layout);
  const interrupt = abortOnSignals();
  if (status.state === 'broken') {
    screen.line(brokenText(status));
    await apart('down', options);
  }
  const port = await choosePort(options.port ?? (await portOfBefore(status)));
  const { prefix, queue, hosts, containers } = options;
  try {
    const chosen = { prefix, queue, hosts, containers, port, dir: layout.data };
    await Stack.start({ ...chosen, onProgress: (what) => screen.line(what), signal: interrupt });
  } catch (error) {
    await apart('down', options);
    if (!interrupt.aborted) throw error;
    process.exitCode = 130;
    return;
  }
  stdout.write(renderStatus(await statusOf(layout)));
});

labOptions(program.command('down').description('stop the embedded stack and the lab; data stays')).action(
  async (options: LabChoice) => {
    await removeAll(layoutFor(options, 'demo'));
    await takeDown(layoutFor(options, 'embedded'));
    stdout.write('The embedded stack is down.\n');
  },
);

labOptions(program.command('status').description('what runs; exit code 0 when all of it does'))
  .option('--json', 'print data instead of text')
  .action(async (options: LabChoice & { json?: boolean }) => {
    const status = await statusOf(layoutFor(options, 'embedded'));
    stdout.write(options.json === true ? `${JSON.stringify(status, undefined, 2)}\n` : renderStatus(status));
    process.exitCode = status.state === 'up' ? 0 : 1;
  });

labOptions(program.command('clean').description('take everything down and remove all data')).action(
  async (options: LabChoice) => {
    await removeAll(layoutFor(options, 'demo'));
    await removeAll(layoutFor(options, 'embedded'));
    stdout.write('The lab and its data are gone.\n');
  },
);

labOptions(program.command('sweep', { hidden: true })).action(async (options: LabChoice) => {
  await removeAll(layoutFor(options, 'demo'));
});

try {
  await program.parseAsync();
} catch (error) {
  const { code, attempted, on, why, remedy, detail } = toErrorReport(error, 'run the lab', 'this machine');
  stderr.write(`error ${code}: cannot ${attempted} on ${on}\n  why     ${why}\n  remedy  ${remedy}\n`);
  if (detail !== undefined) stderr.write(`\n${detail.trimEnd()}\n`);
  process.exitCode = 1;
}

/** A stack that works is not swept away by another command. */
async function refuseIfUsed(layout: LabLayout): Promise<void> {
  const { stack, state, isOwned } = await statusOf(layout);
  if (!isOwned && !(state === 'up' && stack?.mode === 'up')) return;
  throw new UnderwareError({
    code: 'STATE_CONFLICT',
    attempted: 'start a lab',
    on: layout.prefix,
    why: isOwned ? 'a demo is running' : 'a stack is up',
    remedy: isOwned
      ? 'End it with Ctrl-C where it runs, or with ./underware down'
      : 'Run ./underware down first',
  });
}

/** Where the broken stack listened, so that consoles and scripts find it again, unless somebody else has that now. */
async function portOfBefore({ stack }: Status): Promise<number | undefined> {
  const port = Number(new URL(stack?.url ?? 'http://none').port);
  return port > 0 && (await freePort(port)) === port ? port : undefined;
}

async function choosePort(wished: number | undefined): Promise<number> {
  if (wished !== undefined) return requirePort(wished);
  const port = await freePort(DEFAULT_PORT);
  if (port !== DEFAULT_PORT)
    screen.line(`port ${DEFAULT_PORT} is in use: the API listens on ${port} instead`);
  return port;
}

/** The first signal ends what is being done, in good order; more of them change nothing. */
function abortOnSignals(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!interrupt.signal.aborted) screen.line('interrupted: taking everything down');
      interrupt.abort();
    });
  }
  return interrupt.signal;
}

/**
 * Takes down in a process of its own session: Ctrl-C in the terminal reaches all processes of ours but not that one, so that
 * cleaning up cannot be cut short by impatience.
 */
async function apart(command: 'down' | 'sweep', { prefix, dir }: LabChoice): Promise<void> {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [self, command, '--prefix', prefix, '--dir', dir], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code === 0) return;
  throw new UnderwareError({
    code: 'UNDO_FAILED',
    attempted: 'take the lab down',
    on: prefix,
    why: `it ended with code ${String(code)}; the lines above say why`,
    remedy: 'Mend the cause, then run ./underware clean',
  });
}

function readNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };
}
