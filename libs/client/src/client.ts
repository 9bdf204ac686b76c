import type { OperationAction } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type {
  AuditEntry,
  EnrolledHost,
  Host,
  NsDescriptor,
  NsInstance,
  Operation,
  OperationStep,
  Plan,
  Plugin,
  ServiceTree,
  Validation,
} from './api-types.js';
import { connectionTo } from './connection.js';
import type { Connection, ConnectionOptions } from './connection.js';
import { readEvents } from './event-stream.js';
import type { StreamEvent } from './event-stream.js';
import { errorOf } from './problem.js';

export type Inputs = Record<string, unknown>;

/**
 * The public API, one method per request. Everything it refuses is thrown as UnderwareError with the server's own report;
 * HOST_UNREACHABLE when nobody answers.
 */
export class UnderwareClient {
  private readonly connection: Connection;

  constructor(options: ConnectionOptions) {
    this.connection = connectionTo(options);
  }

  validate(file: string, content: string, inputs: Inputs = {}): Promise<Validation> {
    return this.call('POST', '/underware/v1/validate', { json: { file, content, inputs } });
  }

  plan(file: string, content: string, inputs: Inputs = {}): Promise<Plan> {
    return this.call('POST', '/underware/v1/plans', { json: { file, content, inputs } });
  }

  planOf(nsInstanceId: string): Promise<Plan> {
    return this.call('GET', `/underware/v1/plans/${encodeURIComponent(nsInstanceId)}`);
  }

  /** Makes a descriptor resource and uploads its text; a refused text leaves no resource behind. */
  async onboardDescriptor(file: string, content: string): Promise<NsDescriptor> {
    const { id } = await this.call<NsDescriptor>('POST', '/nsd/v1/ns_descriptors', { json: {} });
    try {
      await this.call('PUT', `/nsd/v1/ns_descriptors/${id}/nsd_content?file=${encodeURIComponent(file)}`, {
        yaml: content,
      });
    } catch (error) {
      await this.deleteDescriptor(id).catch(() => undefined);
      throw error;
    }
    return this.call('GET', `/nsd/v1/ns_descriptors/${id}`);
  }

  descriptors(): Promise<NsDescriptor[]> {
    return this.call('GET', '/nsd/v1/ns_descriptors');
  }

  deleteDescriptor(id: string): Promise<void> {
    return this.call('DELETE', `/nsd/v1/ns_descriptors/${encodeURIComponent(id)}`);
  }

  createInstance(nsdId: string, nsName: string, nsDescription: string): Promise<NsInstance> {
    return this.call('POST', '/nslcm/v1/ns_instances', { json: { nsdId, nsName, nsDescription } });
  }

  instances(): Promise<NsInstance[]> {
    return this.call('GET', '/nslcm/v1/ns_instances');
  }

  instance(id: string): Promise<NsInstance> {
    return this.call('GET', `/nslcm/v1/ns_instances/${encodeURIComponent(id)}`);
  }

  deleteInstance(id: string): Promise<void> {
    return this.call('DELETE', `/nslcm/v1/ns_instances/${encodeURIComponent(id)}`);
  }

  /** Returns the id of the operation that began. */
  instantiate(id: string, inputs: Inputs = {}): Promise<string> {
    return this.begin(`/nslcm/v1/ns_instances/${encodeURIComponent(id)}/instantiate`, {
      additionalParamsForNs: { inputs },
    });
  }

  /** Returns the id of the operation that began. */
  terminate(id: string): Promise<string> {
    return this.begin(`/nslcm/v1/ns_instances/${encodeURIComponent(id)}/terminate`, {});
  }

  operations(): Promise<Operation[]> {
    return this.call('GET', '/nslcm/v1/ns_lcm_op_occs');
  }

  operation(id: string): Promise<Operation> {
    return this.call('GET', `/nslcm/v1/ns_lcm_op_occs/${encodeURIComponent(id)}`);
  }

  act(operation: string, action: OperationAction): Promise<void> {
    return this.call('POST', `/nslcm/v1/ns_lcm_op_occs/${encodeURIComponent(operation)}/${action}`, {
      json: {},
    });
  }

  /** What the hosts did for an operation so far, in the order in which it was reported; `after` is a step's id. */
  steps(operation: string, after = '0'): Promise<OperationStep[]> {
    return this.call('GET', `/underware/v1/operations/${encodeURIComponent(operation)}/steps?after=${after}`);
  }

  service(nsInstanceId: string): Promise<ServiceTree> {
    return this.call('GET', `/underware/v1/service_instances/${encodeURIComponent(nsInstanceId)}`);
  }

  hosts(): Promise<Host[]> {
    return this.call('GET', '/underware/v1/hosts');
  }

  host(id: string): Promise<Host> {
    return this.call('GET', `/underware/v1/hosts/${encodeURIComponent(id)}`);
  }

  /** The answer holds the host's token, which is shown this once. */
  enrolHost(name: string, labels: Record<string, string> = {}): Promise<EnrolledHost> {
    return this.call('POST', '/underware/v1/hosts', { json: { name, labels } });
  }

  removeHost(id: string): Promise<void> {
    return this.call('DELETE', `/underware/v1/hosts/${encodeURIComponent(id)}`);
  }

  plugins(): Promise<Plugin[]> {
    return this.call('GET', '/underware/v1/plugins');
  }

  onboardPlugin(bytes: Uint8Array): Promise<Plugin> {
    return this.call('POST', '/underware/v1/plugins', { bytes });
  }

  audit(): Promise<AuditEntry[]> {
    return this.call('GET', '/underware/v1/audit');
  }

  async logs(nsInstanceId: string, vnf: string, tail: number): Promise<string> {
    const path = `/underware/v1/logs/${encodeURIComponent(nsInstanceId)}/${encodeURIComponent(vnf)}?tail=${tail}`;
    return (await this.send('GET', path)).text();
  }

  /** Follows what happens until the signal aborts or the server ends the stream. */
  async *events(
    filter: { service?: string; operation?: string },
    signal?: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    const query = new URLSearchParams(Object.entries(filter)).toString();
    const response = await this.send(
      'GET',
      `/underware/v1/events${query === '' ? '' : `?${query}`}`,
      {},
      signal,
    );
    if (response.body) yield* readEvents(response.body);
  }

  private async begin(path: string, json: object): Promise<string> {
    const { headers } = await this.send('POST', path, { json });
    const operation = headers.get('location')?.split('/').at(-1);
    if (operation !== undefined && operation !== '') return operation;
    throw new UnderwareError({
      code: 'INTERNAL',
      attempted: 'begin an operation',
      on: path,
      why: 'the answer does not say where the operation is (Location)',
      remedy: 'Check that the address is that of an Underware orchestrator',
    });
  }

  private async call<T>(method: string, path: string, body: Body = {}): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async send(method: string, path: string, body: Body = {}, signal?: AbortSignal): Promise<Response> {
    const response = await this.connection.fetch(`${this.connection.baseUrl}${path}`, {
      method,
      ...contentOf(body),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    throw await errorOf(response, `${method} ${path}`);
  }
}

interface Body {
  json?: object;
  yaml?: string;
  bytes?: Uint8Array;
}

function contentOf({ json, yaml, bytes }: Body): {
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
} {
  if (json !== undefined)
    return { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  if (yaml !== undefined) return { body: yaml, headers: { 'content-type': 'application/yaml' } };
  if (bytes !== undefined)
    return { body: new Uint8Array(bytes), headers: { 'content-type': 'application/octet-stream' } };
  return {};
}
