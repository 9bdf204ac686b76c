import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnderwareClient } from './client.js';
import { followOperation, waitText } from './follow-operation.js';
import type { Progress } from './follow-operation.js';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

function wordOf(progress: Progress): string {
  if (progress.kind === 'step') return progress.step.name;
  return progress.kind === 'waiting' ? waitText(progress) : progress.operation.operationState;
}

let directory: string;
let socket: string;
let server: Server;
let handle: Handler;
let client: UnderwareClient;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-client-'));
  socket = join(directory, 'api.sock');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handle(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  client = new UnderwareClient({ url: `unix:${socket}`, token: 'secret', remedy: 'Run it' });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

function json(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

describe('the client over a UNIX socket', () => {
  it('sends the token and the body, and gives back the body of the answer', async () => {
    let seen: unknown;
    handle = ({ method, url, headers }, response, body) => {
      seen = { method, url, authorization: headers.authorization, body: JSON.parse(body) as unknown };
      json(response, 201, { id: '1', name: 'h1', token: 't', queueUrl: 'redis://x' });
    };
    await expect(client.enrolHost('h1', { rack: 'a' })).resolves.toMatchObject({ token: 't' });
    expect(seen).toEqual({
      method: 'POST',
      url: '/underware/v1/hosts',
      authorization: 'Bearer secret',
      body: { name: 'h1', labels: { rack: 'a' } },
    });
  });

  it('throws the report that the server sent', async () => {
    const report = {
      code: 'NOT_FOUND',
      attempted: 'read',
      on: 'x',
      why: 'it is not there',
      remedy: 'Look again',
    };
    handle = (_request, response) =>
      json(response, 404, { type: 'about:blank', title: 'Not Found', status: 404, detail: 'd', report });
    await expect(client.host('x')).rejects.toMatchObject({ code: 'NOT_FOUND', report });
  });

  it('makes an error of an answer that is no problem document', async () => {
    handle = (_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>oops</h1>');
    await expect(client.hosts()).rejects.toMatchObject({
      code: 'INTERNAL',
      report: { why: expect.stringContaining('502') },
    });
  });

  it('says what to do when nobody answers', async () => {
    const lost = new UnderwareClient({ url: `unix:${socket}.absent`, token: 'x', remedy: 'Run it' });
    await expect(lost.hosts()).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      report: { remedy: 'Run it' },
    });
  });

  it('uploads a descriptor as YAML and removes the resource when the text is refused', async () => {
    const calls: string[] = [];
    handle = ({ method, url, headers }, response, body) => {
      calls.push(`${method} ${url} ${headers['content-type'] ?? ''} ${body}`);
      if (method === 'POST') return json(response, 201, { id: 'd1' });
      if (method === 'DELETE') return response.writeHead(204).end();
      json(response, 422, {});
    };
    await expect(client.onboardDescriptor('a b.yaml', 'x: 1')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(calls[1]).toBe('PUT /nsd/v1/ns_descriptors/d1/nsd_content?file=a%20b.yaml application/yaml x: 1');
    expect(calls[2]).toMatch(/^DELETE \/nsd\/v1\/ns_descriptors\/d1/);
  });

  it('uploads a descriptor of several files as a package, and sends it within a request for a plan', async () => {
    const csar = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
    const sent: { type: string; body: string }[] = [];
    handle = ({ method, headers }, response, body) => {
      sent.push({ type: headers['content-type'] ?? '', body });
      return method === 'PUT' ? response.writeHead(204).end() : json(response, 201, { id: 'd1' });
    };
    await client.onboardDescriptor('a.csar', csar);
    expect(sent[1]).toMatchObject({ type: 'application/zip' });
    await client.plan('a.csar', csar);
    const { package: packed, ...rest } = JSON.parse(sent.at(-1)?.body ?? '') as { package: string };
    expect(rest).toEqual({ file: 'a.csar', inputs: {} });
    expect(Buffer.compare(Buffer.from(packed, 'base64'), csar)).toBe(0);
  });

  it('sends a package as bytes, unchanged', async () => {
    const bytes = new Uint8Array([0, 255, 128, 10]);
    let length: string | undefined;
    handle = ({ headers }, response) => {
      length = headers['content-length'];
      json(response, 201, { digest: 'sha256:0' });
    };
    await expect(client.onboardPlugin(bytes)).resolves.toMatchObject({ digest: 'sha256:0' });
    expect(length).toBe('4');
  });

  it('takes the operation from the Location header', async () => {
    handle = (_request, response) =>
      response.writeHead(202, { location: '/nslcm/v1/ns_lcm_op_occs/op1' }).end();
    await expect(client.terminate('i1')).resolves.toBe('op1');
  });

  it('reads events across chunk borders until the stream ends', async () => {
    handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: step\ndata: {"name":"lo');
      response.write('ad"}\n\nevent: host\ndata: {"ready":true}\n\n');
      response.end();
    };
    const events = [];
    for await (const { event, data } of client.events({ service: 's' })) events.push({ event, data });
    expect(events).toEqual([
      { event: 'step', data: { name: 'load' } },
      { event: 'host', data: { ready: true } },
    ]);
  });
});

describe('following an operation', () => {
  it('tells every step once, and last the operation at rest', async () => {
    const steps = [
      { id: '1', name: 'b', at: '2026-01-01T00:00:00.002Z' },
      { id: '2', name: 'a', at: '2026-01-01T00:00:00.001Z' },
      { id: '3', name: 'c', at: '2026-01-01T00:00:00.003Z' },
    ];
    let asked = 0;
    handle = ({ url }, response) => {
      if (!url?.includes('/steps')) {
        asked += 1;
        return json(response, 200, {
          operationState: asked < 3 ? 'PROCESSING' : 'COMPLETED',
          phase: 'starting',
        });
      }
      const after = Number(new URL(url, 'http://x').searchParams.get('after'));
      json(response, 200, steps.slice(after, asked === 1 ? 2 : 3));
    };
    const told = [];
    for await (const progress of followOperation(client, 'op')) told.push(wordOf(progress));
    expect(told).toEqual(['a', 'b', 'PROCESSING', 'c', 'COMPLETED']);
  });

  it('tells once for whom it waits, and why where a host is not ready', async () => {
    let asked = 0;
    handle = ({ url }, response) => {
      if (url?.includes('/steps')) return json(response, 200, []);
      if (url?.includes('/hosts'))
        return json(response, 200, [
          { name: 'h1', ready: true },
          { name: 'h2', ready: false, reason: 'its agent was last heard of at noon' },
        ]);
      asked += 1;
      const waitsFor = {
        hosts: ['h1', 'h2'],
        since: asked === 1 ? new Date().toISOString() : '2026-01-01T00:00:00.000Z',
      };
      json(response, 200, {
        operationState: asked < 4 ? 'PROCESSING' : 'COMPLETED',
        phase: 'stopping',
        waitsFor,
      });
    };
    const told = [];
    for await (const progress of followOperation(client, 'op')) told.push(wordOf(progress));
    expect(told).toEqual(['PROCESSING', 'h1, h2 (its agent was last heard of at noon)', 'COMPLETED']);
  });

  it('lives through a restart of the orchestrator', async () => {
    let asked = 0;
    handle = ({ url, socket: connection }, response) => {
      if (url?.includes('/steps')) return json(response, 200, []);
      asked += 1;
      if (asked === 1) return void connection.destroy();
      json(response, 200, { operationState: 'COMPLETED', phase: 'done' });
    };
    const told = [];
    for await (const progress of followOperation(client, 'op')) told.push(progress.kind);
    expect(told).toEqual(['operation']);
  });

  it('gives up when the orchestrator stays away', async () => {
    const lost = new UnderwareClient({ url: `unix:${socket}.absent`, token: 'x' });
    await expect(followOperation(lost, 'op', { patienceMs: 0 }).next()).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
    });
  });
});
