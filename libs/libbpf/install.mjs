// `node install.mjs` runs when the package is installed: a published package builds its addon unless a prebuilt one fits;
// a failure is told but does not fail the installation, the first use says again what is missing. A source checkout is
// left alone: there `npm run build:native` (`--native`) builds, when the system packages are there, and does fail.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Most installations of Node bring their headers: with them node-gyp needs no download.
const prefix = dirname(dirname(realpathSync(process.execPath)));
const nodedir = existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_config_nodedir: prefix } : {};
const env = { ...nodedir, JOBS: 'max', ...process.env };
const run = (command) => spawnSync(command, { stdio: 'inherit', shell: true, env }).status ?? 1;

if (process.argv.includes('--native')) {
  process.exitCode = run('node-gyp configure build');
} else if (!existsSync(new URL('src/index.ts', import.meta.url)) && run('node-gyp-build') !== 0) {
  process.stderr.write(
    '@underware/libbpf: the addon could not be built. Install libbpf-dev (1.3 or later), libelf-dev, a C++ compiler, ' +
      'make and python3, then run `npm rebuild @underware/libbpf`.\n',
  );
}
