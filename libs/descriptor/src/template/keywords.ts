import { nearestName } from '@underware/underservices';
import type { Findings } from '../finding.js';
import type { ListNode, MapNode, SourceNode } from '../source/source-node.js';

/** The keywords of one construct: those read, those that say nothing to the compiler, those it cannot honour yet. */
export interface Keywords {
  read: readonly string[];
  ignored?: readonly string[];
  unsupported?: readonly string[];
}

export function checkKeywords(map: MapNode, where: string, keywords: Keywords, findings: Findings): void {
  const { read, ignored = [], unsupported = [] } = keywords;
  const known = new Set([...read, ...ignored]);
  for (const [key, { keyOffset }] of map.entries) {
    if (known.has(key)) continue;
    if (unsupported.includes(key)) {
      findings.add(keyOffset, {
        code: 'UNSUPPORTED',
        message: `${key} of ${where} is TOSCA that this version cannot honour`,
        expected: `${where} without ${key}`,
      });
      continue;
    }
    findings.add(keyOffset, {
      code: 'KEYWORD_UNKNOWN',
      message: `Unknown keyword ${key.slice(0, 80)} in ${where}`,
      expected: `one of ${read.join(', ')}`,
      nearest: nearestName(key, [...known, ...unsupported]),
    });
  }
}

/** The mapping at a key, or undefined where there is none; anything else is a finding. */
export function mapAt(parent: MapNode, key: string, findings: Findings): MapNode | undefined {
  const node = parent.entries.get(key)?.node;
  return node === undefined || isEmpty(node) ? undefined : asMap(node, key, findings);
}

export function listAt(parent: MapNode, key: string, findings: Findings): ListNode | undefined {
  const node = parent.entries.get(key)?.node;
  if (node === undefined || isEmpty(node)) return undefined;
  if (node.kind === 'list') return node;
  findings.add(node.offset, {
    code: 'KEYWORD_INVALID',
    message: `${key} must be a list`,
    expected: `- one entry per line`,
  });
  return undefined;
}

/** The text at a key as it was written: a version 1.10 stays 1.10. */
export function textAt(parent: MapNode, key: string, findings: Findings): string | undefined {
  const node = parent.entries.get(key)?.node;
  if (node === undefined || isEmpty(node)) return undefined;
  if (node.kind === 'scalar') return node.text;
  findings.add(node.offset, { code: 'KEYWORD_INVALID', message: `${key} must be text`, expected: 'text' });
  return undefined;
}

export function asMap(node: SourceNode, what: string, findings: Findings): MapNode | undefined {
  if (node.kind === 'map') return node;
  findings.add(node.offset, {
    code: 'KEYWORD_INVALID',
    message: `${what} must be a mapping`,
    expected: 'name: value, one per line',
  });
  return undefined;
}

export function isEmpty(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
