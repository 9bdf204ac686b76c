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

  test('show nothing of what they say, and never look the same twice', () => {
    const secret = { environment: { PASSWORD: 'correct horse battery staple' } };
    const [first, second] = [sealMessage(key, 'job', 'h1', secret), sealMessage(key, 'job', 'h1', secret)];
    for (const { body, nonce } of [first, second]) {
      const seen = Buffer.concat([Buffer.from(body, 'base64'), Buffer.from(nonce, 'base64')]);
      expect(seen.toString('latin1') + body).not.toMatch(/PASSWORD|horse|environment/);
    }
    expect(first.body).not.toBe(second.body);
    expect(first.nonce).not.toBe(second.nonce);
  });

  const sealed = sealMessage(key, 'report', 'h1', { n: 1 });
  const bytes = Buffer.from(sealed.body, 'base64');
  const altered = Buffer.from(bytes);
  altered[0] = (altered[0] ?? 0) ^ 1;
  test.each([
    ['another host’s token', messageKey('token of h2'), 'report', sealed],
    ['another purpose', key, 'job', sealed],
    ['another host’s name', key, 'report', { ...sealed, host: 'h2' }],
    ['an altered body', key, 'report', { ...sealed, body: altered.toString('base64') }],
    ['a shortened seal', key, 'report', { ...sealed, body: bytes.subarray(0, -8).toString('base64') }],
    ['nothing but part of a seal', key, 'report', { ...sealed, body: 'AAAA' }],
    ['another nonce', key, 'report', { ...sealed, nonce: 'A'.repeat(16) }],
    ['no seal', key, 'report', { host: 'h1', body: '{}' }],
    ['something else', key, 'report', 'hello'],
  ] as const)('are refused with %s', (_case, withKey, purpose, message) => {
    expect(() => openMessage(withKey, purpose, message)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
  });
});
