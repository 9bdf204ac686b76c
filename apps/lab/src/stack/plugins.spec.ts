import { expect, it } from '@jest/globals';
import type { Plugin } from '@underware/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onboardPackages } from './plugins.js';

it('onboards what is new, and goes on with what it has of a plugin that was rebuilt with the same version', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'uwt-packages-'));
  try {
    const built = (name: string, digest: string) => {
      const file = join(dir, name);
      writeFileSync(file, name);
      return { name, version: '0.1.0', digest, file };
    };
    const known = [
      { name: 'probe', version: '0.1.0', digest: 'sha256:p' },
      { name: 'firewall', version: '0.1.0', digest: 'sha256:old' },
    ] as Plugin[];
    const sent: string[] = [];
    const kept = await onboardPackages(
      {
        plugins: async () => known,
        onboardPlugin: async (bytes) => {
          sent.push(Buffer.from(bytes).toString());
          return known[0] as Plugin;
        },
      },
      { packages: [built('probe', 'sha256:p'), built('firewall', 'sha256:new'), built('nat', 'sha256:n')] },
    );
    expect(sent).toEqual(['nat']);
    expect(kept).toEqual([expect.stringMatching(/^plugin firewall@0\.1\.0 .*plugins remove.*clean$/)]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
