import { describe, expect, it } from '@jest/globals';
import { UNRESOLVED } from '../source/source-node.js';
import type { Connection, Entity, FunctionScope, Slot } from './scope.js';
import { connect, entity, World } from './values.spec-support.js';

const ONE = 'tosca_simple_yaml_1_3';
const TWO = 'tosca_2_0';
type Version = typeof ONE | typeof TWO;

/** web is hosted on server and connects to the endpoint of db, which is hosted on server too. */
class Service {
  readonly world: World;
  readonly nodes = new Map<string, Entity>();
  readonly scope: FunctionScope;
  readonly relationship: Entity;

  constructor(version: Version) {
    this.world = new World(version);
    this.world.define(
      'Credential: { properties: { user: string, tags: { type: list, entry_schema: string } } }',
    );
    const { world, nodes } = this;
    this.scope = world.scope({
      nodes,
      inputs: new Map([['port', world.slot('integer', '8080')]]),
      nodeTypes: new Map([['tosca.nodes.Root', true]]),
    });
    const server = entity('node template server', {
      properties: this.slots('server', { cpus: ['integer', '4'], address: ['string', '10.0.0.1'] }),
      attributes: this.slots('server', {
        private_address: ['string'],
        disks: ['{type: list, entry_schema: string}'],
      }),
      artifacts: new Map([['image', true]]),
      requirements: new Map(),
      hosts: [],
    });
    const endpoint = entity('capability endpoint of node template db', {
      kind: 'capability',
      properties: this.slots('db', { port: ['integer', '3306'] }),
      attributes: this.slots('db', { ip_address: ['string'] }),
      incoming: [],
    });
    const db = entity('node template db', {
      properties: this.slots('db', {
        credential: ['Credential', '{user: root, tags: [a, b]}'],
        copy: ['integer', call(version, 'get_property', '[web, weight]')],
        name: ['string', 'data'],
      }),
      capabilities: new Map([['endpoint', endpoint]]),
      requirements: new Map(),
      interfaces: new Map([['Standard', new Map([['create', new Map([['out', true]])]])]]),
      hosts: [server],
    });
    const web = entity('node template web', {
      properties: this.slots('web', {
        weight: ['integer', call(version, 'get_property', '[db, copy]')],
        port: ['integer', call(version, 'get_input', 'port')],
        path: ['string', undefined],
      }),
      hosts: [server],
    });
    this.relationship = entity('relationship of web to db', {
      kind: 'relationship',
      properties: this.slots('web', { mode: ['string', 'fast'] }),
      source: web,
      target: db,
      capability: endpoint,
    });
    const connection = connect(web, db, { relationship: this.relationship, capability: endpoint });
    const later: Connection = {
      relationship: entity('r', { kind: 'relationship', open: true }),
      source: web,
      target: undefined,
      capability: undefined,
    };
    (web as { requirements: unknown }).requirements = new Map([
      ['database', [connection]],
      ['cache', [later]],
    ]);
    (endpoint as { incoming: unknown; node: unknown }).incoming = [connection];
    endpoint.node = db;
    for (const [name, node] of Object.entries({ server, db, web })) nodes.set(name, node);
  }

  read(text: string, self?: string | Entity, schema?: string): unknown {
    const entityOf = typeof self === 'string' ? this.nodes.get(self) : self;
    const value = this.world.checker.readValue(
      this.world.node(text),
      schema === undefined ? undefined : this.world.schema(schema),
      { ...this.scope, ...(entityOf === undefined ? {} : { self: entityOf }) },
    );
    const codes = this.world.codes();
    return codes.length > 0 ? codes : value;
  }

  private slots(
    owner: string,
    values: Record<string, [schema: string, value?: string | undefined]>,
  ): Map<string, Slot> {
    const { world, scope, nodes } = this;
    return new Map(
      Object.entries(values).map(([name, [schema, value]]): [string, Slot] => [
        name,
        {
          schema: world.schema(schema),
          node: value === undefined ? undefined : world.node(value),
          get scope() {
            return { ...scope, self: nodes.get(owner) };
          },
        },
      ]),
    );
  }
}

function call(version: Version, name: string, args: string): string {
  return `{ ${version === TWO ? '$' : ''}${name}: ${args} }`;
}

