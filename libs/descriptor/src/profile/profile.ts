import { UNDERSERVICE_KINDS } from '@underware/underservices';
import type { PropertySchemas } from '@underware/underservices';

/** A requirement of a node type: a node of `target`, at least `min` and at most `max` of them. */
export interface RequirementSchema {
  description: string;
  target: string;
  relationship: string;
  min: number;
  max: number;
}

export interface NodeType {
  name: string;
  derivedFrom?: string;
  description: string;
  properties: PropertySchemas;
  requirements: Readonly<Record<string, RequirementSchema>>;
  /** The kind of underservice that a node of this type is. */
  underservice?: string;
}

export interface RelationshipType {
  name: string;
  properties: PropertySchemas;
}

export interface PolicyType {
  name: string;
  description: string;
  properties: PropertySchemas;
  targets: { type: string; min: number; max: number };
}

/** The types that a descriptor may use; a table today, what a TOSCA profile file reads into tomorrow. */
export interface Profile {
  nodeTypes: ReadonlyMap<string, NodeType>;
  relationshipTypes: ReadonlyMap<string, RelationshipType>;
  policyTypes: ReadonlyMap<string, PolicyType>;
}

const MANY = Number.MAX_SAFE_INTEGER;
const LABEL_PATTERN = '[A-Za-z0-9._/-]*';

const directions: PropertySchemas[string] = {
  type: 'list',
  description: 'which packets it sees: inbound goes to the VNF, outbound comes from it',
  default: ['inbound', 'outbound'],
  entrySchema: {
    type: 'string',
    description: 'a direction',
    constraints: [{ kind: 'valid_values', values: ['inbound', 'outbound'] }],
  },
  constraints: [
    { kind: 'min_length', value: 1 },
    { kind: 'max_length', value: 2 },
  ],
};

const commonOfVnfs: PropertySchemas = {
  command: {
    type: 'list',
    description: 'program and arguments, run without a shell',
    entrySchema: {
      type: 'string',
      description: 'a word',
      constraints: [{ kind: 'max_length', value: 4096 }],
    },
    constraints: [
      { kind: 'min_length', value: 1 },
      { kind: 'max_length', value: 256 },
    ],
  },
  environment: {
    type: 'map',
    description: 'variables of its environment',
    default: {},
    entrySchema: {
      type: 'string',
      description: 'a value',
      constraints: [{ kind: 'max_length', value: 32_768 }],
    },
  },
  cpus: {
    type: 'float',
    description: 'cores, in thousandths',
    default: 0.5,
    constraints: [{ kind: 'in_range', min: 0.001, max: 4096 }],
  },
  memory: {
    type: 'scalar-unit.size',
    description: 'the most memory it may use',
    default: '128 MB',
    constraints: [{ kind: 'in_range', min: 1_000_000, max: 2 ** 50 }],
  },
  health_check: {
    type: 'underware.datatypes.HealthCheck',
    description: 'how to tell that it serves',
    required: false,
  },
  host_labels: {
    type: 'map',
    description: 'labels that its host must have',
    default: {},
    entrySchema: {
      type: 'string',
      description: 'a value',
      constraints: [{ kind: 'pattern', pattern: LABEL_PATTERN }],
    },
  },
};

const image: PropertySchemas[string] = {
  type: 'string',
  description: 'name of a container image',
  constraints: [{ kind: 'pattern', pattern: '[A-Za-z0-9][A-Za-z0-9._/:@-]*' }],
};

const vnfRequirements: NodeType['requirements'] = {
  dependency: {
    description: 'a VNF that must be healthy before this one starts',
    target: 'underware.nodes.Vnf',
    relationship: 'tosca.relationships.DependsOn',
    min: 0,
    max: MANY,
  },
};

