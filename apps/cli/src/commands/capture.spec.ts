import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnswers } from '../answers.spec-support.js';
import { SERVICE_TREE } from '../service.spec-support.js';

let api: Awaited<ReturnType<typeof startAnswers>>;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'uwt-capture-'));
  api = await startAnswers({
    'GET /nslcm/v1/ns_instances': [
      { id: SERVICE_TREE.id, nsInstanceName: 'demo', nsState: 'INSTANTIATED', nsdId: 'd' },
    ],
    [`POST /underware/v1/service_instances/${SERVICE_TREE.id}/capture`]: 'the file',
  });
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await api.close();
});

it('writes the file for its owner alone', async () => {
  const file = join(directory, 'web.pcapng');
  const { code, out } = await api.run('capture', 'demo/web_port', '-o', file, '--count', '5');
  expect([code, out]).toEqual([0, expect.stringContaining(`demo/web_port are in ${file}`)]);
  expect(readFileSync(file, 'utf8')).toBe('the file');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const json = await api.run('capture', 'demo/web_port', '-o', file, '--json');
  expect(JSON.parse(json.out)).toEqual({ file, packets: 0, lost: 0 });
});

it.each([
  [['demo', '-o', 'x'], 1],
  [['demo/', '-o', 'x'], 1],
  [['demo/web_port'], 2],
  [['demo/web_port', '-o', 'x', '--count', '0'], 2],
  [['demo/web_port', '-o', 'x', '--direction', 'up'], 2],
  [['demo/web_port', '-o', '/proc/none/x'], 1],
])('refuses %j with %i', async (argv, code) => {
  expect(await api.run('capture', ...argv)).toMatchObject({ code, err: expect.stringMatching(/./) });
});
