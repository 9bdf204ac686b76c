import type { OperationAction } from '@underware/core';
import { UnderwareError } from '@underware/core';
import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type {
  AuditEntry,
  Capture,
  CaptureRequest,
  ConnectionFilter,
  Connections,
  DryRunPlan,
  EnrolledHost,
  Flows,
  Host,
  HostResidency,
  HostResidencyRequest,
  LiveMap,
  MapPage,
  MapRow,
  NsDescriptor,
  NsInstance,
  Operation,
  OperationStep,
  PacketEvent,
  Plan,
  Plugin,
  PluginUpgrade,
  SavedInventory,
  ServiceSummary,
  ServiceTree,
  Trace,
  TraceRequest,
  UpgradeRequest,
  Validation,
} from './api-types.js';
import { connectionTo } from './connection.js';
import type { ConnectionOptions } from './connection.js';
import { readEvents } from './event-stream.js';
import type { StreamEvent } from './event-stream.js';
import type { paths } from './generated/api.js';
import { errorOf } from './problem.js';

const MAPS = '/underware/v1/service_instances/{nsInstanceId}/plugin_instances/{key}/maps';
const CONNECTIONS = '/underware/v1/service_instances/{nsInstanceId}/connections';

export type Inputs = Record<string, unknown>;

/** The text of a descriptor of one file, or a package (CSAR) of several. */
export type DescriptorContent = string | Uint8Array;

/** What openapi-fetch gives back: the body, or what came instead of one. */
interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/**
 * The public API, one method per request. Everything it refuses is thrown as UnderwareError with the server's own report;
 * HOST_UNREACHABLE when nobody answers.
 */
export class UnderwareClient {
  private readonly api: Client<paths>;

  constructor(options: ConnectionOptions) {
    const { baseUrl, fetch } = connectionTo(options);
    this.api = createClient<paths>({ baseUrl, fetch });
  }

  validate(file: string, content: DescriptorContent, inputs: Inputs = {}): Promise<Validation> {
    return body(this.api.POST('/underware/v1/validate', { body: { file, inputs, ...withinJson(content) } }));
  }

  /** Plans and keeps nothing; for a service instance, what it has stays where it may and is compared with. */
  plan(
    file: string,
    content: DescriptorContent,
    inputs: Inputs = {},
    wanted: { nsInstanceId?: string; explain?: boolean } = {},
  ): Promise<DryRunPlan> {
    const request = { file, inputs, ...withinJson(content), ...wanted };
    return body(this.api.POST('/underware/v1/plans', { body: request }));
  }

  /** All hosts and plugins as planning sees them now. */
  inventory(): Promise<SavedInventory> {
    return body(this.api.GET('/underware/v1/inventory'));
  }

  planOf(nsInstanceId: string): Promise<Plan> {
    return body(this.api.GET('/underware/v1/plans/{nsInstanceId}', { params: { path: { nsInstanceId } } }));
  }

  /** Makes a descriptor resource and uploads its content; what is refused leaves no resource behind. */
  async onboardDescriptor(file: string, content: DescriptorContent): Promise<NsDescriptor> {
    const { id: nsdInfoId } = await body<NsDescriptor>(this.api.POST('/nsd/v1/ns_descriptors', { body: {} }));
    const path = { nsdInfoId };
    try {
      await body(
        this.api.PUT('/nsd/v1/ns_descriptors/{nsdInfoId}/nsd_content', {
          params: { path, query: { file } },
          // The document calls a binary body a string.
          body: '',
          bodySerializer: () => (typeof content === 'string' ? content : new Uint8Array(content)),
          headers: { 'content-type': typeof content === 'string' ? 'application/yaml' : 'application/zip' },
        }),
      );
    } catch (error) {
      await this.deleteDescriptor(nsdInfoId).catch(() => undefined);
      throw error;
    }
    return body(this.api.GET('/nsd/v1/ns_descriptors/{nsdInfoId}', { params: { path } }));
  }

