import type { DesiredRoute, ObservedRoute } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { enableForwarding } from './forwarding.js';
import { type Attempt, document, ip, networkError, tryIp } from './ip.js';
import { deviceMissing, findLink } from './link.js';
import { checkAddress, checkDevice, readCidr } from './names.js';
import { ROUTE_PROTOCOL } from './ownership.js';

interface RouteRecord {
  dst: string;
  dev?: string;
  gateway?: string;
  via?: { host: string };
  protocol?: string;
}

/** Our routes, destinations in the kernel's own spelling. */
export async function observeRoutes(): Promise<ObservedRoute[]> {
  const attempt = { attempted: 'observe routes', on: 'this host' };
  const shown = await Promise.all(
    ([4, 6] as const).map(async (family) => {
      const args = ['-j', `-${family}`, 'route', 'show', 'table', 'main', 'proto', String(ROUTE_PROTOCOL)];
      return document<RouteRecord>(await ip(args, attempt)).flatMap((route) => toRoute(route, family));
    }),
  );
  return shown.flat();
}

/** Adds a route of ours, or points it elsewhere. A route of somebody else to the same destination is refused. */
export async function addRoute(route: DesiredRoute): Promise<void> {
  const attempt = { attempted: 'add route', on: describe(route) };
  const { text, family } = readCidr(route.destination);
  const via = target(route);
  if ('device' in route.via && (await findLink(route.via.device, attempt)) === undefined)
    throw deviceMissing(route.via.device, attempt);
  const held = document<RouteRecord>(
    await ip(['-j', `-${family}`, 'route', 'show', 'table', 'main', 'exact', text], attempt),
  );
  const ours = held.filter(({ protocol }) => protocol === String(ROUTE_PROTOCOL));
  if (held.length > ours.length && ours.length === 0) throw routeTaken(attempt);
  if (!ours.some((found) => sameTarget(found, route)))
    await ip(['route', 'replace', text, ...via, 'proto', String(ROUTE_PROTOCOL)], attempt);
  if ('nextHop' in route.via) await receiveFrom(route.via.nextHop, family, attempt);
}

/** Removes a route of ours; one that is not there is done. */
export async function deleteRoute(route: DesiredRoute): Promise<void> {
  const attempt = { attempted: 'delete route', on: describe(route) };
  const { text } = readCidr(route.destination);
  const args = ['route', 'delete', text, ...target(route), 'proto', String(ROUTE_PROTOCOL)];
  const { code, stderr } = await tryIp(args, attempt);
  if (code !== 0 && !/No such process|Cannot find device/.test(stderr)) throw networkError(attempt, stderr);
}

/** What comes back arrives on the device that leads to the next hop: it has to be forwarded from there. */
async function receiveFrom(nextHop: string, family: 4 | 6, attempt: Attempt): Promise<void> {
  const [found] = document<RouteRecord>(await ip(['-j', 'route', 'get', nextHop], attempt));
  if (found?.dev !== undefined) await enableForwarding(found.dev, family, attempt);
}

function target(route: DesiredRoute): string[] {
  if ('device' in route.via) return ['dev', checkDevice(route.via.device)];
  const nextHop = checkAddress(route.via.nextHop);
  const mixed = nextHop.includes(':') && !route.destination.includes(':');
  return mixed ? ['via', 'inet6', nextHop] : ['via', nextHop];
}

function sameTarget(found: RouteRecord, route: DesiredRoute): boolean {
  return 'device' in route.via
    ? found.dev === route.via.device && found.gateway === undefined && found.via === undefined
    : (found.gateway ?? found.via?.host) === route.via.nextHop;
}

function toRoute({ dst, dev, gateway, via }: RouteRecord, family: 4 | 6): ObservedRoute[] {
  const everything = family === 4 ? '0.0.0.0/0' : '::/0';
  const single = family === 4 ? '/32' : '/128';
  const destination = dst === 'default' ? everything : dst.includes('/') ? dst : `${dst}${single}`;
  const nextHop = gateway ?? via?.host;
  if (nextHop !== undefined) return [{ destination, via: { nextHop } }];
  return dev === undefined ? [] : [{ destination, via: { device: dev } }];
}

function describe(route: DesiredRoute): string {
  const to = 'device' in route.via ? `device ${route.via.device}` : `next hop ${route.via.nextHop}`;
  return `${route.destination} by ${to}`;
}

function routeTaken(attempt: Attempt): UnderwareError {
  return new UnderwareError({
    code: 'NETWORK_FAILED',
    ...attempt,
    why: 'the host has a route to this destination that is not ours',
    remedy: 'Remove that route, or give the VNF another address; it was not touched.',
  });
}
