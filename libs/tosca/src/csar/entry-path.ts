import { validateFileName } from 'yauzl';
import { LONGEST_PATH } from './limits.js';

/** The path of a file in a package, without `.` and empty parts, or why it must not be used. */
export function entryPath(name: string, depth: number): { path: string } | { problem: string } {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\0-\u001f\u007f]/.test(name)) return { problem: 'has a control character in its name' };
  if (name.length > LONGEST_PATH) return { problem: `has a name of ${name.length} characters` };
  const invalid = validateFileName(name);
  if (invalid !== null) return { problem: `leads out of the package (${invalid.replace(/:.*$/s, '')})` };
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length > depth) return { problem: `lies ${parts.length} folders deep` };
  if (parts.length === 0) return { problem: 'has no name' };
  return { path: parts.join('/') };
}

/** A path as a text in the package gives it, e.g. `./Definitions/a.yaml`, in the form of the package's files. */
export function namedPath(text: string): string {
  return text
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
