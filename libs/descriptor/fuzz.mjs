/**
 * Compiles damaged descriptors and packages until the time is up: none may throw, take longer than three seconds of
 * processor time, ask for a file outside of its package, or point to a place that is not there.
 *
 *   node libs/descriptor/fuzz.mjs [--seconds 600] [--seed 1] [--case N]
 *
 * Seed and number of a case say what it is: `--case` writes it to the standard output and compiles it again. Exits 1 when
 * anything was found. Needs the built library.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { compile, openPackage, packPackage, validate } from '@underware/descriptor';

const LONGEST_MS = 3000;
const MOST_MEGABYTES = 1024;
/** It gives up after so many. */
const MOST_FOUND = 20;
const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['examples/', 'libs/descriptor/profiles/', 'libs/tosca/profiles/'];

/** What turns one construct into another. */
const WORDS = [
  'null',
  '~',
  '1e999',
  '-1',
  '[]',
  '{}',
  '""',
  '&a ',
  '*a',
  '<<: ',
  '!!binary ',
  '? ',
  '- ',
  '|',
  'SELF',
  'UNBOUNDED',
  'any',
  '../../../etc/passwd',
  '/etc/passwd',
  'file:///etc/passwd',
  '\u2028',
  '\0',
  '$value',
  '{ $get_input: a }',
  '{ get_input: a }',
  '{ $concat: [*a, *a] }',
  '{ $get_property: [SELF, a] }',
  'directives: [substitute]',
  '(a+)+$',
  '.{0,9999}',
  '10.0.0.0/33',
  '::/0',
  '9'.repeat(400),
  'x'.repeat(70),
];

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Every file of TOSCA in the repository, by its path. */
function readSeeds() {
  const seeds = new Map();
  for (const folder of FOLDERS) {
    for (const name of readdirSync(new URL(folder, ROOT), { recursive: true }).sort()) {
      if (name.endsWith('.yaml'))
        seeds.set(folder + name, readFileSync(new URL(folder + name, ROOT), 'utf8'));
    }
  }
  return seeds;
}

const MUTATIONS = [
  (lines, random) => lines.splice(random(lines.length), 1 + random(3)),
  (lines, random) =>
    lines.splice(random(lines.length), 0, ...lines.slice(random(lines.length)).slice(0, 1 + random(12))),
  (lines, random, other) =>
    lines.splice(
      random(lines.length),
      random(4),
      ...other.slice(random(other.length)).slice(0, 1 + random(20)),
    ),
  (lines, random) => {
    const at = random(lines.length);
    lines[at] = `${' '.repeat(random(8))}${(lines[at] ?? '').trimStart()}`;
  },
  (lines, random, other) => {
    const at = random(lines.length);
    const tokens = (lines[at] ?? '').split(/(\s+|[:,[\]{}])/);
    const donor = (other[random(other.length)] ?? '').split(/(\s+|[:,[\]{}])/);
    tokens[random(tokens.length)] =
      random(2) === 0 ? WORDS[random(WORDS.length)] : donor[random(donor.length)];
    lines[at] = tokens.join('');
  },
  (lines, random) => {
    const at = random(lines.length);
    const line = lines[at] ?? '';
    const cut = random(line.length + 1);
    lines[at] = line.slice(0, cut) + WORDS[random(WORDS.length)] + line.slice(cut + random(4));
  },
  (lines, random) => {
    const at = random(lines.length);
    lines.splice(
      at,
      1,
      ...Array.from({ length: 1 + random(random(8) === 0 ? 3000 : 30) }, () => lines[at] ?? ''),
    );
  },
];

function mutate(text, other, random) {
  const lines = text.split('\n');
  for (let left = 1 + random(6); left > 0; left--) {
    MUTATIONS[random(MUTATIONS.length)](lines, random, other.split('\n'));
    if (lines.length === 0) lines.push('');
  }
  return lines.join('\n');
}

