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

function checkHealth({ health_check: check }: Record<string, unknown>): ModelFinding[] {
  if (check === undefined) return [];
  return [
    invalid(
      ['health_check'],
      'No agent looks at backends yet: all of them count as healthy',
      'no health_check here; one of a VNF says how that is',
    ),
  ];
}

function invalid(path: (string | number)[], message: string, expected: string): ModelFinding {
  return { code: 'RULE_INVALID', severity: 'error', path, at: 'value', message, expected };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
