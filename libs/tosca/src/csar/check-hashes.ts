import { nearestName } from '@underware/core';
import { createHash } from 'node:crypto';
import type { Report } from '../finding.js';
import type { VouchedFile } from './manifest.js';
import { isAddress } from './manifest.js';

/** Names of hash functions in SOL 004, compared without case and dashes, and of the same in Node. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['sha224', 'sha224'],
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
]);

/** Checks every file that is vouched for against its hash. What lies elsewhere, at an address, is not fetched. */
export function checkHashes(
  vouched: readonly VouchedFile[],
  files: ReadonlyMap<string, Uint8Array>,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const file of vouched) {
    if (seen.has(file.source)) {
      report.add(file.place, {
        code: 'NAME_DUPLICATE',
        message: `${file.source} is listed more than once`,
        expected: 'each file once',
      });
    }
    seen.add(file.source);
    checkFile(file, files, report);
  }
}

function checkFile(file: VouchedFile, files: ReadonlyMap<string, Uint8Array>, report: Report): void {
  const content = files.get(file.source);
  if (content === undefined && !isAddress(file.source)) {
    report.add(file.place, {
      code: 'MANIFEST_SOURCE_MISSING',
      message: `${file.source} is listed but not in the package`,
      expected: 'a file of the package, by its path from the top',
      nearest: () => nearestName(file.source, files.keys()),
    });
  }
  for (const part of [file.signature, file.certificate]) {
    if (part !== undefined && !files.has(part.path)) {
      report.add(part.place, {
        code: 'MANIFEST_SOURCE_MISSING',
        message: `${part.path} is named but not in the package`,
        nearest: () => nearestName(part.path, files.keys()),
      });
    }
  }
  const { algorithm, hash } = file;
  if (algorithm === undefined && hash === undefined) return;
  if (algorithm === undefined || hash === undefined) {
    report.add((algorithm ?? hash ?? file).place, {
      code: 'MANIFEST_INVALID',
      message: `${file.source} has ${algorithm === undefined ? 'a hash without its algorithm' : 'an algorithm without a hash'}`,
      expected: 'Algorithm and Hash',
    });
    return;
  }
  const name = ALGORITHMS.get(algorithm.name.toLowerCase().replaceAll('-', ''));
  if (name === undefined) {
    report.add(algorithm.place, {
      code: 'MANIFEST_ALGORITHM_UNKNOWN',
      message: `${JSON.stringify(algorithm.name)} is no hash function that a package may use`,
      expected: 'SHA-224, SHA-256, SHA-384 or SHA-512',
    });
    return;
  }
  if (content === undefined) return;
  const actual = createHash(name).update(content).digest('hex');
  if (actual !== hash.value.toLowerCase()) {
    report.add(hash.place, {
      code: 'MANIFEST_HASH_WRONG',
      message: `${file.source} has not the hash that is listed: it was changed or damaged`,
      expected: actual,
    });
  }
}
