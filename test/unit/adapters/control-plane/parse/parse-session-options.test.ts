import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSessionOptions } from '../../../../../src/adapters/control-plane/parse/parse-session-options.js';
import { toPublicOptions } from '../../../../../src/core/model/session-options.js';

const read = (data: unknown) => {
  const { options, ignoredOptions } = readSessionOptions(data);
  return { options: options && toPublicOptions(options), ignoredOptions };
};

describe('the data of a session', () => {
  it('has options under the names of the configuration file, also as JSON text and with numbers in text', () => {
    const data = {
      prepend: '2',
      med: 50,
      holdTime: 30,
      bfd: 'true',
      addPaths: 'rx',
      policy: 'peer',
      notes: 1,
    };
    const options = { prepend: 2, med: 50, holdTime: 30, bfd: true, addPaths: 'rx', policy: 'peer' };
    expect(read(data)).toEqual({ options, ignoredOptions: undefined });
    expect(read(JSON.stringify(data))).toEqual({ options, ignoredOptions: undefined });
  });

  it.each([null, undefined, 'words', '{', [], 5, {}, { other: 1 }, { prepend: null, policy: '' }])(
    'that says nothing of it changes nothing: %j',
    (data) => expect(read(data)).toEqual({ options: undefined, ignoredOptions: undefined }),
  );

  it.each([
    [{ prepend: 11, med: 5 }, { med: 5 }, 'data.prepend: 11 is not a number of times from 0 to 10'],
    [{ localPreference: -1 }, undefined, 'data.localPreference: -1 is not a local preference from 0 to 1000'],
    [{ holdTime: 3 }, undefined, 'data.holdTime: 3 is not a hold time from 9 to 3600 seconds'],
    [{ shutdown: 1 }, undefined, 'data.shutdown: 1 is neither true nor false'],
    [{ addPaths: 'all' }, undefined, 'data.addPaths: "all" is none of true, false, "rx", "tx"'],
    [
      { policy: 'transit' },
      undefined,
      'data.policy: "transit" is none of full, peer, upstream, downstream (or 0 to 3)',
    ],
    [{ importLimit: { $gt: 0 } }, undefined, 'data.importLimit: an object is not expected here'],
  ])('loses only the value that is no good: %j', (data, options, reason) => {
    expect(read(data)).toEqual({ options, ignoredOptions: [reason] });
  });

  it.each([
    [true, 'on'],
    ['on', 'on'],
    [false, 'off'],
    ['false', 'off'],
    ['off', 'off'],
    ['tx', 'tx'],
  ])('may say of several paths per prefix %j, which is %s', (addPaths, meant) => {
    expect(read({ addPaths })).toEqual({ options: { addPaths: meant }, ignoredOptions: undefined });
  });

  it('has a password that no text shows, neither a good one nor a bad one', () => {
    const good = readSessionOptions({ password: 'hunter2 #{;}' });
    expect(good.options?.password?.reveal()).toBe('hunter2 #{;}');
    const bad = [
      'hunter2"; } protocol static {',
      'hunter2\nx',
      `hunter2${'x'.repeat(80)}`,
      '',
      { hunter2: 1 },
    ].map((password) => readSessionOptions({ password }));
    expect(bad.map(({ options }) => options)).toEqual(Array(5).fill(undefined));
    expect(inspect([good, bad], { depth: 9 }) + JSON.stringify([good, bad])).not.toContain('hunter2');
  });

  it('finds no option in what an object inherits', () => {
    expect(read(JSON.parse('{"__proto__": {"prepend": 3}}'))).toEqual({
      options: undefined,
      ignoredOptions: undefined,
    });
  });
});
