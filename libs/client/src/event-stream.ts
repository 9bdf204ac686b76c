import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface StreamEvent {
  /** `operation`, `step`, `host`, `telemetry`, … */
  event: string;
  id: string | undefined;
  data: unknown;
}

/** Reads server-sent events until the stream ends; a line whose data is no JSON is passed as text. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(decoder()).pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield { event: value.event ?? 'message', id: value.id, data: parsed(value.data) };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** UTF-8 bytes to text, across chunk borders; the platform's TextDecoderStream has types that differ between Node and browsers. */
function decoder(): TransformStream<Uint8Array, string> {
  const utf8 = new TextDecoder();
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(utf8.decode(chunk, { stream: true })),
    flush: (controller) => controller.enqueue(utf8.decode()),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
