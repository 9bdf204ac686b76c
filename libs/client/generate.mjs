/**
 * Types of the API from its OpenAPI document. `node generate.mjs` writes them; `--check` exits 1 when they are stale.
 */
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import openapiTypescript, { astToString } from 'openapi-typescript';

const source = new URL('../../apps/orchestrator/openapi.json', import.meta.url);
const target = new URL('./src/generated/api.ts', import.meta.url);

const document = JSON.parse(await readFile(source, 'utf8'));
// Requests are addressed by path; names of operations would only be a second index of the same types.
for (const path of Object.values(document.paths))
  for (const operation of Object.values(path)) delete operation.operationId;

const ast = await openapiTypescript(document, { silent: true });
const generated = `// Generated from apps/orchestrator/openapi.json by libs/client/generate.mjs: do not edit.\n\n${astToString(ast)}`;
if (process.argv.includes('--check')) {
  const found = await readFile(target, 'utf8').catch(() => '');
  if (found !== generated) {
    process.stderr.write('libs/client/src/generated/api.ts is stale: run npm run generate -w libs/client\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL('.', target), { recursive: true });
  await writeFile(target, generated);
}
