import { describe, expect, it } from '@jest/globals';
import { UNRESOLVED } from '../source/source-node.js';
import { compile, expectMarked, template1, template2 } from './templates.spec-support.js';

const INPUTS = `
inputs:
  name: { type: string }
  size: { type: integer, default: 2, validation: { $and: [{$greater_or_equal: [$value, 1]}, {$less_or_equal: [$value, 5]}] } }
  tags: { type: list, entry_schema: string, required: false }
node_templates:
  m: { type: Machine, properties: { name: { $get_input: name } } }
`;

const unused = (text: string) =>
  compile(text).findings.flatMap(({ code, severity, message }) =>
    code === 'INPUT_UNUSED' ? [`${severity}: ${message}`] : [],
  );

describe('inputs', () => {
  it('without value are no finding while a file is checked by itself', () => {
    const { topology } = expectMarked(template2(INPUTS));
    expect(topology?.inputs.get('name')?.value).toBe(UNRESOLVED);
    expect(topology?.inputs.get('size')?.value).toBe(2);
    expect(topology?.inputs.get('tags')?.value).toBeNull();
    expect(topology?.nodes.get('m')?.properties.get('name')?.value).toBe(UNRESOLVED);
  });

  it('without value are one when the service is to run', () => {
    expectMarked(
      template2(INPUTS.replace('string }\n  size', 'string } #! INPUT_MISSING\n  size')),
      {},
      { inputsComplete: true },
    );
  });

  it('take values of the caller, also as text', () => {
    const { topology } = expectMarked(
      template2(INPUTS),
      {},
      { inputs: { name: 'x', size: '4', tags: '["a"]' }, inputsComplete: true },
    );
    expect(topology?.inputs.get('size')?.value).toBe(4);
    expect(topology?.inputs.get('tags')?.value).toEqual(['a']);
    expect(topology?.nodes.get('m')?.properties.get('name')?.value).toBe('x');
  });

  it.each([
    [{ name: 'x', size: 9 }, 'CONSTRAINT_VIOLATED'],
    [{ name: 'x', size: 'many' }, 'TYPE_MISMATCH'],
    [{ name: 'x', tags: { a: 1 } }, 'TYPE_MISMATCH'],
    [{ name: 'x', siz: 1 }, 'INPUT_UNKNOWN'],
  ])('refuse %j', (inputs, code) => {
    expect(compile(template2(INPUTS), {}, { inputs }).findings.map((finding) => finding.code)).toEqual([
      code,
    ]);
  });

  it('have definitions that are checked', () => {
    expectMarked(
      template2(`
inputs:
  a: { type: integr } #! TYPE_UNKNOWN
  b: { type: integer, default: x } #! TYPE_MISMATCH
  c: { type: integer, default: 7, validation: { $less_than: [ $value, 5 ] } } #! CONSTRAINT_VIOLATED
node_templates: { m: { type: Machine, metadata: { all: [ { $get_input: a }, { $get_input: b }, { $get_input: c } ] } } }`),
    );
  });

  it('that nothing reads are worth a warning', () => {
    const inputs = 'inputs: { read: { type: string, default: x }, unread: { type: string, default: x } }';
    const expected = ['warning: Nothing reads the input unread'];
    expect(unused(template2(`${inputs}\noutputs: { o: { value: { $get_input: read } } }`))).toEqual(expected);
    expect(unused(template1(`${inputs}\noutputs: { o: { value: { get_input: read } } }`))).toEqual(expected);
    // No one asked for the default of the type yet.
    const types =
      'data_types: { Own: { properties: { p: { type: string, default: { get_input: read } } } } }';
    expect(unused(template1(inputs, '1_3', types))).toEqual(expected);
  });
});

describe('outputs', () => {
  it('are evaluated as far as they are known', () => {
    const { topology } = expectMarked(
      template2(`
inputs: { n: { type: string, default: x } }
node_templates: { m: { type: Machine, properties: { name: { $get_input: n } } } }
outputs:
  name: { type: string, value: { $get_property: [ m, name ] } }
  address: { description: where, value: { $get_attribute: [ m, address ] } }
  wrong: { type: integer, value: { $get_property: [ m, name ] } } #! TYPE_MISMATCH
  gone: { value: { $get_property: [ n, name ] } } #! REFERENCE_UNKNOWN`),
    );
    expect(topology?.outputs.get('name')?.value).toBe('x');
    expect(topology?.outputs.get('address')).toMatchObject({ description: 'where', value: UNRESOLVED });
  });

  it.each(['1_0', '1_1', '1_2', '1_3'])('are checked in %s', (version) => {
    const { topology } = expectMarked(
      template1(
        `
inputs: { n: { type: integer, default: 2, constraints: [ { in_range: [ 1, 4 ] } ] } }
node_templates:
  server: { type: tosca.nodes.Compute, capabilities: { host: { properties: { num_cpus: { get_input: n } } } } }
outputs:
  address: { description: of the server, value: { get_attribute: [ server, private_address ] } }
  cpus: { value: { get_property: [ server, host, num_cpus ] } }
  wrong: { value: { get_attribute: [ server, private_adress ] } } #! ATTRIBUTE_UNKNOWN
  gone: { value: { get_input: m } } #! INPUT_UNKNOWN`,
        version,
      ),
    );
    expect(topology?.outputs.get('cpus')?.value).toBe(2);
  });
});
