import { UnderwareError } from '@underware/core';
import type { CaptureAnswer, CapturedPacket, CaptureQuestion } from '@underware/jobs';
import { setTimeout as pause } from 'node:timers/promises';
import { wallClockMs } from '../wall-clock.js';
import type { AskedOf } from './asked-of.js';

const SAMPLES = { map: 'samples', struct: 'probe_sample' } as const;
/** The ring buffer holds what comes between two looks. */
const LOOK_EVERY_MS = 50;
/** Of all packets together, so that the answer fits the queue. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Instances that someone captures at: two would take each other's packets. */
const busy = new Set<string>();

/** Has instances sample packets until there are enough, the time is over, or the answer is full. */
export async function answerCapture(
  { host, slices }: AskedOf,
  question: CaptureQuestion,
): Promise<CaptureAnswer> {
  const { kernel } = host;
  const here = new Set((await slices()).flatMap(({ slice }) => slice.instances.map(({ key }) => key)));
  const instances = question.instances.filter((key) => here.has(key));
  const taken = instances.find((key) => busy.has(key));
  if (taken !== undefined) throw alreadyCaptured(taken);
  for (const key of instances) busy.add(key);
  const answer: CaptureAnswer = { packets: [], lost: 0 };
  const until = performance.now() + question.seconds * 1000;
  let bytes = 0;
  try {
    for (const key of instances) {
      // What is left of a capture that was broken off is not of this one.
      await kernel.events(key, SAMPLES, 0);
      await kernel.sample(key, question);
    }
    while (answer.packets.length < question.count && bytes < MOST_BYTES && performance.now() < until) {
      await pause(Math.min(LOOK_EVERY_MS, Math.max(0, until - performance.now())));
      for (const key of instances) {
        const { records, lost } = await kernel.events(key, SAMPLES, question.count - answer.packets.length);
        answer.lost += lost;
        for (const record of records) {
          const packet = capturedFrom(key, record);
          bytes += packet.data.length;
          answer.packets.push(packet);
        }
      }
    }
    return answer;
  } finally {
    for (const key of instances) {
      busy.delete(key);
      // One that went meanwhile samples no more.
      await kernel.sample(key, null).catch(() => undefined);
    }
  }
}

function capturedFrom(instance: string, record: Record<string, unknown>): CapturedPacket {
  const captured = Number(record['captured']);
  const hex = String(record['data']).slice(0, 2 * captured);
  return {
    instance,
    at: Math.round(wallClockMs(record['at_ns']) * 1000),
    bytes: Number(record['bytes']),
    data: Buffer.from(hex, 'hex').toString('base64'),
  };
}

function alreadyCaptured(key: string): UnderwareError {
  return new UnderwareError({
    code: 'STATE_CONFLICT',
    attempted: 'capture packets',
    on: key,
    why: 'someone else captures there now',
    remedy: 'Wait until that capture has ended, at most a minute',
  });
}
