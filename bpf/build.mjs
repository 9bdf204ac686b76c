#!/usr/bin/env node
/**
 * Compiles every eBPF source of the repository: `bpf/<name>/<name>.bpf.c` to `bpf/build/<name>.bpf.o`, and those of
 * libraries and apps, `libs/<lib>/bpf/<name>.bpf.c`, to `libs/<lib>/build/<name>.bpf.o`.
 *
 * Only what changed is compiled: the compiler's own dependency file says what an object was made from. Objects are
 * reproducible (paths relative to the repository, DWARF stripped, BTF kept). Exit code 1 where anything failed; the
 * compiler's messages follow, and no object is left that does not match its source.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const COMPILERS = ['clang', ...[22, 21, 20, 19, 18, 17, 16, 15, 14].map((version) => `clang-${version}`)];

async function main() {
  const sources = await findSources();
  const compiler = await findCompiler();
  const strip = await findStrip(compiler);
  const include = await multiarchInclude(compiler);
  const pending = [...sources];
  const failures = [];
  const worker = async () => {
    for (let source = pending.shift(); source !== undefined; source = pending.shift()) {
      try {
        const compiled = await build(source, { compiler, strip, include });
        process.stdout.write(`${compiled ? 'compiled' : 'up to date'}  ${source.object}\n`);
      } catch (error) {
        failures.push(source.file);
        process.stderr.write(`failed  ${source.file}\n${error.stderr ?? error.message}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failures.length > 0) throw new Error(`${failures.length} of ${sources.length} did not compile`);
}

/** Sources and objects, as paths relative to the repository. */
async function findSources() {
  const sources = [];
  for (const [folder, objects] of await sourceFolders()) {
    for (const name of await list(folder)) {
      if (!name.endsWith('.bpf.c')) continue;
      sources.push({ file: path.join(folder, name), object: path.join(objects, name.replace(/c$/, 'o')) });
    }
  }
  return sources;
}

async function sourceFolders() {
  const plugins = (await list('bpf')).map((name) => [path.join('bpf', name), path.join('bpf', 'build')]);
  const others = [];
  for (const group of ['libs', 'apps']) {
    for (const name of await list(group)) {
      others.push([path.join(group, name, 'bpf'), path.join(group, name, 'build')]);
    }
  }
  return [...plugins, ...others];
}

async function list(folder) {
  try {
    return (await readdir(path.join(root, folder))).sort();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** @returns {Promise<boolean>} false where the object was up to date */
async function build({ file, object }, { compiler, strip, include }) {
  const dependencies = `${object}.d`;
  if (await isCurrent(object, dependencies)) return false;
  await mkdir(path.join(root, path.dirname(object)), { recursive: true });
  const unfinished = `${object}.${process.pid}`;
  const flags = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', '-std=gnu11', '-Wall', '-Wextra', '-Werror'];
  const paths = [`-fdebug-prefix-map=${root}=.`, '-I', 'bpf/include', ...include];
  const outputs = ['-MD', '-MF', dependencies, '-c', file, '-o', unfinished];
  try {
    await run(compiler, [...flags, ...paths, ...outputs], { cwd: root });
    await run(strip, ['-g', unfinished], { cwd: root });
    await rename(path.join(root, unfinished), path.join(root, object));
  } catch (error) {
    await rm(path.join(root, unfinished), { force: true });
    await rm(path.join(root, object), { force: true });
    throw error;
  }
  return true;
}

/** An object is current when it is younger than everything it was made from, this script included. */
async function isCurrent(object, dependencies) {
  try {
    const { mtimeMs } = await stat(path.join(root, object));
    const rule = await readFile(path.join(root, dependencies), 'utf8');
    const inputs = rule
      .slice(rule.indexOf(':') + 1)
      .split(/[\s\\]+/)
      .filter(Boolean);
    const times = await Promise.all(
      ['bpf/build.mjs', ...inputs].map(async (input) => (await stat(path.resolve(root, input))).mtimeMs),
    );
    return times.every((time) => time <= mtimeMs);
  } catch {
    return false;
  }
}

async function findCompiler() {
  for (const compiler of COMPILERS) {
    try {
      await run(compiler, ['-target', 'bpf', '-print-targets']);
      return compiler;
    } catch {
      continue;
    }
  }
  throw new Error('no clang with the bpf target was found: install the packages clang, llvm and libbpf-dev');
}

/** The llvm-strip beside the compiler: the same version knows the same relocations. */
async function findStrip(compiler) {
  for (const query of ['llvm-strip', `llvm-strip${compiler.slice('clang'.length)}`]) {
    const { stdout } = await run(compiler, [`-print-prog-name=${query}`]);
    const candidate = stdout.trim();
    try {
      await run(candidate, ['--version']);
      return candidate;
    } catch {
      continue;
    }
  }
  throw new Error(`no llvm-strip beside ${compiler} was found: install the package llvm`);
}

/** Debian keeps <asm/types.h> under the machine's triple, where clang does not look when it targets bpf. */
async function multiarchInclude(compiler) {
  const { stdout } = await run(compiler, ['-print-target-triple']);
  const [architecture] = stdout.trim().split('-');
  return ['-idirafter', `/usr/include/${architecture}-linux-gnu`];
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