const nodeTypes: NodeType[] = [
  {
    name: 'underware.nodes.Vnf',
    description:
      'A workload; where it has a choice of runtimes, the planner takes the first that the host offers.',
    properties: {
      runtimes: {
        type: 'list',
        description: 'in order of preference',
        default: ['container', 'process'],
        entrySchema: {
          type: 'string',
          description: 'a runtime',
          constraints: [{ kind: 'valid_values', values: ['container', 'process'] }],
        },
        constraints: [
          { kind: 'min_length', value: 1 },
          { kind: 'max_length', value: 2 },
        ],
      },
      image: { ...image, required: false },
      ...commonOfVnfs,
    },
    requirements: vnfRequirements,
  },
  {
    name: 'underware.nodes.Container',
    derivedFrom: 'underware.nodes.Vnf',
    description: 'A VNF that runs as a container.',
    properties: { image, ...commonOfVnfs },
    requirements: vnfRequirements,
  },
  {
    name: 'underware.nodes.Process',
    derivedFrom: 'underware.nodes.Vnf',
    description: 'A VNF that runs as a process of its host.',
    properties: commonOfVnfs,
    requirements: vnfRequirements,
  },
  {
    name: 'underware.nodes.Port',
    description: 'A connection point of a VNF on a link.',
    properties: {
      addresses: {
        type: 'list',
        description: 'in the subnets of its link; where empty, the planner assigns one of each',
        default: [],
        entrySchema: { type: 'underware.datatypes.Address', description: 'an address' },
        constraints: [{ kind: 'max_length', value: 16 }],
      },
    },
    requirements: {
      binding: {
        description: 'the VNF that it belongs to',
        target: 'underware.nodes.Vnf',
        relationship: 'underware.relationships.BindsTo',
        min: 1,
        max: 1,
      },
      link: {
        description: 'the link that it is on',
        target: 'underware.nodes.Link',
        relationship: 'underware.relationships.LinksTo',
        min: 1,
        max: 1,
      },
    },
  },
  {
    name: 'underware.nodes.Link',
    description: 'A network between ports, routed between hosts.',
    properties: {
      subnets: {
        type: 'list',
        description: 'its IPv4 and IPv6 prefixes',
        entrySchema: { type: 'underware.datatypes.Prefix', description: 'a prefix' },
        constraints: [
          { kind: 'min_length', value: 1 },
          { kind: 'max_length', value: 16 },
        ],
      },
      mtu: {
        type: 'integer',
        description: 'largest packet in bytes; IPv6 needs 1280',
        default: 1500,
        constraints: [{ kind: 'in_range', min: 576, max: 9216 }],
      },
    },
    requirements: {},
  },
  ...[...UNDERSERVICE_KINDS.values()].map((kind): NodeType => ({
    name: kind.nodeType,
    description: kind.description,
    underservice: kind.kind,
    properties: {
      ...kind.properties,
      directions,
      residency: {
        type: 'string',
        description: 'whether it stays in the kernel without its service',
        default: 'auto',
        constraints: [{ kind: 'valid_values', values: ['auto', 'dynamic', 'persistent'] }],
      },
    },
    requirements: {
      port: {
        description: 'a port whose packets it sees',
        target: 'underware.nodes.Port',
        relationship: 'underware.relationships.AttachesTo',
        min: 1,
        max: MANY,
      },
    },
  })),
];

const relationshipTypes: RelationshipType[] = [
  { name: 'tosca.relationships.DependsOn', properties: {} },
  { name: 'underware.relationships.BindsTo', properties: {} },
  { name: 'underware.relationships.LinksTo', properties: {} },
  {
    name: 'underware.relationships.AttachesTo',
    // Without a default here, those of the node hold.
    properties: {
      directions: {
        type: directions.type,
        description: directions.description,
        required: false,
        ...(directions.entrySchema === undefined ? {} : { entrySchema: directions.entrySchema }),
        ...(directions.constraints === undefined ? {} : { constraints: directions.constraints }),
      },
    },
  },
];

const policyTypes: PolicyType[] = [
  {
    name: 'underware.policies.Assertion',
    description: 'A test packet that the chain of a port must pass or drop before its VNF starts.',
    targets: { type: 'underware.nodes.Port', min: 1, max: 64 },
    properties: {
      direction: {
        type: 'string',
        description: 'inbound goes to the VNF, outbound comes from it',
        default: 'inbound',
        constraints: [{ kind: 'valid_values', values: ['inbound', 'outbound'] }],
      },
      packet: { type: 'underware.datatypes.Packet', description: 'the packet' },
      family: {
        type: 'string',
        description: 'which addresses port names stand for; without it, every family that both ends have',
        required: false,
        constraints: [{ kind: 'valid_values', values: ['ipv4', 'ipv6'] }],
      },
      expect: {
        type: 'string',
        description: 'the verdict',
        constraints: [{ kind: 'valid_values', values: ['pass', 'drop'] }],
      },
    },
  },
  {
    name: 'underware.policies.AntiAffinity',
    description: 'Keeps VNFs on hosts different from one another.',
    targets: { type: 'underware.nodes.Vnf', min: 2, max: MANY },
    properties: {},
  },
];

function byName<T extends { name: string }>(types: readonly T[]): ReadonlyMap<string, T> {
  return new Map(types.map((type) => [type.name, type]));
}

export const UNDERWARE_PROFILE: Profile = {
  nodeTypes: byName(nodeTypes),
  relationshipTypes: byName(relationshipTypes),
  policyTypes: byName(policyTypes),
};

/** Whether `name` is `ancestor` or derived from it. */
export function isA(profile: Profile, name: string, ancestor: string): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = name; at !== undefined && !seen.has(at);) {
    if (at === ancestor) return true;
    seen.add(at);
    at = profile.nodeTypes.get(at)?.derivedFrom;
  }
  return false;
}
