import { expect, test } from '@jest/globals';
import { checkModel, compileUnderservice } from '../compile-underservice.js';

const BINDING = { port: 'web_port', direction: 'inbound', hook: 'tcx/egress', addresses: new Map() } as const;

test('variables, entries and sizes reach the program as its source names them', () => {
  const model = {
    plugin: 'uwt-filter',
    variables: { longest: '1500', limits: '{"packets": 10}' },
    entries: [
      { map: 'denied', key: '80', value: '{"action": 1}' },
      { map: 'denied', key: '81', value: '{"action": 2}' },
      { map: 'names', key: '0', value: '"eth"' },
    ],
    sizes: { denied: 1024 },
  };
  expect(checkModel('program', model, { ports: [] })).toEqual([]);
  expect(compileUnderservice('program', model, BINDING)).toEqual({
    rodata: { longest: 1500, limits: { packets: 10 } },
    maps: {
      denied: [
        { key: 80, value: { action: 1 } },
        { key: 81, value: { action: 2 } },
      ],
      names: [{ key: 0, value: 'eth' }],
    },
    mapSizes: { denied: 1024 },
  });
});

test('one that is configured by nothing needs nothing', () => {
  expect(compileUnderservice('program', { plugin: 'uwt-filter' }, BINDING)).toEqual({
    rodata: {},
    maps: {},
    mapSizes: {},
  });
});

test('what is no JSON is found where it stands', () => {
  const model = {
    plugin: 'uwt-filter',
    variables: { longest: 'far' },
    entries: [{ map: 'denied', key: '80', value: '{action: 1}' }],
  };
  expect(checkModel('program', model, { ports: [] }).map(({ path }) => path)).toEqual([
    ['variables', 'longest'],
    ['entries', 0, 'value'],
  ]);
  expect(() => compileUnderservice('program', model, BINDING)).toThrow(/"far" is no JSON/);
});
