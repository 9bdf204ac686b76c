import type { IncomingMessage } from 'node:http';

/**
 * `fetch` over a UNIX socket, which the platform's own cannot do. Node only: the module is loaded when such an address is
 * used, so that the console's bundle never runs it.
 */
export function unixFetch(socketPath: string): typeof fetch {
  return async (input, init) => {
    const { request } = await import('node:http');
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer());
    return new Promise<Response>((resolve, reject) => {
      const sent = request(
        {
          socketPath,
          method: asked.method,
          path: `${url.pathname}${url.search}`,
          headers: { ...Object.fromEntries(asked.headers), host: 'localhost', ...lengthOf(body) },
          signal: asked.signal,
        },
        (answer) => resolve(responseOf(answer)),
      );
      sent.on('error', reject);
      sent.end(body);
    });
  };
}

function lengthOf(body: Buffer | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(body.length) };
}

const WITHOUT_BODY = [204, 205, 304];

function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  if (WITHOUT_BODY.includes(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      answer.on('data', (chunk: Buffer) => controller.enqueue(new Uint8Array(chunk)));
      answer.on('end', () => controller.close());
      answer.on('error', (error) => controller.error(error));
    },
    cancel() {
      answer.destroy();
    },
  });
  return new Response(body, { status, headers });
}
