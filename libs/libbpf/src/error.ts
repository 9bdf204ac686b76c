import { constants } from 'node:os';
import { missingCapabilities } from './capabilities.js';

/** Errnos that Node does not know: the kernel's internal ones that reach user space, and libbpf's own. */
const OTHER_ERRNOS: Record<number, string> = {
  116: 'ESTALE',
  124: 'EMEDIUMTYPE',
  524: 'ENOTSUPP',
  4000: 'LIBBPF_ERRNO__LIBELF',
  4001: 'LIBBPF_ERRNO__FORMAT',
  4002: 'LIBBPF_ERRNO__KVERSION',
  4003: 'LIBBPF_ERRNO__ENDIAN',
  4004: 'LIBBPF_ERRNO__INTERNAL',
  4005: 'LIBBPF_ERRNO__RELOC',
  4006: 'LIBBPF_ERRNO__LOAD',
  4007: 'LIBBPF_ERRNO__VERIFY',
  4008: 'LIBBPF_ERRNO__PROG2BIG',
  4009: 'LIBBPF_ERRNO__KVER',
  4010: 'LIBBPF_ERRNO__PROGTYPE',
  4011: 'LIBBPF_ERRNO__WRNGPID',
  4012: 'LIBBPF_ERRNO__INVSEQ',
  4013: 'LIBBPF_ERRNO__NLPARSE',
};

const ERRNO_NAMES = new Map<number, string>(Object.entries(constants.errno).map(([name, n]) => [n, name]));

export function errnoName(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? OTHER_ERRNOS[errno] ?? `errno ${errno}`;
}

export interface BpfErrorFields {
  errno: number;
  /** The libbpf or system call that failed, e.g. `bpf_link_create`. */
  call: string;
  /** The object it was called on, e.g. `map routes` or a path. */
  on: string;
  /** All that libbpf said meanwhile, the verifier's log included. */
  log?: string;
  missingCapabilities?: string[];
}

/**
 * A failed call into libbpf or the kernel. The message is one line: the call, the object, the reason (for a program
 * that the verifier refused, its last complaint) and, for EPERM, the capabilities that the process lacks.
 */
export class BpfError extends Error {
  override readonly name = 'BpfError';
  readonly errno: number;
  readonly errnoName: string;
  readonly call: string;
  readonly on: string;
  /** The whole log of the verifier for the program that was refused. */
  readonly verifierLog?: string;
  /** The verifier's complaint in one line. */
  readonly summary?: string;
  /** What libbpf printed during the call, the verifier's log included. */
  readonly log?: string;
  /** Capabilities the call needs and the process lacks; only for EPERM and EACCES. */
  readonly missingCapabilities: string[];

  constructor(text: string, fields: BpfErrorFields, options?: { cause?: unknown }) {
    const missing = fields.missingCapabilities ?? [];
    const verifierLog = fields.log === undefined ? undefined : extractVerifierLog(fields.log);
    const summary = verifierLog === undefined ? undefined : summarizeVerifierLog(verifierLog);
    const reason = summary ?? lastWarning(fields.log) ?? text;
    const rights = missing.length === 0 ? '' : `; the process lacks ${missing.join(', ')}`;
    super(`${fields.call} on ${fields.on}: ${errnoName(fields.errno)}: ${reason}${rights}`, options);
    this.errno = fields.errno;
    this.errnoName = errnoName(fields.errno);
    this.call = fields.call;
    this.on = fields.on;
    this.missingCapabilities = missing;
    if (fields.log) this.log = fields.log;
    if (verifierLog !== undefined) this.verifierLog = verifierLog;
    if (summary !== undefined) this.summary = summary;
  }

  /** Turns what the addon threw into a BpfError; anything else (a wrong argument) is passed through. */
  static from(thrown: unknown, on: string): unknown {
    if (!isNativeFailure(thrown)) return thrown;
    return new BpfError(
      thrown.message,
      {
        errno: thrown.errno,
        call: thrown.call,
        on,
        log: thrown.log,
        missingCapabilities: missingCapabilities(errnoName(thrown.errno), thrown.call),
      },
      { cause: thrown },
    );
  }
}

interface NativeFailure {
  message: string;
  errno: number;
  call: string;
  log: string;
}

function isNativeFailure(thrown: unknown): thrown is NativeFailure {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'errno' in thrown &&
    'call' in thrown &&
    'log' in thrown &&
    typeof thrown.errno === 'number'
  );
}

const BEGIN = /-- BEGIN PROG LOAD LOG --\n/;
const END = /-- END PROG LOAD LOG --/;

function extractVerifierLog(log: string): string | undefined {
  const begin = BEGIN.exec(log);
  if (!begin) return undefined;
  const rest = log.slice(begin.index + begin[0].length);
  const end = END.exec(rest);
  return end ? rest.slice(0, end.index) : rest;
}

/** The last line that is a complaint: neither statistics, nor a register dump, nor an instruction, nor source text. */
function summarizeVerifierLog(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const noise =
    /^(processed \d+ insns|verification time|stack depth|insns_state|\d+: |; |from \d+|R\d|arg#\d+ reference type)/;
  const complaint = lines.findLast((line) => !noise.test(line));
  // Where the compiler merged lines, the annotation has no text and line 0.
  const source = lines.findLast((line) => line.startsWith('; ') && !/@ \S+:0$/.test(line));
  if (complaint === undefined) return lines.at(-1);
  return source === undefined ? complaint : `${complaint} (at: ${source.slice(2).trim()})`;
}

function lastWarning(log: string | undefined): string | undefined {
  const first = log
    ?.split('\n')
    .find((line) => line.startsWith('libbpf: ') && !line.includes('failed to load object'));
  return first?.slice('libbpf: '.length).trim();
}