  descriptors(): Promise<NsDescriptor[]> {
    return body(this.api.GET('/nsd/v1/ns_descriptors'));
  }

  deleteDescriptor(nsdInfoId: string): Promise<void> {
    return body(this.api.DELETE('/nsd/v1/ns_descriptors/{nsdInfoId}', { params: { path: { nsdInfoId } } }));
  }

  createInstance(nsdId: string, nsName: string, nsDescription: string): Promise<NsInstance> {
    return body(this.api.POST('/nslcm/v1/ns_instances', { body: { nsdId, nsName, nsDescription } }));
  }

  instances(): Promise<NsInstance[]> {
    return body(this.api.GET('/nslcm/v1/ns_instances'));
  }

  instance(nsInstanceId: string): Promise<NsInstance> {
    return body(
      this.api.GET('/nslcm/v1/ns_instances/{nsInstanceId}', { params: { path: { nsInstanceId } } }),
    );
  }

  deleteInstance(nsInstanceId: string): Promise<void> {
    return body(
      this.api.DELETE('/nslcm/v1/ns_instances/{nsInstanceId}', { params: { path: { nsInstanceId } } }),
    );
  }

  /** Returns the id of the operation that began. */
  instantiate(nsInstanceId: string, inputs: Inputs = {}): Promise<string> {
    return begun(
      this.api.POST('/nslcm/v1/ns_instances/{nsInstanceId}/instantiate', {
        params: { path: { nsInstanceId } },
        body: { additionalParamsForNs: { inputs } },
      }),
    );
  }

  /** Makes it what another descriptor says, or its own with other inputs. Returns the id of the operation that began. */
  update(nsInstanceId: string, wanted: { nsdId?: string; inputs?: Inputs }): Promise<string> {
    const { nsdId, inputs } = wanted;
    return begun(
      this.api.POST('/nslcm/v1/ns_instances/{nsInstanceId}/update', {
        params: { path: { nsInstanceId } },
        body: {
          updateType: 'ASSOC_NEW_NSD_VERSION',
          ...(nsdId === undefined ? {} : { assocNewNsdVersionData: { newNsdId: nsdId } }),
          ...(inputs === undefined ? {} : { additionalParamsForNs: { inputs } }),
        },
      }),
    );
  }

  /** Returns the id of the operation that began. */
  terminate(nsInstanceId: string): Promise<string> {
    const path = { nsInstanceId };
    return begun(
      this.api.POST('/nslcm/v1/ns_instances/{nsInstanceId}/terminate', { params: { path }, body: {} }),
    );
  }

  operations(): Promise<Operation[]> {
    return body(this.api.GET('/nslcm/v1/ns_lcm_op_occs'));
  }

  operation(nsLcmOpOccId: string): Promise<Operation> {
    return body(
      this.api.GET('/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}', { params: { path: { nsLcmOpOccId } } }),
    );
  }

  act(nsLcmOpOccId: string, action: OperationAction): Promise<void> {
    const path = { nsLcmOpOccId };
    return body(this.api.POST(`/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}/${action}`, { params: { path } }));
  }

  /** What the hosts did for an operation, in the order in which it was reported; `after` is a step's id. */
  steps(nsLcmOpOccId: string, after = '0'): Promise<OperationStep[]> {
    const params = { path: { nsLcmOpOccId }, query: { after } };
    return body(this.api.GET('/underware/v1/operations/{nsLcmOpOccId}/steps', { params }));
  }

  /** What the chain of a port does with a packet; nothing is sent. */
  trace(nsInstanceId: string, request: TraceRequest): Promise<Trace> {
    const params = { path: { nsInstanceId } };
    return body(
      this.api.POST('/underware/v1/service_instances/{nsInstanceId}/trace', { params, body: request }),
    );
  }

  /** Every service instance, and what of those that run is not as it must be. */
  services(): Promise<ServiceSummary[]> {
    return body(this.api.GET('/underware/v1/service_instances'));
  }

