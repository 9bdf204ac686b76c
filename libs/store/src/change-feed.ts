import { Client } from 'pg';

/** That something changed, never what it is now: who wants to know reads it. */
export type Change =
  | { kind: 'operation'; operation: string; service: string }
  /** Without an operation: hosts did it by themselves. */
  | { kind: 'step'; operation?: string; service: string; after: string }
  | { kind: 'host'; host: string }
  | { kind: 'telemetry'; host: string }
  | { kind: 'packets'; service: string; after: string };

const RECONNECT_MS = 1_000;

/** Listens on one connection of its own and comes back when it is lost; changes in between are not told. */
export class ChangeFeed {
  static readonly CHANNEL = 'underware_change';

  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly onChange: (change: Change) => void,
    private readonly onError: (error: Error) => void,
  ) {}

  async start(): Promise<void> {
    const client = new Client({ connectionString: this.url, keepAlive: true });
    this.client = client;
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('the connection ended')));
    client.on('notification', ({ payload }) => {
      // Only this library's `announce` writes to the channel, in a database that is ours alone.
      if (payload !== undefined) this.onChange(JSON.parse(payload) as Change);
    });
    await client.connect();
    await client.query(`LISTEN ${ChangeFeed.CHANNEL}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  private lost(client: Client, error: Error): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    this.onError(error);
    client.end().catch(this.onError);
    this.again();
  }

  private again(): void {
    this.retry = setTimeout(() => {
      this.start().catch((error: unknown) => {
        this.client = undefined;
        this.onError(error instanceof Error ? error : new Error(String(error)));
        if (!this.closed) this.again();
      });
    }, RECONNECT_MS);
  }
}
