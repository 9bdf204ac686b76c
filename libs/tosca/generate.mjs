/**
 * The TOSCA files of a library's `profiles/` as a module, because pure libraries read no files. Run in the folder of the
 * library, it writes `src/profiles/generated/texts.ts`; `--check` exits 1 when that is stale.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

const library = pathToFileURL(`${process.cwd()}/`);
const root = new URL('./profiles/', library);
const target = new URL('./src/profiles/generated/texts.ts', library);

const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
const entries = await Promise.all(
  names.map(async (name) => {
    const text = await readFile(new URL(name, root), 'utf8');
    return `  '${name}': \`${text.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`)}\`,\n`;
  }),
);
const name = basename(process.cwd());
const generated = `// Generated from libs/${name}/profiles by libs/tosca/generate.mjs: do not edit.
export const TEXTS: Readonly<Record<string, string>> = {
${entries.join('')}};
`;
if (process.argv.includes('--check')) {
  const found = await readFile(target, 'utf8').catch(() => '');
  if (found !== generated) {
    process.stderr.write(
      `libs/${name}/src/profiles/generated/texts.ts is stale: run npm run generate -w libs/${name}\n`,
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL('.', target), { recursive: true });
  await writeFile(target, generated);
}
