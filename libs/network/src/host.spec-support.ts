import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { type ErrorReport, UnderwareError } from '@underware/core';
import type { HostNetwork } from './host-network.js';

export const PREFIX = 'uwt-net-';
const LIBS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Answers one JSON request a line; runs inside the network namespace of a test host. */
const DRIVER = `
import { createInterface } from 'node:readline';
import { HostNetwork } from '@underware/network';
import { toErrorReport } from '@underware/core';
const network = new HostNetwork();
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, args } = JSON.parse(line);
  network[method](...args).then(
    (result) => console.log(JSON.stringify({ id, result })),
    (error) => console.log(JSON.stringify({ id, error: toErrorReport(error, method, String(error?.stack)) })),
  );
}
`;

/** The libs as Node can run them outside of Jest; returns the driver's path. */
export function compileDriver(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'uwt-network-'));
  for (const lib of ['core', 'network']) {
    const target = path.join(directory, 'node_modules/@underware', lib);
    mkdirSync(target, { recursive: true });
    writeFileSync(
      path.join(target, 'package.json'),
      JSON.stringify({ type: 'module', exports: './index.js' }),
    );
    const source = path.join(LIBS, lib, 'src');
    for (const file of readdirSync(source).filter((name) => /^[^.]+\.ts$/.test(name))) {
      const { code } = transformSync(readFileSync(path.join(source, file), 'utf8'), {
        filename: file,
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      writeFileSync(path.join(target, file.replace(/ts$/, 'js')), code);
    }
  }
  writeFileSync(path.join(directory, 'driver.mjs'), DRIVER);
  return path.join(directory, 'driver.mjs');
}

/** An XDP program that passes everything, in section `xdp`. */
export function compilePass(directory: string): string {
  const source = path.join(directory, 'pass.c');
  writeFileSync(source, '__attribute__((section("xdp"), used)) int pass(void *ctx) { return 2; }\n');
  run('clang', '-O2', '-g', '-target', 'bpf', '-c', source, '-o', path.join(directory, 'pass.o'));
  return path.join(directory, 'pass.o');
}

export function removeDriver(driver: string): void {
  rmSync(path.dirname(driver), { recursive: true, force: true });
}

/** A network namespace with a HostNetwork running in it. */
export class TestHost {
  readonly namespace: string;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private calls = 0;
  private readonly closed: Promise<void>;

  constructor(
    readonly name: string,
    driver: string,
  ) {
    this.namespace = `${PREFIX}${name}`;
    this.child = spawn('nsenter', [`--net=/run/netns/${this.namespace}`, process.execPath, driver], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    // A call to one that is killed meanwhile is refused when it is closed.
    this.child.stdin?.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.child.once('close', () => resolve()));
    void this.closed.then(() =>
      this.waiting.forEach(({ reject }) => reject(new Error('the driver is gone'))),
    );
    if (this.child.stdout === null) throw new Error('no standard output');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const reply = JSON.parse(line) as { id: number; result: never; error?: ErrorReport };
      const call = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (reply.error === undefined) call?.resolve(reply.result);
      else call?.reject(new UnderwareError(reply.error));
    });
  }

  /** Calls a method of the host's HostNetwork. */
  call<M extends keyof HostNetwork>(
    method: M,
    ...args: Parameters<HostNetwork[M]>
  ): ReturnType<HostNetwork[M]> {
    const id = ++this.calls;
    const reply = new Promise<never>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.child.stdin?.write(`${JSON.stringify({ id, method, args })}\n`);
    return reply as ReturnType<HostNetwork[M]>;
  }

  /** Ends the driver as a crash would: no chance to tidy up, its open calls fail. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }

  run(...command: string[]): string {
    return runIn(this.namespace, ...command);
  }
}

export function run(...command: string[]): string {
  const [program = '', ...args] = command;
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  });
}

export function runIn(namespace: string, ...command: string[]): string {
  return run('nsenter', `--net=/run/netns/${namespace}`, ...command);
}

/** Removes every namespace of these tests; devices go with them. */
export function sweep(): void {
  const names = readdirSync('/run/netns', { withFileTypes: true }).map(({ name }) => name);
  for (const name of names.filter((name) => name.startsWith(PREFIX))) run('ip', 'netns', 'delete', name);
}
