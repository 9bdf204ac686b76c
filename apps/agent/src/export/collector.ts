import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { flowMessages, templateMessage, type FlowRecord, type Message } from './ipfix.js';

/** Templates are said again, since datagrams get lost and collectors start anew. */
const TEMPLATES_EVERY_MS = 60_000;

/** Says one instance's flows to one collector. Datagrams that nobody takes are lost; the sequence number shows it. */
export class Collector {
  private readonly socket: Socket;
  private sequence = 0;
  private templatesAt = 0;

  constructor(
    private readonly address: string,
    private readonly port: number,
    /** Observation domain: flows of one instance, which is one direction of one port. */
    private readonly domain: number,
    onError: (error: Error) => void,
  ) {
    this.socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    this.socket.on('error', onError);
    this.socket.unref();
  }

  async tell(flows: readonly FlowRecord[], now: Date): Promise<void> {
    if (flows.length === 0) return;
    if (now.getTime() - this.templatesAt >= TEMPLATES_EVERY_MS) {
      this.templatesAt = now.getTime();
      await this.#send(templateMessage(this.domain, this.sequence, now));
    }
    for (const message of flowMessages(this.domain, this.sequence, now, flows)) await this.#send(message);
  }

  close(): void {
    this.socket.close();
  }

  async #send({ bytes, records }: Message): Promise<void> {
    this.sequence = (this.sequence + records) >>> 0;
    await new Promise<void>((resolve, reject) =>
      this.socket.send(bytes, this.port, this.address, (error) => (error ? reject(error) : resolve())),
    );
  }
}
