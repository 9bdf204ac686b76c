/**
 * The built-in files (`profiles/`) as a module, because the library reads no files. `node generate.mjs` writes it;
 * `--check` exits 1 when it is stale.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';

const root = new URL('./profiles/', import.meta.url);
const target = new URL('./src/profiles/generated/texts.ts', import.meta.url);

const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
const entries = await Promise.all(
  names.map(async (name) => {
    const text = await readFile(new URL(name, root), 'utf8');
    return `  '${name}': \`${text.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`)}\`,\n`;
  }),
);
const generated = `// Generated from libs/tosca/profiles by libs/tosca/generate.mjs: do not edit.
export const TEXTS: Readonly<Record<string, string>> = {
${entries.join('')}};
`;
if (process.argv.includes('--check')) {
  const found = await readFile(target, 'utf8').catch(() => '');
  if (found !== generated) {
    process.stderr.write(
      'libs/tosca/src/profiles/generated/texts.ts is stale: run npm run generate -w libs/tosca\n',
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL('.', target), { recursive: true });
  await writeFile(target, generated);
}
