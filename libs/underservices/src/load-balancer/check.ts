import { parsePrefix } from '../prefix.js';
import type { ModelFinding } from '../underservice-kind.js';
import { isRecord } from './model.js';

/** What the node type cannot say: what can be told apart, and what the plugin does. */
export function checkBalancer(model: Record<string, unknown>): ModelFinding[] {
  return [...checkAddresses(model), ...checkServices(model), ...checkMode(model), ...checkHealth(model)];
}

function checkAddresses(model: Record<string, unknown>): ModelFinding[] {
  const families = new Set<string>();
  return listOf(model['addresses']).flatMap((text, i): ModelFinding[] => {
    const family = typeof text === 'string' ? parsePrefix(text)?.family : undefined;
    if (family === undefined || !families.has(family)) {
      if (family !== undefined) families.add(family);
      return [];
    }
    return [invalid(['addresses', i], `It has an ${family} address already`, 'at most one of each family')];
  });
}

function checkServices(model: Record<string, unknown>): ModelFinding[] {
  const served = new Map<string, string>();
  return listOf(model['services']).flatMap((service, i): ModelFinding[] => {
    if (!isRecord(service)) return [];
    const { protocol, port, name } = service;
    const key = `${String(protocol)} ${String(port)}`;
    const other = served.get(key);
    if (other === undefined) {
      served.set(key, String(name));
      return [];
    }
    return [
      invalid(
        ['services', i, 'port'],
        `${other} is at ${key} already`,
        'a port of its own for every service of a protocol',
      ),
    ];
  });
}

function checkMode({ mode }: Record<string, unknown>): ModelFinding[] {
  if (mode !== 'direct') return [];
  return [
    invalid(
      ['mode'],
      'Backends would have to own the virtual address, which no agent gives them yet: answers always go back by the balancer',
      'nat',
    ),
  ];
}

/** A check goes the way of a client, so there must be one that a check can go. */
function checkHealth({ health_check: check, services }: Record<string, unknown>): ModelFinding[] {
  if (!isRecord(check)) return [];
  const findings: ModelFinding[] = [];
  if (!listOf(services).some((service) => isRecord(service) && service['protocol'] === 'tcp')) {
    const why = 'Checks are made as connections to a service by TCP, and there is none';
    findings.push(invalid(['health_check'], why, 'a service with protocol tcp beside it'));
  }
  for (const only of ['path', 'status']) {
    if (check['protocol'] === 'http' || check[only] === undefined) continue;
    const why = `A check that only connects has no ${only}`;
    findings.push(invalid(['health_check', only], why, 'it with protocol: http'));
  }
  return findings;
}

function invalid(path: (string | number)[], message: string, expected: string): ModelFinding {
  return { code: 'RULE_INVALID', severity: 'error', path, at: 'value', message, expected };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
