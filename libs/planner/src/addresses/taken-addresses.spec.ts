import { expect, test } from '@jest/globals';
import { takenAddresses } from './taken-addresses.js';

test('says who has an address: a service by its name where that is known, or a host by its device', () => {
  const hosts = [{ name: 'h1', facts: { uplinks: [{ device: 'eth0', addresses: ['192.0.2.1/24'] }] } }];
  const services = { takenAddresses: ['10.60.0.10', '10.60.0.11'], addressHolders: { '10.60.0.10': 'shop' } };
  const taken = takenAddresses(services, { hosts } as unknown as Parameters<typeof takenAddresses>[1]);
  expect(Object.fromEntries(taken)).toEqual({
    '10.60.0.10': 'service shop',
    '10.60.0.11': 'another service',
    '192.0.2.1': 'eth0 of host h1',
  });
});
