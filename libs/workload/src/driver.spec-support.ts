import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { type ErrorReport, UnderwareError } from '@underware/core';
import type { ProcessRuntime } from './process-runtime.js';

const LIBS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Answers one JSON request a line, as an agent of its own. */
const DRIVER = `
import { createInterface } from 'node:readline';
import { ProcessRuntime } from '@underware/workload';
import { toErrorReport } from '@underware/core';
const runtime = new ProcessRuntime({ stateDir: process.argv[2], stopTimeoutMs: 1000 });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, args } = JSON.parse(line);
  runtime[method](...args).then(
    (result) => console.log(JSON.stringify({ id, result })),
    (error) => console.log(JSON.stringify({ id, error: toErrorReport(error, method, String(error?.stack)) })),
  );
}
`;

/** The libs as Node can run them outside of Jest; returns their directory. */
export function compileLibs(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'uwt-workload-'));
  for (const lib of ['core', 'workload']) {
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
  const dockerode = path.dirname(createRequire(import.meta.url).resolve('dockerode/package.json'));
  symlinkSync(dockerode, path.join(directory, 'node_modules/dockerode'));
  writeFileSync(path.join(directory, 'driver.mjs'), DRIVER);
  return directory;
}

interface Call {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** A process runtime in a process and a host (network namespace) of its own. */
export class TestAgent {
  private readonly child: ChildProcess;
  private readonly closed: Promise<void>;
  private readonly waiting = new Map<number, Call>();
  private calls = 0;
  private gone = false;

  constructor(namespace: string, libs: string, stateDir: string, wrapper: string[] = []) {
    const driver = [...wrapper, process.execPath, path.join(libs, 'driver.mjs'), stateDir];
    this.child = spawn('nsenter', [`--net=/run/netns/${namespace}`, ...driver], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    // A call to one that is killed meanwhile is refused when it is closed, and so is a later one.
    this.child.stdin?.on('error', () => undefined);
    this.closed = new Promise((resolve) =>
      this.child.once('close', () => {
        this.gone = true;
        this.waiting.forEach(({ reject }) => reject(new Error('the agent is gone')));
        resolve();
      }),
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

  call<M extends 'observe' | 'start' | 'stop' | 'logs'>(
    method: M,
    ...args: Parameters<ProcessRuntime[M]>
  ): ReturnType<ProcessRuntime[M]> {
    if (this.gone) return Promise.reject(new Error('the agent is gone')) as ReturnType<ProcessRuntime[M]>;
    const id = ++this.calls;
    const reply = new Promise<never>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.child.stdin?.write(`${JSON.stringify({ id, method, args })}\n`);
    return reply as ReturnType<ProcessRuntime[M]>;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