/** The case of a number: its files, the first of which is the one to begin with, and whether its archive is damaged too. */
function makeCase(seeds, seed, number) {
  const random = randomOf(seed * 1_000_003 + number);
  const paths = [...seeds.keys()];
  const entry = paths[random(paths.length)];
  const other = seeds.get(paths[random(paths.length)]);
  const files = new Map([[entry, mutate(seeds.get(entry), other, random)]]);
  // What an example imports is in the folder of its name; sometimes that is damaged too.
  for (const path of paths) {
    if (path === entry || !path.startsWith('examples/')) continue;
    files.set(path, random(6) === 0 ? mutate(seeds.get(path), other, random) : seeds.get(path));
  }
  return { entry, files, packed: random(4) === 0, random };
}

/** Throws what is wrong. */
async function tryCase({ entry, files, packed, random }) {
  const read = (path) => {
    if (path.startsWith('/') || path.split('/').includes('..')) throw new Error(`asked for ${path}`);
    return files.get(path);
  };
  let source = { file: entry, text: files.get(entry), read, hasFile: (path) => read(path) !== undefined };
  if (packed) {
    const bytes = new Uint8Array(
      await packPackage(entry, new Map([...files].map(([path, text]) => [path, Buffer.from(text)]))),
    );
    for (let left = random(6); left > 0; left--) bytes[random(bytes.length)] = random(256);
    const cut = random(8) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
    const opened = await openPackage(cut, { name: 'x.csar', now: new Date(0) });
    checkPlaces(opened.findings);
    if (opened.source === undefined) return;
    source = opened.source;
  }
  checkPlaces(compile(source).findings);
  checkPlaces(validate(source).findings);
}

function checkPlaces(findings) {
  if (findings.length > 201) throw new Error(`${findings.length} findings`);
  for (const { code, line, column } of findings) {
    if (!(line >= 1 && column >= 1)) throw new Error(`${code} at ${line}:${column}`);
  }
}

/** Runs cases from a number on; says which one in shared memory, so that who watches sees where it stays. */
async function work({ seed, from, shared }) {
  const [seeds, now] = [readSeeds(), new Int32Array(shared)];
  for (let number = from; ; number++) {
    Atomics.store(now, 0, number);
    const each = makeCase(seeds, seed, number);
    const began = performance.now();
    try {
      await tryCase(each);
    } catch (error) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      parentPort.postMessage({ number, wrong: error.stack });
    }
    const ms = Math.round(performance.now() - began);
    if (ms > Atomics.load(now, 1)) Atomics.store(now, 1, ms);
  }
}

async function watch({ seconds, seed }) {
  const now = new Int32Array(new SharedArrayBuffer(8));
  const end = Date.now() + seconds * 1000;
  const found = [];
  const add = (number, what) => {
    found.push(number);
    process.stdout.write(`case ${number}: ${what}\n`);
  };
  const start = (from) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { seed, from, shared: now.buffer },
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    worker.on('message', ({ number, wrong }) => add(number, wrong));
    worker.on('error', (error) => {
      add(now[0], `the thread ended: ${error.message}`);
      running = start(now[0] + 1);
    });
    return worker;
  };
  let running = start(0);
  let [at, cpu] = [0, process.cpuUsage()];
  while (Date.now() < end && found.length < MOST_FOUND) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const number = Atomics.load(now, 0);
    const { user, system } = process.cpuUsage(cpu);
    if (number !== at) [at, cpu] = [number, process.cpuUsage()];
    else if ((user + system) / 1000 > LONGEST_MS) {
      add(number, `still running after ${LONGEST_MS} ms of processor time`);
      await running.terminate();
      running = start(number + 1);
      [at, cpu] = [number + 1, process.cpuUsage()];
    }
  }
  await running.terminate();
  process.stdout.write(
    `${now[0]} cases of seed ${seed} in ${seconds} s: ${found.length} wrong; the slowest took ${now[1]} ms\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}

if (!isMainThread) await work(workerData);
else {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      case: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  if (values.case === undefined) await watch({ seconds: Number(values.seconds), seed });
  else {
    const each = makeCase(readSeeds(), seed, Number(values.case));
    process.stdout.write(each.files.get(each.entry));
    await tryCase(each);
  }
}
