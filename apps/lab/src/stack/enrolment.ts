import type { UnderwareClient } from '@underware/client';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabLayout } from './layout.js';

/** What an agent needs to speak for its host. */
export interface Enrolment {
  id: string;
  name: string;
  queueUrl: string;
  tokenFile: string;
}

/**
 * Enrols a host, or takes up its enrolment of an earlier run: a token is shown once, so it is kept in a file of mode 0600. A
 * run whose queues are elsewhere has no use for it.
 */
export async function enrol(
  client: UnderwareClient,
  layout: LabLayout,
  name: string,
  queueUrl: string,
): Promise<Enrolment> {
  const directory = join(layout.data, 'hosts', name);
  const tokenFile = join(directory, 'token');
  const recordFile = join(directory, 'enrolment.json');
  const enrolled = (await client.hosts()).find((host) => host.name === name);
  const text = await readFile(recordFile, 'utf8').catch(() => undefined);
  if (enrolled && text !== undefined) {
    const record = JSON.parse(text) as Enrolment;
    if (record.id === enrolled.id && placeOf(record.queueUrl) === placeOf(queueUrl)) return record;
  }
  // Also of a run that was cut short between the two: nobody has the token.
  if (enrolled) await client.removeHost(enrolled.id);
  const { id, token, queueUrl: ownUrl } = await client.enrolHost(name, { lab: 'true', host: name });
  const record: Enrolment = { id, name, queueUrl: ownUrl, tokenFile };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  await writeFile(recordFile, JSON.stringify(record), { mode: 0o600 });
  return record;
}

/** An address without whose it is. */
function placeOf(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replaceAll(/[?&](?:username|password)=[^&]*/g, '');
}
