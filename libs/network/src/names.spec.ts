import { describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import { checkDevice, checkMac, checkNamespace, readCidr } from './names.js';

describe('names that reach a command line', () => {
  it.each(['uw0', 'uw1a2b3c4d5e6f7', 'eth0.100'])('takes device %s', (name) => {
    expect(checkDevice(name)).toBe(name);
  });

  it.each(['', '-batch', 'uw1a2b3c4d5e6f78', 'a b', 'a\nlink delete dev eth0', '../x', 'ü', '.', 'a;b'])(
    'refuses device %j',
    (name) => expect(codeOf(() => checkDevice(name))).toBe('PAYLOAD_INVALID'),
  );

  it.each(['uw-../../etc', '-n', 'uw web', '..', ''])('refuses namespace %j', (name) =>
    expect(codeOf(() => checkNamespace(name))).toBe('PAYLOAD_INVALID'),
  );

  it.each(['02:00:00:00:00', '02:00:00:00:00:0g', '02:00:00:00:00:01\n'])('refuses MAC %j', (mac) =>
    expect(codeOf(() => checkMac(mac))).toBe('PAYLOAD_INVALID'),
  );
});

describe('readCidr', () => {
  it('spells IPv6 as the kernel does', () => {
    expect(readCidr('FD60:0:0::2/128')).toEqual({
      text: 'fd60::2/128',
      address: 'fd60::2',
      length: 128,
      family: 6,
    });
    expect(readCidr('10.60.0.2/32')).toEqual({
      text: '10.60.0.2/32',
      address: '10.60.0.2',
      length: 32,
      family: 4,
    });
  });

  it.each(['10.0.0.1', '10.0.0.1/33', 'fd00::/129', '10.0.0.1/', '10.0.0.1/24/1', 'x/1', '10.0.0.1/-1'])(
    'refuses %s',
    (text) => expect(codeOf(() => readCidr(text))).toBe('PAYLOAD_INVALID'),
  );
});

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof UnderwareError ? error.code : String(error);
  }
}
