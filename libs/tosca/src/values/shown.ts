import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';

const LONGEST = 80;

/** A text of a file within a sentence. */
export function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A value within a sentence: a scalar as it is written, else what it is. */
export function shown(node: SourceNode): string {
  if (node.kind === 'list') return 'A list';
  if (node.kind === 'map') return 'A mapping';
  if (node.value === UNRESOLVED) return 'A value that is not known yet';
  if (node.value === null) return 'null';
  return node.quoted || node.value === '' ? JSON.stringify(clip(node.text)) : clip(node.text);
}

/** An expression within a sentence, in flow style. */
export function shownExpression(node: SourceNode, left = 160): string {
  if (left <= 0) return '…';
  switch (node.kind) {
    case 'scalar':
      return node.quoted ? JSON.stringify(clip(node.text)) : clip(node.text);
    case 'list': {
      const parts: string[] = [];
      for (const item of node.items.slice(0, 8))
        parts.push(shownExpression(item, left - parts.join().length));
      return `[${[...parts, ...(node.items.length > 8 ? ['…'] : [])].join(', ')}]`;
    }
    case 'map': {
      const parts: string[] = [];
      for (const [key, { node: value }] of node.entries) {
        if (parts.length === 8) break;
        parts.push(`${clip(key)}: ${shownExpression(value, left - parts.join().length - key.length)}`);
      }
      return parts.join(', ');
    }
  }
}

/** `a float`, `an integer`. */
export function withArticle(noun: string): string {
  return /^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`;
}

/** Names within a sentence. */
export function oneOf(names: Iterable<string>): string | undefined {
  const list: string[] = [];
  for (const name of names) {
    if (list.length === 12) {
      list.push('…');
      break;
    }
    list.push(clip(name));
  }
  return list.length === 0 ? undefined : list.length === 1 ? list[0] : `one of ${list.join(', ')}`;
}
