import { describe, expect, test } from '@jest/globals';
import { accountOf, addressFor, scramVerifier } from './host-account.js';
import { messageKey } from './seal.js';

const account = { host: 'h1', name: 'underware_host_h1', password: 'p-w_1' };

describe('an account of a host', () => {
  test('has a password that only this key gives', () => {
    const one = accountOf('h1', messageKey('one'));
    expect(one).toEqual(accountOf('h1', messageKey('one')));
    expect(one.password).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(one.password).not.toBe(accountOf('h1', messageKey('two')).password);
  });

  test.each(['h1"; DROP', 'h 1', 'h*', '', 'H1', 'x'.repeat(41)])('is refused for the id "%s"', (host) => {
    expect(() => accountOf(host, messageKey('one'))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  test.each([
    ['postgres://q:secret@db.example:5433/queue', 'postgres://underware_host_h1:p-w_1@db.example:5433/queue'],
    [
      'postgres://q:s%40t@/queue?host=%2Frun%2Fx',
      'postgres://underware_host_h1:p-w_1@/queue?host=%2Frun%2Fx',
    ],
    [
      'postgresql:///queue?user=q&password=s&host=%2Fr',
      'postgresql://underware_host_h1:p-w_1@/queue?host=%2Fr',
    ],
    ['redis://:secret@10.0.0.1:6379/2', 'redis://underware_host_h1:p-w_1@10.0.0.1:6379/2'],
    ['rediss://redis.example', 'rediss://underware_host_h1:p-w_1@redis.example'],
    [
      'redis+unix:///run/redis.sock?db=1&password=secret',
      'redis+unix:///run/redis.sock?db=1&username=underware_host_h1&password=p-w_1',
    ],
  ])('takes the place of the one in %s', (url, expected) => {
    expect(addressFor(url, account)).toBe(expected);
  });

  // The example of RFC 7677, section 3.
  test('is proven to Postgres by the verifier that SCRAM asks for', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    const [, , keys = ''] = scramVerifier('pencil', salt).split('$');
    expect(keys).toBe(
      'WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});
