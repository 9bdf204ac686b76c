import { nearestName } from '@underware/core';
import { portNames } from '../port-names.js';
import { parsePrefix } from '../prefix.js';
import type { ModelContext, ModelFinding } from '../underservice-kind.js';
import { checkGroups, fewOf, groupNames, MOST_FINDINGS } from './check-groups.js';
import { isRecord, RULE_PROPERTIES } from './model.js';

/** What the node type cannot say: names that exist, ports only where a protocol has them, rules that can be told apart. */
export function checkFirewall(model: Record<string, unknown>, context: ModelContext): ModelFinding[] {
  const findings: ModelFinding[] = checkGroups(model, context);
  const rules: readonly unknown[] = Array.isArray(model['rules']) ? model['rules'] : [];
  const names = new Set<unknown>();
  const own = new Set(['any', ...groupNames(model)]);
  const ports = portNames(context.ports);
  let shadowedBy: unknown;
  for (const [i, rule] of rules.entries()) {
    // The node type says so.
    if (!isRecord(rule)) continue;
    if (findings.length > MOST_FINDINGS) return findings;
    const at = (property: string, finding: Pick<ModelFinding, 'code' | 'message'> & Partial<ModelFinding>) =>
      findings.push({ severity: 'error', path: ['rules', i, property], at: 'value', ...finding });
    for (const property of Object.keys(rule)) {
      if (RULE_PROPERTIES.includes(property)) continue;
      at(property, {
        code: 'RULE_INVALID',
        at: 'key',
        message: `No rule has a ${property.slice(0, 80)}: what it says would be left out`,
        expected: `one of ${RULE_PROPERTIES.join(', ')}`,
      });
    }
    if (names.has(rule['name'])) {
      at('name', {
        code: 'NAME_DUPLICATE',
        message: `A rule named ${String(rule['name'])} exists already`,
        expected: 'a name of its own for every rule',
      });
    }
    if (typeof rule['name'] === 'string') names.add(rule['name']);
    for (const end of ['from', 'to']) {
      const value = rule[end];
      if (typeof value !== 'string' || own.has(value) || ports.has(value) || parsePrefix(value) !== undefined)
        continue;
      const nearest = nearestName(value, [...own, ...ports]);
      at(end, {
        code: 'REFERENCE_UNKNOWN',
        message: `${value} is neither a prefix nor a port of this descriptor nor a group`,
        expected: `a prefix, or one of ${fewOf([own, ports])}`,
        ...(nearest === undefined ? {} : { nearest }),
      });
    }
    for (const property of ['ports', 'source_ports']) {
      if (rule[property] === undefined || rule['protocol'] === 'tcp' || rule['protocol'] === 'udp') continue;
      if (typeof rule['protocol'] !== 'string') continue;
      at(property, {
        code: 'RULE_INVALID',
        message: `Ports need a protocol that has them, not ${rule['protocol']}`,
        expected: 'protocol: tcp or protocol: udp',
      });
    }
    checkFamilies(rule, at);
    if (shadowedBy !== undefined) {
      at('name', {
        code: 'RULE_UNREACHABLE',
        severity: 'warning',
        message: `Rule ${String(rule['name'])} is never reached: ${String(shadowedBy)} matches every packet before it`,
      });
    } else if (matchesEverything(rule)) {
      shadowedBy = rule['name'];
    }
  }
  return findings;
}

function checkFamilies(
  rule: Record<string, unknown>,
  at: (property: string, finding: Pick<ModelFinding, 'code' | 'message' | 'expected'>) => void,
): void {
  const from = typeof rule['from'] === 'string' ? parsePrefix(rule['from']) : undefined;
  const to = typeof rule['to'] === 'string' ? parsePrefix(rule['to']) : undefined;
  if (from === undefined || to === undefined || from.family === to.family) return;
  at('to', {
    code: 'RULE_INVALID',
    message: `from is ${from.family} and to is ${to.family}: no packet is both`,
    expected: `an ${from.family} prefix`,
  });
}

function matchesEverything(rule: Record<string, unknown>): boolean {
  return (
    rule['from'] === 'any' &&
    rule['to'] === 'any' &&
    rule['protocol'] === 'any' &&
    rule['ports'] === undefined &&
    rule['source_ports'] === undefined
  );
}