  /** The maps of a plugin instance, by its key. */
  maps(nsInstanceId: string, key: string): Promise<LiveMap[]> {
    const params = { path: { nsInstanceId, key } };
    return body(this.api.GET(MAPS, { params }));
  }

  mapRows(
    nsInstanceId: string,
    key: string,
    map: string,
    query: { offset?: number; limit?: number } = {},
  ): Promise<MapPage> {
    const params = { path: { nsInstanceId, key, map }, query };
    return body(this.api.GET(`${MAPS}/{map}`, { params }));
  }

  /** `entry`: the key of the entry as JSON. */
  mapEntry(nsInstanceId: string, key: string, map: string, entry: string): Promise<MapRow> {
    const params = { path: { nsInstanceId, key, map, entry } };
    return body(this.api.GET(`${MAPS}/{map}/entries/{entry}`, { params }));
  }

  async setMapEntry(
    nsInstanceId: string,
    key: string,
    map: string,
    entry: string,
    value: unknown,
  ): Promise<void> {
    const params = { path: { nsInstanceId, key, map, entry } };
    const request = { value } as { value: string };
    await accepted(this.api.PUT(`${MAPS}/{map}/entries/{entry}`, { params, body: request }));
  }

  async deleteMapEntry(nsInstanceId: string, key: string, map: string, entry: string): Promise<void> {
    const params = { path: { nsInstanceId, key, map, entry } };
    await accepted(this.api.DELETE(`${MAPS}/{map}/entries/{entry}`, { params }));
  }

  /** What the firewalls of a service let through just now. */
  connections(
    nsInstanceId: string,
    query: ConnectionFilter & { offset?: number; limit?: number } = {},
  ): Promise<Connections> {
    const params = { path: { nsInstanceId }, query };
    return body(this.api.GET(CONNECTIONS, { params }));
  }

  flushConnections(
    nsInstanceId: string,
    query: ConnectionFilter & { all?: boolean },
  ): Promise<{ flushed: number }> {
    const params = { path: { nsInstanceId }, query };
    return body(this.api.DELETE(CONNECTIONS, { params }));
  }

  service(nsInstanceId: string): Promise<ServiceTree> {
    const path = { nsInstanceId };
    return body(this.api.GET('/underware/v1/service_instances/{nsInstanceId}', { params: { path } }));
  }

  hosts(): Promise<Host[]> {
    return body(this.api.GET('/underware/v1/hosts'));
  }

  host(hostId: string): Promise<Host> {
    return body(this.api.GET('/underware/v1/hosts/{hostId}', { params: { path: { hostId } } }));
  }

  /** The answer holds the host's token, which is shown this once. */
  enrolHost(name: string, labels: Record<string, string> = {}): Promise<EnrolledHost> {
    return body(this.api.POST('/underware/v1/hosts', { body: { name, labels } }));
  }

  /** With force, also one that is gone for good and held something. */
  removeHost(hostId: string, force = false): Promise<void> {
    const params = { path: { hostId }, query: { force } };
    return body(this.api.DELETE('/underware/v1/hosts/{hostId}', { params }));
  }

  /** Of every host: what is loaded without a user, and why. */
  residency(): Promise<HostResidency[]> {
    return body(this.api.GET('/underware/v1/residency'));
  }

  setResidency(hostId: string, residency: HostResidencyRequest): Promise<void> {
    const params = { path: { hostId } };
    return body(this.api.PUT('/underware/v1/hosts/{hostId}/residency', { params, body: residency }));
  }

  plugins(): Promise<Plugin[]> {
    return body(this.api.GET('/underware/v1/plugins'));
  }

  removePlugin(digest: string): Promise<void> {
    return body(this.api.DELETE('/underware/v1/plugins/{digest}', { params: { path: { digest } } }));
  }

