import { describe, expect, test } from '@jest/globals';
import { claimedHost, messageKey, openMessage, sealMessage } from './index.js';

const key = messageKey('token of h1');

describe('sealed messages', () => {
  test('open with the key of the same token', () => {
    const sealed = sealMessage(key, 'report', 'h1', { hello: 'wörld' });
    expect(claimedHost(sealed)).toBe('h1');
    expect(openMessage(messageKey('token of h1'), 'report', JSON.parse(JSON.stringify(sealed)))).toEqual({
      hello: 'wörld',
    });
  });

  const sealed = sealMessage(key, 'report', 'h1', { n: 1 });
  test.each([
    ['another host’s token', messageKey('token of h2'), 'report', sealed],
    ['another purpose', key, 'job', sealed],
    ['another host’s name', key, 'report', { ...sealed, host: 'h2' }],
    ['an altered body', key, 'report', { ...sealed, body: '{"n":2}' }],
    ['a shortened seal', key, 'report', { ...sealed, mac: sealed.mac.slice(0, 8) }],
    ['no seal', key, 'report', { host: 'h1', body: '{}' }],
    ['something else', key, 'report', 'hello'],
  ] as const)('are refused with %s', (_case, withKey, purpose, message) => {
    expect(() => openMessage(withKey, purpose, message)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
  });
});
