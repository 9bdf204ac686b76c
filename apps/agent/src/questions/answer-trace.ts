import { UnderwareError } from '@underware/core';
import type { TraceAnswer, TraceQuestion } from '@underware/jobs';
import { buildPacket } from '@underware/packet';
import { linkLayer } from '../check-assertion.js';
import type { AskedOf } from './asked-of.js';

/** Runs a packet through copies of the chains as they are now. */
export async function answerTrace({ host, slices }: AskedOf, question: TraceQuestion): Promise<TraceAnswer> {
  const all = (await slices()).map(({ slice }) => slice);
  const port = all.flatMap(({ ports }) => ports).find(({ key }) => key === question.port);
  if (!port)
    throw new UnderwareError({
      code: 'NOT_FOUND',
      attempted: 'trace a packet',
      on: question.port,
      why: 'this host has no such port',
      remedy: 'Look where the port is placed',
    });
  const sent = buildPacket(question.packet, linkLayer(question, port));
  const instances = new Map(all.flatMap((slice) => slice.instances).map((each) => [each.key, each]));
  const shadow = host.shadow((key) => instances.get(key));
  try {
    const { verdict, hops } = await shadow.run(port.device, question.hook, sent);
    return {
      verdict,
      sent: hex(sent),
      hops: hops.map(({ packet, ...hop }) => ({ ...hop, frame: hex(packet) })),
    };
  } finally {
    shadow.close();
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
