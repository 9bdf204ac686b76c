/** `node build-packages.js --objects DIR --plugins DIR --key FILE --out DIR`; exit codes 0 done, 1 refused, 2 usage. */
import { parseArgs } from 'node:util';
import { UnderwareError } from '@underware/core';
import { packagePlugins } from './package-plugins.js';

const text = { type: 'string' } as const;

function readArguments() {
  try {
    const { values } = parseArgs({ options: { objects: text, plugins: text, key: text, out: text } });
    const { objects, plugins, key, out } = values;
    return objects && plugins && key && out ? { objects, plugins, key, out } : undefined;
  } catch {
    return undefined;
  }
}

const chosen = readArguments();
if (!chosen) {
  process.stderr.write('usage: build-packages --objects DIR --plugins DIR --key FILE --out DIR\n');
  process.exitCode = 2;
} else {
  try {
    for (const { file, digest } of await packagePlugins(chosen)) process.stdout.write(`${file} ${digest}\n`);
  } catch (error) {
    const detail = error instanceof UnderwareError ? error.report.detail : undefined;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (detail) process.stderr.write(`${detail}\n`);
    process.exitCode = 1;
  }
}
