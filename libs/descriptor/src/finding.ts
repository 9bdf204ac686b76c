import type { ModelFinding } from '@underware/underservices';
import type { SourceNode } from './source/source-node.js';
import { nodeAt } from './source/source-node.js';

/** Every code a finding may carry; tests and callers match codes, never texts. */
export const FINDING_CODES = [
  // the text
  'SOURCE_TOO_LARGE',
  'SOURCE_TOO_DEEP',
  'CONTROL_CHARACTER',
  'YAML_INVALID',
  'YAML_WARNING',
  'KEY_DUPLICATE',
  'KEY_FORBIDDEN',
  'ALIAS_UNKNOWN',
  'ALIAS_CYCLE',
  'TOO_MANY_FINDINGS',
  // the template
  'VERSION_MISSING',
  'VERSION_UNKNOWN',
  'KEYWORD_UNKNOWN',
  'KEYWORD_MISSING',
  'KEYWORD_INVALID',
  'UNSUPPORTED',
  'NAME_INVALID',
  'NAME_DUPLICATE',
  'PATTERN_NOT_EVALUATED',
  // inputs and functions
  'INPUT_UNKNOWN',
  'INPUT_MISSING',
  'INPUT_UNUSED',
  'FUNCTION_INVALID',
  'FUNCTION_UNSUPPORTED',
  // types
  'TYPE_UNKNOWN',
  'TYPE_MISMATCH',
  'PROPERTY_UNKNOWN',
  'PROPERTY_MISSING',
  'CONSTRAINT_VIOLATED',
  'REQUIREMENT_UNKNOWN',
  'REQUIREMENT_MISSING',
  'REQUIREMENT_TOO_MANY',
  'REFERENCE_UNKNOWN',
  'REFERENCE_TYPE',
  // the service
  'IMAGE_MISSING',
  'HEALTH_CHECK_INVALID',
  'ADDRESS_DUPLICATE',
  'ADDRESS_OUTSIDE',
  'ADDRESS_RESERVED',
  'SUBNET_OVERLAP',
  'BINDING_DUPLICATE',
  'DEPENDENCY_CYCLE',
  'PACKET_INVALID',
  'RULE_INVALID',
  'RULE_UNREACHABLE',
  'KIND_UNKNOWN',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Something wrong or odd in a descriptor, and where; lines and columns count from 1. */
export interface Finding {
  code: FindingCode;
  severity: 'error' | 'warning';
  file: string;
  line: number;
  column: number;
  message: string;
  /** What would have been right. */
  expected?: string;
  /** The nearest valid name. */
  nearest?: string;
}

/** A finding before its place in the text was turned into line and column. */
export interface Note {
  code: FindingCode;
  severity?: Finding['severity'];
  message: string;
  expected?: string | undefined;
  nearest?: string | undefined;
}

const MOST_FINDINGS = 200;

/** Collects findings of one file, up to a bound, so that a hostile file cannot make a report of any size. */
export class Findings {
  private readonly list: Finding[] = [];
  private readonly seen = new Set<string>();
  private full = false;

  constructor(
    private readonly file: string,
    private readonly positionOf: (offset: number) => { line: number; column: number },
  ) {}

  add(offset: number, note: Note): void {
    if (this.full) return;
    const { code, severity = 'error', message, expected, nearest } = note;
    // What an alias brings in is checked at every use: one place in the text is reported once.
    const identity = `${code} ${offset} ${message}`;
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    this.list.push({
      code,
      severity,
      file: this.file,
      ...this.positionOf(offset),
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(nearest === undefined ? {} : { nearest }),
    });
    if (this.list.length < MOST_FINDINGS) return;
    this.full = true;
    this.list.push({
      code: 'TOO_MANY_FINDINGS',
      severity: 'error',
      file: this.file,
      ...this.positionOf(offset),
      message: `More than ${MOST_FINDINGS} findings: the rest is not shown`,
    });
  }

  /** Adds what a check of plain values found, by its path below `node`. */
  addModel(node: SourceNode, found: readonly ModelFinding[], keyOffset = node.offset): void {
    for (const { path, at, code, ...note } of found) {
      const place = nodeAt(node, path);
      const offset =
        path.length === 0 && at === 'key' ? keyOffset : at === 'key' ? place.keyOffset : place.offset;
      this.add(offset, { ...note, code: isFindingCode(code) ? code : 'CONSTRAINT_VIOLATED' });
    }
  }

  get hasErrors(): boolean {
    return this.list.some((finding) => finding.severity === 'error');
  }

  /** In the order of the text. */
  all(): Finding[] {
    return this.list.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

function isFindingCode(code: string): code is FindingCode {
  return (FINDING_CODES as readonly string[]).includes(code);
}