describe('get_property and get_attribute of 1.x', () => {
  it.each<[string, string | undefined, unknown]>([
    ['{get_property: [db, name]}', undefined, 'data'],
    ['{get_property: [SELF, port]}', 'web', 8080],
    ['{get_property: [db, credential, user]}', undefined, 'root'],
    ['{get_property: [db, credential, tags, 1]}', undefined, 'b'],
    ['{get_property: [db, credential, tags, 2]}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: [db, credential, usr]}', undefined, ['PROPERTY_UNKNOWN']],
    ['{get_property: [db, name, x]}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: [db, endpoint, port]}', undefined, 3306],
    ['{get_property: [db, endpoint, prt]}', undefined, ['PROPERTY_UNKNOWN']],
    ['{get_property: [SELF, database, port]}', 'web', 3306],
    ['{get_property: [SELF, database, name]}', 'web', 'data'],
    ['{get_property: [SELF, database, mode]}', 'web', 'fast'],
    ['{get_property: [SELF, database, 0, mode]}', 'web', 'fast'],
    ['{get_property: [SELF, database, unknown]}', 'web', ['PROPERTY_UNKNOWN']],
    ['{get_property: [SELF, cache, anything]}', 'web', UNRESOLVED],
    ['{get_property: [SELF, nothing, port]}', 'web', ['REFERENCE_UNKNOWN']],
    ['{get_property: [SELF, nothing]}', 'web', ['PROPERTY_UNKNOWN']],
    ['{get_property: [SELF, path]}', 'web', UNRESOLVED],
    ['{get_property: [HOST, cpus]}', 'web', 4],
    ['{get_property: [HOST, cpus]}', 'server', ['REFERENCE_UNKNOWN']],
    ['{get_property: [HOST, cpus]}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: [SELF, cpus]}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: [TARGET, name]}', 'web', ['FUNCTION_INVALID']],
    ['{get_property: [dbb, name]}', undefined, ['REFERENCE_UNKNOWN']],
    ['{get_property: [db]}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: []}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: db}', undefined, ['FUNCTION_INVALID']],
    ['{get_property: [server, private_address]}', undefined, ['PROPERTY_UNKNOWN']],
    ['{get_attribute: [server, private_address]}', undefined, UNRESOLVED],
    ['{get_attribute: [server, cpus]}', undefined, UNRESOLVED],
    ['{get_attribute: [server, tosca_id]}', undefined, UNRESOLVED],
    ['{get_attribute: [server, private_address, 0]}', undefined, ['FUNCTION_INVALID']],
    ['{get_attribute: [server, disks, 0]}', undefined, UNRESOLVED],
    ['{get_attribute: [server, unknown]}', undefined, ['ATTRIBUTE_UNKNOWN']],
    ['{get_attribute: [HOST, private_address]}', 'db', UNRESOLVED],
    ['{get_attribute: [x]}', undefined, ['FUNCTION_INVALID']],
    ['{get_artifact: [server, image]}', undefined, UNRESOLVED],
    ['{get_artifact: [server, imge]}', undefined, ['REFERENCE_UNKNOWN']],
    ['{get_operation_output: [db, Standard, create, out]}', undefined, UNRESOLVED],
    [
      '{get_operation_output: [db, tosca.interfaces.node.lifecycle.Standard, create, out]}',
      undefined,
      UNRESOLVED,
    ],
    ['{get_attribute: [ORCHESTRATOR, name]}', undefined, UNRESOLVED],
    ['{get_operation_output: [db, Standrd, create, out]}', undefined, ['INTERFACE_UNKNOWN']],
    ['{get_operation_output: [db, Standard, crate, out]}', undefined, ['OPERATION_UNKNOWN']],
    ['{get_operation_output: [db, Standard, create]}', undefined, ['FUNCTION_INVALID']],
    ['{get_nodes_of_type: tosca.nodes.Root}', undefined, UNRESOLVED],
    ['{get_nodes_of_type: tosca.nodes.Rot}', undefined, ['TYPE_UNKNOWN']],
  ])('%s in %s', (text, self, expected) => {
    expect(new Service(ONE).read(text, self)).toEqual(expected);
  });

  it('knows both ends in a relationship', () => {
    const service = new Service(ONE);
    expect(service.read('{get_property: [TARGET, name]}', service.relationship)).toBe('data');
    expect(service.read('{get_property: [SOURCE, port]}', service.relationship)).toBe(8080);
    expect(service.read('{get_property: [SELF, mode]}', service.relationship)).toBe('fast');
  });

  it('refuses a property of another type', () => {
    expect(new Service(ONE).read('{get_property: [db, name]}', undefined, 'boolean')).toBe(UNRESOLVED);
    expect(new Service(ONE).read('{get_property: [server, cpus]}', undefined, 'boolean')).toEqual([
      'TYPE_MISMATCH',
    ]);
    expect(new Service(ONE).read('{get_attribute: [server, disks]}', undefined, 'integer')).toEqual([
      'TYPE_MISMATCH',
    ]);
    expect(new Service(TWO).read('{$get_property: [db, name]}', undefined, 'integer')).toEqual([
      'TYPE_MISMATCH',
    ]);
  });

  it.each<Version>([ONE, TWO])('finds a property that needs itself (%s)', (version) => {
    const service = new Service(version);
    expect(service.read(call(version, 'get_property', '[db, copy]'), 'web', 'integer')).toEqual([
      'FUNCTION_INVALID',
    ]);
  });

  it('passes by what is not known in a type', () => {
    const world = new World(ONE);
    const open: FunctionScope = { version: ONE };
    for (const text of [
      '{get_input: x}',
      '{get_property: [SELF, x]}',
      '{get_attribute: [HOST, x]}',
      '{get_property: [db, x]}',
    ]) {
      expect(world.checker.readValue(world.node(text), undefined, open)).toBe(UNRESOLVED);
    }
    expect(world.codes()).toEqual([]);
  });

  it('names the nearest', () => {
    const service = new Service(ONE);
    service.read('{get_property: [serverr, cpus]}');
    service.read('{get_property: [server, cpu]}');
    expect(service.world.findings.all()).toMatchObject([
      { nearest: 'server', column: 17 },
      { nearest: 'cpus', column: 25 },
    ]);
  });
});

