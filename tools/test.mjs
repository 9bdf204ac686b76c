/**
 * Runs every check and test, in stages, and closes with the plain counts:
 *
 *   node tools/test.mjs [STAGE…]     stages: lint types unit kernel e2e browser
 *
 * A test that was skipped is listed with its reason (its name carries it). Under CI=true a skipped test is a failure:
 * the development machine can run them all. What tests make carries the prefix `uwt`; it is swept after the run, also
 * after Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where labs keep their hosts' BPF file systems. */
const RUN = '/run/underware';
const kinds = ['kernel', 'e2e', 'browser'];
/**
 * Two stacks side by side, each with names of its own: most of the time somebody waits for somebody. Kernel specs look at, and
 * sweep, what is of the whole machine.
 */
const sideBySide = { kernel: 1, e2e: 2, browser: 1 };
const jest = join(root, 'node_modules/jest/bin/jest.js');
const results = mkdtempSync(join(tmpdir(), 'uwt-results-'));

const stages = {
  lint: () => run('npm', ['run', '--silent', 'lint']),
  types: () => run('npm', ['run', '--silent', 'typecheck']),
  unit: () =>
    runJest('unit', [
      '--maxWorkers=2',
      `--testPathIgnorePatterns=${kinds.map((kind) => `\\.${kind}\\.spec\\.ts$`).join('|')}|/node_modules/|/dist/`,
    ]),
  ...Object.fromEntries(
    kinds.map((kind) => [
      kind,
      () =>
        runJest(kind, [
          sideBySide[kind] === 1 ? '--runInBand' : `--maxWorkers=${sideBySide[kind]}`,
          `--testPathPatterns=\\.${kind}\\.spec\\.ts$`,
        ]),
    ]),
  ),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(
    `underware test: no stage ${unknown.join(', ')}; there are: ${Object.keys(stages).join(' ')}`,
  );
  process.exit(2);
}

let child;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    if (child?.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    await sweep();
    rmSync(results, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

const total = { passed: 0, failed: 0, skipped: [] };
const failedStages = [];
await sweep();
for (const name of asked.length > 0 ? asked : Object.keys(stages)) {
  const started = Date.now();
  console.log(`\n▸ ${name}`);
  const ok = await stages[name]();
  console.log(`▸ ${name} ${ok ? 'ok' : 'FAILED'} (${Math.round((Date.now() - started) / 1000)} s)`);
  if (!ok) failedStages.push(name);
}
await sweep();
rmSync(results, { recursive: true, force: true });

if (total.skipped.length > 0) {
  console.log('\nSkipped:');
  for (const name of total.skipped) console.log(`  ${name}`);
  if (process.env.CI === 'true') failedStages.push('skipped tests (none may be skipped under CI=true)');
}
if (failedStages.length > 0) console.log(`\nFailed: ${failedStages.join(', ')}`);
console.log(`\nTotal: ${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exit(failedStages.length > 0 ? 1 : 0);

async function runJest(kind, args) {
  const outputFile = join(results, `${kind}.json`);
  const ok = await run(process.execPath, [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--ci',
    '--json',
    `--outputFile=${outputFile}`,
    ...args,
  ]);
  const report = JSON.parse(readFileSync(outputFile, 'utf8'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'pending' || test.status === 'todo')
        total.skipped.push(`${file.name.slice(root.length)}: ${test.fullName}`);
    }
  }
  return ok && report.success;
}

/** In a process group of its own, so that Ctrl-C ends everything that a stage started. Jest's JSON on stdout is dropped. */
function run(command, args) {
  const quiet = args.includes('--json');
  return new Promise((resolve) => {
    child = spawn(command, args, {
      cwd: root,
      detached: true,
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    });
    child.on('error', (error) => {
      console.error(`underware test: cannot run ${command}: ${error.message}`);
      resolve(false);
    });
    child.on('exit', (code) => {
      child = undefined;
      resolve(code === 0);
    });
  });
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** What crashed tests left: labs by their prefix, with their directories. */
async function sweep() {
  if (process.getuid?.() !== 0) return;
  const testkit = await import(new URL('../libs/testkit/dist/index.js', import.meta.url).href);
  await testkit.sweep({ prefix: 'uwt' });
  for (const name of existsSync(RUN) ? readdirSync(RUN) : []) {
    if (name.startsWith('uwt')) await testkit.sweep({ prefix: name, directory: join(RUN, name) });
  }
}
