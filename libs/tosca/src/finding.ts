import type { Place, Sources } from './source/sources.js';

/** Every code a finding of the language may carry; tests and callers match codes, never texts. */
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
  // the file
  'VERSION_MISSING',
  'VERSION_UNKNOWN',
  'VERSION_MISMATCH',
  'KEYWORD_UNKNOWN',
  'KEYWORD_MISSING',
  'KEYWORD_INVALID',
  'NAME_INVALID',
  'NAME_DUPLICATE',
  'IMPORT_MISSING',
  'IMPORT_NOT_READ',
  'IMPORT_CYCLE',
  // types
  'TYPE_UNKNOWN',
  'TYPE_CYCLE',
  'TYPE_MISMATCH',
  'REFINEMENT_INVALID',
  // values
  'CONSTRAINT_INVALID',
  'CONSTRAINT_VIOLATED',
  'PATTERN_NOT_EVALUATED',
  'INPUT_UNKNOWN',
  'INPUT_MISSING',
  'INPUT_UNUSED',
  'FUNCTION_INVALID',
  'FUNCTION_UNKNOWN',
  // templates
  'PROPERTY_UNKNOWN',
  'PROPERTY_MISSING',
  'ATTRIBUTE_UNKNOWN',
  'CAPABILITY_UNKNOWN',
  'REQUIREMENT_UNKNOWN',
  'REQUIREMENT_MISSING',
  'REQUIREMENT_TOO_MANY',
  'INTERFACE_UNKNOWN',
  'OPERATION_UNKNOWN',
  'ARTIFACT_MISSING',
  'REFERENCE_UNKNOWN',
  'REFERENCE_TYPE',
  'SUBSTITUTION_INVALID',
  'WORKFLOW_INVALID',
  // packages
  'PACKAGE_INVALID',
  'PACKAGE_TOO_LARGE',
  'PACKAGE_PATH_FORBIDDEN',
  'PACKAGE_ENTRY_MISSING',
  'MANIFEST_INVALID',
  'MANIFEST_SOURCE_MISSING',
  'MANIFEST_SOURCE_UNLISTED',
  'MANIFEST_ALGORITHM_UNKNOWN',
  'MANIFEST_HASH_WRONG',
  'SIGNATURE_INVALID',
  'SIGNATURE_NOT_VERIFIED',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Something wrong or odd in a file, and where; lines and columns count from 1. */
export interface Finding<Code extends string = FindingCode> {
  code: Code;
  severity: 'error' | 'warning';
  file: string;
  line: number;
  column: number;
  /** The line itself. */
  text: string;
  message: string;
  /** What would have been right. */
  expected?: string;
  /** The nearest valid name. */
  nearest?: string;
}

/** A finding before its place was turned into file, line and column. */
export interface Note<Code extends string = FindingCode> {
  code: Code;
  severity?: 'error' | 'warning';
  message: string;
  expected?: string | undefined;
  /** Looked for only when the finding is kept: a hostile file makes more of them than anyone reads. */
  nearest?: string | (() => string | undefined) | undefined;
}

/** Where checks of the language put what they find; a caller with more codes of its own can hand in its `Findings`. */
export interface Report {
  add(place: Place, note: Note): void;
}

const MOST_FINDINGS = 200;
const LONGEST_LINE = 400;

/** Collects findings, up to a bound, so that a hostile file cannot make a report of any size. */
export class Findings<Code extends string = FindingCode> {
  private readonly list: { place: Place; finding: Finding<Code | 'TOO_MANY_FINDINGS'> }[] = [];
  private readonly seen = new Set<string>();
  private full = false;

  constructor(private readonly sources: Sources) {}

  add(place: Place, { code, severity = 'error', message, expected, nearest }: Note<Code>): void {
    if (this.full) return;
    // What an alias brings in is checked at every use: one place in the text is reported once.
    const identity = `${code} ${place} ${message}`;
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    const located = this.locate(place);
    const near = typeof nearest === 'function' ? nearest() : nearest;
    this.list.push({
      place,
      finding: {
        code,
        severity,
        ...located,
        message,
        ...(expected === undefined ? {} : { expected }),
        ...(near === undefined ? {} : { nearest: near }),
      },
    });
    if (this.list.length < MOST_FINDINGS) return;
    this.full = true;
    this.list.push({
      place,
      finding: {
        code: 'TOO_MANY_FINDINGS',
        severity: 'error',
        ...located,
        message: `More than ${MOST_FINDINGS} findings: the rest is not shown`,
      },
    });
  }

  get hasErrors(): boolean {
    return this.list.some(({ finding }) => finding.severity === 'error');
  }

  /** Whether something was found at this very place. */
  hasAt(place: Place): boolean {
    return this.list.some((each) => each.place === place);
  }

  /** In the order of the files and of their text. */
  all(): Finding<Code | 'TOO_MANY_FINDINGS'>[] {
    return this.list.toSorted((a, b) => a.place - b.place).map(({ finding }) => finding);
  }

  private locate(place: Place) {
    const { text, ...at } = this.sources.locate(place);
    return { ...at, text: text.slice(0, LONGEST_LINE) };
  }
}