describe('paths of 2.0', () => {
  it.each<[string, string | undefined, unknown]>([
    ['{$get_property: [db, name]}', undefined, 'data'],
    ['{$get_property: [db, 0, name]}', undefined, 'data'],
    ['{$get_property: [db, ALL, name]}', undefined, UNRESOLVED],
    ['{$get_property: [db, $node_index, name]}', 'web', 'data'],
    ['{$get_property: [SELF, RELATIONSHIP, database, CAPABILITY, port]}', 'web', 3306],
    ['{$get_property: [SELF, RELATIONSHIP, database, 0, CAPABILITY, port]}', 'web', 3306],
    ['{$get_property: [SELF, RELATIONSHIP, database, 1, CAPABILITY, port]}', 'web', UNRESOLVED],
    ['{$get_property: [SELF, RELATIONSHIP, database, TARGET, credential, tags, 0]}', 'web', 'a'],
    ['{$get_property: [SELF, RELATIONSHIP, database, mode]}', 'web', 'fast'],
    ['{$get_property: [SELF, RELATIONSHIP, database, SOURCE, port]}', 'web', 8080],
    ['{$get_property: [SELF, RELATIONSHIP, databas, TARGET, name]}', 'web', ['REQUIREMENT_UNKNOWN']],
    ['{$get_property: [SELF, RELATIONSHIP, cache, TARGET, name]}', 'web', UNRESOLVED],
    ['{$get_property: [db, CAPABILITY, endpoint, port]}', undefined, 3306],
    ['{$get_property: [db, CAPABILITY, endpont, port]}', undefined, ['CAPABILITY_UNKNOWN']],
    ['{$get_property: [db, CAPABILITY]}', undefined, ['FUNCTION_INVALID']],
    ['{$get_property: [db, CAPABILITY, endpoint, RELATIONSHIP, 0, SOURCE, port]}', undefined, 8080],
    ['{$get_property: [db, CAPABILITY, endpoint, RELATIONSHIP, ALL, SOURCE, port]}', undefined, UNRESOLVED],
    ['{$get_property: [db, nam]}', undefined, ['PROPERTY_UNKNOWN']],
    ['{$get_attribute: [SELF, RELATIONSHIP, database, CAPABILITY, ip_address]}', 'web', UNRESOLVED],
    ['{$get_attribute: [SELF, RELATIONSHIP, database, CAPABILITY, ip]}', 'web', ['ATTRIBUTE_UNKNOWN']],
    ['{$available_allocation: [db, CAPABILITY, endpoint, port]}', undefined, UNRESOLVED],
    ['{$get_artifact: [server, image]}', undefined, UNRESOLVED],
    ['$node_index', 'web', UNRESOLVED],
    ['$node_index', undefined, ['FUNCTION_INVALID']],
  ])('%s in %s', (text, self, expected) => {
    expect(new Service(TWO).read(text, self)).toEqual(expected);
  });

  it('starts at a relationship', () => {
    const service = new Service(TWO);
    expect(service.read('{$get_property: [SELF, TARGET, name]}', service.relationship)).toBe('data');
    expect(service.read('{$get_property: [SELF, CAPABILITY, port]}', service.relationship)).toBe(3306);
    expect(service.read('{$get_property: [SELF, mode]}', service.relationship)).toBe('fast');
  });

  it('evaluates conditions', () => {
    const { world, scope } = new Service(TWO);
    const node = world.node(
      '{$and: [{$less_or_equal: [{$get_property: [server, cpus]}, 4]}, {$equal: [a, a]}]}',
    );
    world.checker.checkCondition(node, scope);
    expect(world.codes()).toEqual([]);
    expect(world.checker.conditionHolds(node, scope)).toBe(true);
    world.checker.checkCondition(world.node('{$get_property: [server, cpus]}'), scope);
    expect(world.codes()).toEqual(['FUNCTION_INVALID']);
  });
});

describe('bounds', () => {
  it('ends for a long chain of properties, and says that it was not checked', () => {
    const world = new World(TWO);
    const properties = new Map<string, Slot>();
    const scope: FunctionScope = world.scope({ self: entity('node', { properties }) });
    for (let i = 0; i < 5000; i++)
      properties.set(`p${i}`, world.slot('integer', `{$get_property: [SELF, p${i + 1}]}`, scope));
    properties.set('p5000', world.slot('integer', '1'));
    expect(world.checker.readValue(world.node('{$get_property: [SELF, p0]}'), undefined, scope)).toBe(
      UNRESOLVED,
    );
    expect(world.codes()).toEqual(['SOURCE_TOO_DEEP']);
    expect(world.checker.readValue(world.node('{$get_property: [SELF, p4990]}'), undefined, scope)).toBe(1);
    expect(world.codes()).toEqual(['SOURCE_TOO_DEEP']);
  });
});
