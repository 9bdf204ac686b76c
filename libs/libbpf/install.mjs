// Runs when the package is installed. A published package builds its addon here unless a prebuilt one fits; a failure is
// told but does not fail the installation: the first use says again what is missing. In a source checkout the addon is
// built by `npm run build:native`, when the system packages are there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const checkout = existsSync(new URL('src/index.ts', import.meta.url));
if (!checkout) {
  const built = spawnSync('node-gyp-build', { stdio: 'inherit', shell: true }).status === 0;
  if (!built) {
    process.stderr.write(
      '@underware/libbpf: the addon could not be built. Install libbpf-dev (1.3 or later), libelf-dev, a C++ compiler, ' +
        'make and python3, then run `npm rebuild @underware/libbpf`.\n',
    );
  }
}
