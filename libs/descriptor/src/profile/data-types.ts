import { DATA_TYPES } from '@underware/underservices';
import type { DataType, DataTypes } from '@underware/underservices';

const port = { type: 'integer', constraints: [{ kind: 'in_range', min: 1, max: 65535 }] } as const;
const packetPort = { type: 'integer', constraints: [{ kind: 'in_range', min: 0, max: 65535 }] } as const;

const healthCheck: DataType = {
  kind: 'struct',
  description: 'How to tell that a VNF serves.',
  properties: {
    kind: {
      type: 'string',
      description: 'tcp connects, http gets a page, command runs a program',
      constraints: [{ kind: 'valid_values', values: ['tcp', 'http', 'command'] }],
    },
    port: {
      ...port,
      constraints: [...port.constraints],
      description: 'tcp, http: the port',
      required: false,
    },
    path: {
      type: 'string',
      description: 'http: the path',
      required: false,
      constraints: [{ kind: 'pattern', pattern: '/[^\\s]*' }],
    },
    command: {
      type: 'list',
      description: 'command: program and arguments',
      required: false,
      entrySchema: { type: 'string', description: 'a word' },
      constraints: [{ kind: 'min_length', value: 1 }],
    },
    interval: {
      type: 'scalar-unit.time',
      description: 'time between checks',
      default: '5 s',
      constraints: [{ kind: 'in_range', min: 0.1, max: 86_400 }],
    },
    timeout: {
      type: 'scalar-unit.time',
      description: 'how long one check may take',
      default: '2 s',
      constraints: [{ kind: 'in_range', min: 0.1, max: 3600 }],
    },
    retries: {
      type: 'integer',
      description: 'failures in a row before it counts as unhealthy',
      default: 3,
      constraints: [{ kind: 'in_range', min: 1, max: 1000 }],
    },
  },
};

const packet: DataType = {
  kind: 'struct',
  description: 'A packet in words.',
  properties: {
    protocol: {
      type: 'string',
      description: 'icmp is ICMPv6 over IPv6',
      constraints: [{ kind: 'valid_values', values: ['tcp', 'udp', 'icmp'] }],
    },
    source: {
      type: 'string',
      description: 'an address or the name of a port; outbound: the target itself where left out',
      required: false,
    },
    destination: {
      type: 'string',
      description: 'an address or the name of a port; inbound: the target itself where left out',
      required: false,
    },
    source_port: {
      ...packetPort,
      constraints: [...packetPort.constraints],
      description: 'tcp, udp',
      required: false,
    },
    destination_port: {
      ...packetPort,
      constraints: [...packetPort.constraints],
      description: 'tcp, udp',
      required: false,
    },
    tcp_flags: {
      type: 'list',
      description: 'tcp; syn where left out',
      required: false,
      entrySchema: {
        type: 'string',
        description: 'a flag',
        constraints: [{ kind: 'valid_values', values: ['syn', 'ack', 'fin', 'rst', 'psh'] }],
      },
    },
    payload: {
      type: 'integer',
      description: 'bytes after the transport header',
      required: false,
      constraints: [{ kind: 'in_range', min: 0, max: 1400 }],
    },
  },
};

/** Those of the models, and those that only descriptors use. */
export const DESCRIPTOR_DATA_TYPES: DataTypes = new Map<string, DataType>([
  ...DATA_TYPES,
  ['underware.datatypes.HealthCheck', healthCheck],
  ['underware.datatypes.Packet', packet],
]);
