import { afterAll, beforeAll, expect } from '@jest/globals';
import { describeKernel, itKernel, NetnsLab, startEchoServer } from '@underware/testkit';
import type { EchoServer, NetnsHost } from '@underware/testkit';
import { Caller, type Call } from './caller.js';

const PREFIX = 'uwt-call-';
const SITE = `
require('node:http').createServer(({ url }, response) => response.writeHead(url === '/alive' ? 204 : 503).end())
  .listen(8081, '127.0.0.1', () => console.log('ready'));
`;

describeKernel('a caller', () => {
  let lab: NetnsLab;
  let host: NetnsHost;
  let echo: EchoServer;
  let caller: Caller;
  let nextPort = 61_000;

  const call = (to: Call['to'], more: Partial<Call> = {}) =>
    caller.call({
      from: { address: to.address, port: (nextPort += 1) },
      to,
      timeoutMs: 2_000,
      ...more,
    });

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: PREFIX });
    host = await lab.addHost('vnf');
    echo = await startEchoServer(host, { protocol: 'tcp', address: '127.0.0.1', port: 8080 });
    const site = host.spawn([process.execPath, '-e', SITE], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => site.stdout?.once('data', resolve));
    caller = new Caller(host.namespace);
  });

  afterAll(async () => {
    caller.close();
    await echo.stop();
    await lab.destroy();
  });

  itKernel('connects from inside the namespace, from the port it is told', async () => {
    const to = { address: '127.0.0.1', port: 8080 };
    expect(await call(to)).toEqual({ kind: 'answered' });
    const at61500 = { from: { address: '127.0.0.1', port: 61_500 } };
    expect(await call(to, at61500)).toEqual({ kind: 'answered' });
    expect(await call(to, at61500)).toEqual({ kind: 'answered' });
    expect(await call({ address: '127.0.0.1', port: 1 })).toEqual({ kind: 'failed', why: 'ECONNREFUSED' });
    const { stdout } = await host.run(['ss', '-Htan', 'state', 'time-wait']);
    expect(stdout).toBe('');
  });

  itKernel('asks by HTTP, and takes nothing else for an answer', async () => {
    const site = { address: '127.0.0.1', port: 8081 };
    expect(await call(site, { path: '/alive' })).toEqual({ kind: 'answered', status: 204 });
    expect(await call(site, { path: '/' })).toEqual({ kind: 'answered', status: 503 });
    const echoed = await call({ address: '127.0.0.1', port: 8080 }, { path: '/' });
    expect(echoed).toEqual({ kind: 'failed', why: 'no HTTP' });
  });

  itKernel('tells what it could not try from what failed', async () => {
    const to = { address: '127.0.0.1', port: 8080 };
    const elsewhere = await call(to, { from: { address: '192.0.2.1', port: 61_501 } });
    expect(elsewhere).toEqual({ kind: 'unmade', why: 'EADDRNOTAVAIL' });
    await host.run(['nft', 'add table ip t; add chain ip t i { type filter hook input priority 0; }']);
    await host.run(['nft', 'add rule ip t i tcp dport 7070 drop']);
    const silent = await call({ address: '127.0.0.1', port: 7070 }, { timeoutMs: 100 });
    expect(silent).toEqual({ kind: 'failed', why: 'no connection within 100 ms' });
  });

  itKernel('makes many at a time, and goes on in another process when its own ended', async () => {
    const to = { address: '127.0.0.1', port: 8080 };
    const many = await Promise.all(Array.from({ length: 200 }, () => call(to)));
    expect(new Set(many.map(({ kind }) => kind))).toEqual(new Set(['answered']));
    const waiting = call({ address: '127.0.0.1', port: 7070 }, { timeoutMs: 5_000 });
    caller.close();
    expect(await waiting).toEqual({ kind: 'unmade', why: 'the caller was closed' });
    expect(await call(to)).toEqual({ kind: 'answered' });
    const gone = new Caller(`${PREFIX}gone`);
    const nowhere = await gone.call({ from: to, to, timeoutMs: 500 });
    expect(nowhere.kind).toBe('unmade');
    gone.close();
  });
});
