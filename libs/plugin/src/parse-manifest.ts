import type { PluginManifest, SourcePosition } from '@underware/core';
import { LineCounter, isMap, isNode, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { manifestSchema, toManifest } from './manifest-schema.js';
import { packageError } from './package-error.js';

const LARGEST_TEXT = 64 * 1024;

interface Problem {
  position: SourcePosition;
  message: string;
}

/**
 * Reads a plugin.yaml. PACKAGE_MALFORMED lists every problem in its detail as `file:line:column: message` with the
 * line itself below.
 */
export function parseManifest(source: { file: string; text: string }): PluginManifest {
  if (source.text.length > LARGEST_TEXT)
    throw packageError('PACKAGE_MALFORMED', source.file, `it is longer than ${LARGEST_TEXT} characters`);
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line, column: col };
  };
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    position: at(error.pos[0]),
    message: error.message,
  }));
  if (syntax.length > 0) throw refusal(source, syntax);
  const parsed = manifestSchema.safeParse(toPlain(document, source));
  if (parsed.success) return toManifest(parsed.data);
  throw refusal(
    source,
    parsed.error.issues.map((issue) => ({
      position: at(offsetOf(document, issue)),
      message: `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`,
    })),
  );
}

function toPlain(document: Document.Parsed, source: { file: string; text: string }): unknown {
  try {
    return document.toJS({ maxAliasCount: 16 });
  } catch (error) {
    // Aliases that expand without bound, or that name no anchor.
    const message = error instanceof Error ? error.message : String(error);
    throw refusal(source, [{ position: { file: source.file, line: 1, column: 1 }, message }]);
  }
}

/** Where the text has what an issue is about: the key it names, else the nearest enclosing node. */
function offsetOf(document: Document.Parsed, issue: z.core.$ZodIssue): number {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isNode(item.key) && String(item.key) === issue.keys[0])
      : undefined;
    if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
  }
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range[0] ?? 0;
}

function refusal(source: { file: string; text: string }, problems: Problem[]) {
  const text = source.text.split('\n');
  const detail = problems
    .map(
      ({ position: { file, line, column }, message }) =>
        `${file}:${line}:${column}: ${message}\n    ${text[line - 1]?.trimEnd() ?? ''}`,
    )
    .join('\n');
  const [first] = problems;
  const where = first
    ? `${first.position.file}:${first.position.line}:${first.position.column}`
    : source.file;
  const why = first ? first.message.split('\n', 1)[0] : 'it is not a manifest';
  return packageError('PACKAGE_MALFORMED', where, why ?? '', { remedy: 'Correct plugin.yaml', detail });
}
