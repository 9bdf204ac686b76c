import type { OperationState } from '@underware/core';
import { waitFor } from '@underware/testkit';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  bytes: Buffer;
  body: unknown;
}

export interface CallOptions {
  token?: string | null;
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

/** A plain HTTP caller: nothing of the product's own client, so that mistakes do not cancel out. */
export class Api {
  constructor(
    private readonly address: string,
    private readonly stateDir: string,
  ) {}

  get adminToken(): string {
    return readFileSync(join(this.stateDir, 'admin.token'), 'utf8').trim();
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token = this.adminToken, body, type = 'application/json', headers = {} } = options;
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const target = this.address.startsWith('/')
      ? { socketPath: this.address, path }
      : { host: new URL(this.address).hostname, port: new URL(this.address).port, path };
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...target,
          method,
          agent: false,
          headers: {
            ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
            ...(payload === undefined ? {} : { 'Content-Type': type }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const text = bytes.toString();
            const isJson = /json/.test(response.headers['content-type'] ?? '');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              bytes,
              body: isJson && text !== '' ? JSON.parse(text) : undefined,
            });
          });
        },
      );
      call.on('error', reject);
      call.end(payload);
    });
  }

  /** A call that must be answered with this status; gives back the body. */
  async expect<T = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<T> {
    const answer = await this.call(method, path, options);
    if (answer.status !== status) {
      throw new Error(`${method} ${path} was answered with ${answer.status}, not ${status}: ${answer.text}`);
    }
    return answer.body as T;
  }

  async enrol(
    name: string,
    labels: Record<string, string> = {},
  ): Promise<{ id: string; token: string; queueUrl: string }> {
    return this.expect(201, 'POST', '/underware/v1/hosts', { body: { name, labels } });
  }

  /** Onboards a descriptor and creates a service instance of it; gives back the instance's id. */
  async createInstance(yaml: string, name = 'uwt'): Promise<string> {
    const instance = await this.expect<{ id: string }>(201, 'POST', '/nslcm/v1/ns_instances', {
      body: { nsdId: await this.onboard(yaml), nsName: name },
    });
    return instance.id;
  }

  /** Gives back the id of the descriptor. */
  async onboard(yaml: string): Promise<string> {
    const descriptor = await this.expect<{ id: string }>(201, 'POST', '/nsd/v1/ns_descriptors', { body: {} });
    const content = `/nsd/v1/ns_descriptors/${descriptor.id}/nsd_content`;
    await this.expect(204, 'PUT', content, { body: yaml, type: 'application/yaml' });
    return descriptor.id;
  }

  /** Starts an operation; gives back its path. */
  async start(
    instance: string,
    what: 'instantiate' | 'update' | 'terminate',
    body: unknown = {},
  ): Promise<string> {
    const answer = await this.call('POST', `/nslcm/v1/ns_instances/${instance}/${what}`, { body });
    if (answer.status !== 202) throw new Error(`${what} was answered with ${answer.status}: ${answer.text}`);
    return String(answer.headers['location']);
  }

  async operation(path: string): Promise<{
    operationState: OperationState;
    phase: string;
    error?: { status: number; report?: { code: string; on: string; why: string } };
  }> {
    return this.expect(200, 'GET', path);
  }

  async nsState(instance: string): Promise<string> {
    const body = await this.expect<{ nsState: string }>(200, 'GET', `/nslcm/v1/ns_instances/${instance}`);
    return body.nsState;
  }

  /** Waits until an operation is in one of these states. */
  async settle(path: string, ...states: OperationState[]): Promise<OperationState> {
    return waitFor(
      `${path} to be ${states.join(' or ')}`,
      async () => {
        const { operationState } = await this.operation(path);
        return states.includes(operationState) ? operationState : undefined;
      },
      { deadlineMs: 30_000, everyMs: 20 },
    );
  }
}
