import { describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import { parseManifest } from './parse-manifest.js';

const GOOD = `name: firewall
version: 0.1.0
summary: Filters packets
license: Apache-2.0
implements: firewall
order: filter
programs:
  - { name: firewall_xdp, hook: xdp }
maps:
  rules:
    role: config
    scope: instance
    description: Rules in order
`;

describe('parseManifest', () => {
  it('reads a manifest', () => {
    expect(parseManifest({ file: 'plugin.yaml', text: GOOD })).toEqual({
      name: 'firewall',
      version: '0.1.0',
      summary: 'Filters packets',
      license: 'Apache-2.0',
      implements: 'firewall',
      order: 'filter',
      programs: [{ name: 'firewall_xdp', hook: 'xdp' }],
      maps: { rules: { role: 'config', scope: 'instance', description: 'Rules in order' } },
    });
  });

  it('takes telemetry that is kept', () => {
    const text = GOOD.replace('    role: config\n', '    role: telemetry\n    keep: true\n');
    expect(parseManifest({ file: 'plugin.yaml', text }).maps['rules']).toMatchObject({
      role: 'telemetry',
      keep: true,
    });
  });

  it.each([
    ['a wrong value', GOOD.replace('hook: xdp', 'hook: tc'), 'plugin.yaml:8:33', 'programs.0.hook'],
    ['a missing field', GOOD.replace('    role: config\n', ''), 'plugin.yaml:11:5', 'maps.rules.role'],
    ['an unknown field', `${GOOD}author: me\n`, 'plugin.yaml:14:1', 'author'],
    ['a path as name', GOOD.replace('name: firewall\n', 'name: ../firewall\n'), 'plugin.yaml:1:7', 'name'],
    ['a loose version', GOOD.replace('0.1.0', '"1.0"'), 'plugin.yaml:2:10', 'version'],
    [
      'a program twice',
      GOOD.replace('maps:', '  - { name: firewall_xdp, hook: xdp }\nmaps:'),
      'plugin.yaml:9:13',
      'twice',
    ],
    [
      'config that is kept',
      GOOD.replace('    role: config\n', '    role: config\n    keep: true\n'),
      'plugin.yaml:12:11',
      'config never',
    ],
    ['events of no map', `${GOOD}events: { map: flows, struct: flow }\n`, 'plugin.yaml:14:16', 'flows'],
    ['a duplicate key', `${GOOD}order: guard\n`, 'plugin.yaml:14:1', 'unique'],
    ['broken YAML', GOOD.replace('  rules:', '  rules: ['), 'plugin.yaml:', 'flow'],
    ['a list', '- a\n- b\n', 'plugin.yaml:1:1', 'expected object'],
    [
      'an alias bomb',
      `a: &a [x]\n${'b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n'.replace('b', 'c')}`,
      'plugin.yaml:1:',
      '',
    ],
    ['nothing', '', 'plugin.yaml', ''],
  ])('refuses %s and says where', (_what, text, where, why) => {
    const report = refusal(text);
    expect(report.code).toBe('PACKAGE_MALFORMED');
    expect(report.on.startsWith(where) ? where : report.on).toBe(where);
    expect(report.detail ?? report.why).toContain(why);
  });

  it('shows every problem with its line', () => {
    const report = refusal(
      GOOD.replace('order: filter', 'order: last').replace('scope: instance', 'scope: world'),
    );
    expect(report.detail).toMatch(
      /plugin\.yaml:6:8: order: .*\n {4}order: last\nplugin\.yaml:12:12: .*\n {4} {4}scope: world/,
    );
  });
});

function refusal(text: string) {
  try {
    parseManifest({ file: 'plugin.yaml', text });
  } catch (error) {
    if (error instanceof UnderwareError) return error.report;
    throw error;
  }
  throw new Error('it was accepted');
}
