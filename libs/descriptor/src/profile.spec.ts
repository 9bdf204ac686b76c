import { expect, it } from '@jest/globals';
import { compileTosca } from '@underware/tosca';
import { UNDERSERVICE_KINDS } from '@underware/underservices';
import { FORMATS } from './check/formats.js';
import { kindOf, UNDERSERVICE } from './graph/underservice-kind.js';
import { UNDERWARE_PROFILE } from './profile.js';

const { model } = compileTosca({
  entry: 'x.yaml',
  read: () => 'tosca_definitions_version: tosca_2_0\nservice_template: { node_templates: {} }\n',
  profiles: [UNDERWARE_PROFILE],
});
const scope = model?.entry.scope;

it.each([...UNDERSERVICE_KINDS.keys()])('a %s is a node type of the profile', (kind) => {
  const name = kind.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const type = scope?.find('node', `underware.nodes.${name}`);
  expect(type?.parent?.name).toBe(UNDERSERVICE);
  expect(type && kindOf(type)).toEqual({ kind });
});

it.each([...FORMATS.keys()])('%s is a data type of the profile', (name) => {
  expect(scope?.find('data', name)?.name).toBe(name);
});