  /** Brings this version to the services that have another one of the plugin; their operations go on together. */
  upgradePlugin(digest: string, request: UpgradeRequest): Promise<PluginUpgrade> {
    const params = { path: { digest } };
    return body(this.api.POST('/underware/v1/plugins/{digest}/upgrade', { params, body: request }));
  }

  onboardPlugin(bytes: Uint8Array): Promise<Plugin> {
    return body(
      this.api.POST('/underware/v1/plugins', {
        // The document calls a binary body a string.
        body: '',
        bodySerializer: () => new Uint8Array(bytes),
        headers: { 'content-type': 'application/octet-stream' },
      }),
    );
  }

  audit(): Promise<AuditEntry[]> {
    return body(this.api.GET('/underware/v1/audit'));
  }

  /** The newest ones that plugins of the service reported, oldest first. */
  packetEvents(nsInstanceId: string, limit: number): Promise<PacketEvent[]> {
    const params = { path: { nsInstanceId }, query: { limit } };
    return body(this.api.GET('/underware/v1/packet_events/{nsInstanceId}', { params }));
  }

  /** Those with the most bytes first, as the probes of the service know them now; of one port, or of all. */
  flows(nsInstanceId: string, top: number, port?: string): Promise<Flows> {
    const params = { path: { nsInstanceId }, query: { top, ...(port === undefined ? {} : { port }) } };
    return body(this.api.GET('/underware/v1/flows/{nsInstanceId}', { params }));
  }

  /** Packets as they pass a port, as a pcapng file; answers when there are enough or the time is over. */
  async capture(nsInstanceId: string, request: CaptureRequest): Promise<Capture> {
    const path = { nsInstanceId };
    const { data, response } = await accepted(
      this.api.POST('/underware/v1/service_instances/{nsInstanceId}/capture', {
        params: { path },
        body: request,
        parseAs: 'arrayBuffer',
      }),
    );
    const number = (header: string): number => Number(response.headers.get(header) ?? 0);
    return {
      file: data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(),
      packets: number('Underware-Packets'),
      lost: number('Underware-Lost'),
    };
  }

  /** Empty when the VNF wrote nothing. */
  async logs(nsInstanceId: string, vnf: string, tail: number): Promise<string> {
    const params = { path: { nsInstanceId, vnf }, query: { tail } };
    const text = await body<string | undefined>(
      this.api.GET('/underware/v1/logs/{nsInstanceId}/{vnf}', { params, parseAs: 'text' }),
    );
    return text ?? '';
  }

  /** Follows what happens until the signal aborts or the server ends the stream. */
  async *events(
    filter: { service?: string; operation?: string },
    signal?: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    const stream = await body<ReadableStream<Uint8Array> | null>(
      this.api.GET('/underware/v1/events', {
        params: { query: filter },
        parseAs: 'stream',
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (stream) yield* readEvents(stream);
  }
}

function withinJson(content: DescriptorContent): { content: string } | { package: string } {
  return typeof content === 'string' ? { content } : { package: base64Of(content) };
}

/** In Node and in browsers; in pieces, because a function takes so many arguments and no more. */
function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  }
  return btoa(pieces.join(''));
}

/** The body of an answer; what was refused is thrown. `T` is the generated type, refined by `api-types.ts`. */
async function body<T>(asked: Promise<Answer>): Promise<T> {
  const { data } = await accepted(asked);
  return data as T;
}

async function accepted(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  const { response, error } = answer;
  if (response.ok) return answer;
  throw errorOf(response, error, `call ${new URL(response.url || 'http://api/').pathname}`);
}

/** The operation that an accepted request began. */
async function begun(asked: Promise<Answer>): Promise<string> {
  const { response } = await accepted(asked);
  const operation = response.headers.get('location')?.split('/').at(-1);
  if (operation !== undefined && operation !== '') return operation;
  throw new UnderwareError({
    code: 'INTERNAL',
    attempted: 'begin an operation',
    on: response.url,
    why: 'the answer does not say where the operation is (Location)',
    remedy: 'Check that the address is that of an Underware orchestrator',
  });
}
