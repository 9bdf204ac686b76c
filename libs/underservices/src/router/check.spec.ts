import { expect, it } from '@jest/globals';
import { checkModel } from '../compile-underservice.js';

const check = (...routes: unknown[]) =>
  checkModel('router', { addresses: ['10.1.0.1'], routes }, { ports: ['web_port'] }).map(
    ({ code, path, message }) => [code, path.join('.'), message],
  );

it('has nothing to say of routes that can be compiled, nor of what is no text yet', () => {
  expect(
    check(
      { prefix: '0.0.0.0/0', next_hops: ['web_port', '10.1.0.9'] },
      { prefix: '::/0', next_hops: ['web_port'] },
      { prefix: '198.51.100.0/24' },
      { prefix: undefined, next_hops: [undefined] },
      null,
    ),
  ).toEqual([]);
});

it('finds two routes to one network, however it is spelt', () => {
  expect(check({ prefix: '10.3.0.0/16' }, { prefix: '10.3.7.0/16' }, { prefix: '10.3.0.0/17' })).toEqual([
    ['NAME_DUPLICATE', 'routes.1.prefix', 'There is a route to 10.3.0.0/16 already'],
  ]);
});

it('finds next hops of the other family', () => {
  expect(check({ prefix: '10.2.0.0/16', next_hops: ['10.1.0.9', 'fd01::9'] })).toEqual([
    ['RULE_INVALID', 'routes.0.next_hops.1', 'A next hop of 10.2.0.0/16 is of the other family'],
  ]);
});
