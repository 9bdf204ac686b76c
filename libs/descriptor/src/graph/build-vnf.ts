import { RUNTIMES } from '@underware/core';
import type { HealthCheck, Hugepages, Runtime, SourcePosition, Vnf } from '@underware/core';
import type { ServiceNode } from '../service/service-node.js';
import type { ServicePolicies } from './build-policies.js';
import {
  readList,
  readNumber,
  readNumberMap,
  readOneOf,
  readStruct,
  readText,
  readTextMap,
  readTexts,
} from './read-values.js';

export function buildVnf(
  { name, properties }: ServiceNode,
  { scaling, healing }: ServicePolicies,
  position: SourcePosition,
): Vnf {
  const image = readText(properties['image']);
  const healthCheck = buildHealthCheck(properties['health_check']);
  const hugepages = readList(properties['hugepages']).map((each): Hugepages => {
    const pages = readStruct(each);
    return { pageBytes: readNumber(pages['page_size']), count: readNumber(pages['count']) };
  });
  const devices = readNumberMap(properties['devices']);
  const scaled = scaling.get(name);
  const healed = healing.get(name);
  return {
    name,
    runtimes: runtimesOf(properties['runtimes']),
    ...(image === '' ? {} : { image }),
    command: readTexts(properties['command']),
    environment: readTextMap(properties['environment']),
    cpus: readNumber(properties['cpus'], 0.5),
    memoryBytes: readNumber(properties['memory']),
    ...(hugepages.length === 0 ? {} : { hugepages }),
    ...(Object.keys(devices).length === 0 ? {} : { devices }),
    ...(healthCheck === undefined ? {} : { healthCheck }),
    hostLabels: readTextMap(properties['host_labels']),
    ...(scaled === undefined ? {} : { scaling: scaled }),
    ...(healed === undefined ? {} : { healing: healed }),
    position,
  };
}

function runtimesOf(written: unknown): Runtime[] {
  const names = [...new Set(readTexts(written))];
  return names.flatMap((name) => RUNTIMES.filter((runtime) => runtime === name));
}

function buildHealthCheck(value: unknown): HealthCheck | undefined {
  if (value === undefined) return undefined;
  const check = readStruct(value);
  const kind = readOneOf(check['kind'], ['tcp', 'http', 'command']);
  return {
    kind,
    ...(typeof check['port'] === 'number' && kind !== 'command' ? { port: check['port'] } : {}),
    ...(kind === 'http' ? { path: readText(check['path']) || '/' } : {}),
    ...(kind === 'command' ? { command: readTexts(check['command']) } : {}),
    intervalSeconds: readNumber(check['interval'], 5),
    timeoutSeconds: readNumber(check['timeout'], 2),
    retries: readNumber(check['retries'], 3),
  };
}
