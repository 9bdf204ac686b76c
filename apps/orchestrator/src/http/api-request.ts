import type { IncomingMessage } from 'node:http';

/** Who calls: a token of an operator, or the agent of a host. */
export interface Identity {
  kind: 'operator' | 'host';
  name: string;
}

export interface ApiRequest extends IncomingMessage {
  identity?: Identity;
  /** A handler, or the guard before it, has it: what becomes of it is kept there. */
  isTaken?: boolean;
  params?: Record<string, string>;
  /** As it came, before any router cut it. */
  originalUrl?: string;
}

export function actorOf(request: ApiRequest): string {
  const { identity } = request;
  if (!identity) return 'nobody';
  return identity.kind === 'host' ? `host ${identity.name}` : identity.name;
}
