import type { Assertion, PacketSpec, SourcePosition } from '@underware/core';
import type { Place } from '@underware/tosca';
import type { ServicePolicy } from '../service/service-node.js';
import { readNumber, readOneOf, readStruct, readText, readTexts } from './read-values.js';

/** One assertion per target; with several, the target's name is added to tell them apart. */
export function buildAssertions(
  policies: readonly ServicePolicy[],
  at: (place: Place) => SourcePosition,
): Assertion[] {
  return policies.flatMap(({ name, place, properties, targets }) =>
    targets.map((target): Assertion => {
      const direction = readOneOf(properties['direction'], ['inbound', 'outbound']);
      const family = readText(properties['family']);
      return {
        name: targets.length === 1 ? name : `${name} on ${target.name}`,
        port: target.name,
        direction,
        packet: buildPacket(properties['packet'], target.name, direction),
        ...(family === 'ipv4' || family === 'ipv6' ? { family } : {}),
        expect: readOneOf(properties['expect'], ['drop', 'pass']),
        position: at(place),
      };
    }),
  );
}

function buildPacket(value: unknown, target: string, direction: Assertion['direction']): PacketSpec {
  const packet = readStruct(value);
  const flags = readTexts(packet['tcp_flags']) as NonNullable<PacketSpec['tcpFlags']>;
  const port = (name: string): number | undefined =>
    packet[name] === undefined ? undefined : readNumber(packet[name]);
  const sourcePort = port('source_port');
  const destinationPort = port('destination_port');
  const payloadBytes = port('payload');
  return {
    protocol: readOneOf(packet['protocol'], ['tcp', 'udp', 'icmp']),
    source: readText(packet['source']) || (direction === 'outbound' ? target : ''),
    destination: readText(packet['destination']) || (direction === 'inbound' ? target : ''),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    ...(flags.length === 0 ? {} : { tcpFlags: flags }),
    ...(payloadBytes === undefined ? {} : { payloadBytes }),
  };
}
