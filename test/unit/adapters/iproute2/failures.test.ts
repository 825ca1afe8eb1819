import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toCommands } from '../../../../src/adapters/iproute2/batch.js';
import { attributeFailures } from '../../../../src/adapters/iproute2/failures.js';

const captured = (name: string) =>
  readFileSync(new URL(`../../../fixtures/ip/${name}`, import.meta.url), 'utf8');

const address = { local: '192.0.2.9', prefixLength: 32, peer: undefined };

describe('attributeFailures', () => {
  it('finds the interface of each failure, and passes over what only says that there is nothing to do', () => {
    const commands = [
      { interface: 'wg_1', mtu: 1400, up: true as const },
      { interface: 'wg_2', mtu: 1400 },
      { interface: 'wg_1', up: true as const },
      { interface: 'wg_3', removeAddresses: [address], mtu: 99_999_999, up: true as const },
      { interface: 'wg_4', remove: true as const },
    ].flatMap(toCommands);
    const failures = attributeFailures(commands, { stderr: captured('batch-failures.txt'), exitCode: 1 });
    expect(Object.fromEntries(failures)).toEqual({
      wg_2: 'Cannot find device "wg_2"',
      wg_3: 'mtu greater than device maximum.; Operation not supported',
    });
  });

  it('counts every command as failed that ip did not come to', () => {
    const commands = ['nope0', 'wg_1', 'wg_2'].flatMap((name) => toCommands({ interface: name, up: true }));
    const failures = attributeFailures(commands, { stderr: captured('batch-aborted.txt'), exitCode: 1 });
    expect(Object.fromEntries(failures)).toEqual({
      nope0: 'Cannot find device "nope0"',
      wg_1: 'any valid prefix is expected rather than "300.1.1.1/32".',
      wg_2: 'any valid prefix is expected rather than "300.1.1.1/32".',
    });
  });

  it('counts a failure without words for all commands', () => {
    const failures = attributeFailures(toCommands({ interface: 'a', up: true }), { stderr: '', exitCode: 1 });
    expect(failures.get('a')).toBe('ip failed with exit code 1');
  });

  it('ignores the warnings of a batch that succeeded', () => {
    const result = { stderr: 'Warning: something is deprecated\n', exitCode: 0 };
    expect(attributeFailures(toCommands({ interface: 'a', up: true }), result).size).toBe(0);
  });

  it('says the same words of one interface once', () => {
    const commands = toCommands({ interface: 'a', mtu: 1400, up: true });
    const stderr = 'Cannot find device "a"\nCommand failed -:1\nCannot find device "a"\nCommand failed -:2\n';
    expect(attributeFailures(commands, { stderr, exitCode: 1 }).get('a')).toBe('Cannot find device "a"');
  });
});
