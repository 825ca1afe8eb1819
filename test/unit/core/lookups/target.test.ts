import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDnsQuestion } from '../../../../src/core/lookups/dns-question.js';
import {
  formatAddress,
  type HostTarget,
  parseHostTarget,
  parseRouteTarget,
  parseTcpTarget,
  TargetError,
} from '../../../../src/core/lookups/target.js';

describe('parseHostTarget', () => {
  it.each([
    ['172.20.0.53', '172.20.0.53'],
    [' FD42:0:0::1 ', 'fd42::1'],
    ['[fd42::1]', 'fd42::1'],
    ['fe80::1%dn42_4242420001', 'fe80::1%dn42_4242420001'],
  ])('%j is the address %s', (text, canonical) => {
    const target = parseHostTarget(text);
    expect(target.kind === 'address' && formatAddress(target.address, target.zone)).toBe(canonical);
  });

  it('takes a host name in lower case', () => {
    expect(parseHostTarget('Burble.DN42')).toEqual({ kind: 'name', name: 'burble.dn42' });
  });

  it('shows as much as a reader needs of a value that is neither', () => {
    expect(() => parseHostTarget(`${'x'.repeat(10_000)} y`)).toThrow(
      new TargetError(`"${'x'.repeat(80)}" is neither an address nor a host name`),
    );
  });

  it.each([
    ['', 'neither an address nor a host name'],
    ['-f', 'neither an address nor a host name'],
    ['--help', 'neither an address nor a host name'],
    ['a b', 'neither an address nor a host name'],
    ['172.20.0.53;id', 'neither an address nor a host name'],
    ['172.20.0.0/24', 'neither an address nor a host name'],
    ['300.1.1.1', 'neither an address nor a host name'],
    ['[burble.dn42]', 'neither an address nor a host name'],
    ['fe80::1', 'name the interface'],
    ['fe80::1%-x', 'name the interface'],
    ['fe80::1%a%b', 'neither an address nor a host name'],
    ['fd42::1%eth0', 'leave out the interface'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['127.0.0.53', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['224.0.0.1', 'a multicast address'],
    ['ff02::1', 'a multicast address'],
    ['255.255.255.255', 'a broadcast address'],
    ['169.254.169.254', 'link-local'],
    ['::ffff:127.0.0.1', 'write it as IPv4'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => parseHostTarget(text)).toThrow(reason);
  });
});

describe('parseTcpTarget', () => {
  it.each([
    ['172.20.0.53', 80],
    ['172.20.0.53:179', 179],
    ['[fd42::1]:443', 443],
    ['fd42::1', 80],
    ['[fe80::1%wg_24001]:179', 179],
    ['burble.dn42:65535', 65_535],
  ])('%j has the port %i', (text, port) => {
    expect(parseTcpTarget(text).port).toBe(port);
  });

  it.each(['172.20.0.53:', '172.20.0.53:0', '172.20.0.53:65536', 'a:b', 'burble.dn42:80 ; id', ':80'])(
    'refuses %j',
    (text) => {
      expect(() => parseTcpTarget(text)).toThrow(TargetError);
    },
  );
});

describe('parseRouteTarget', () => {
  it('takes a prefix, with its host bits cleared', () => {
    expect(parseRouteTarget('172.22.188.1/26')).toEqual({ kind: 'prefix', prefix: '172.22.188.0/26' });
    expect(parseRouteTarget('::/0')).toEqual({ kind: 'prefix', prefix: '::/0' });
  });

  it.each(['172.20.0.0/33', '172.20.0.0/24 all', 'fe80::1%wg_24001', '172.20.0.0/24\nconfigure'])(
    'refuses %j',
    (text) => {
      expect(() => parseRouteTarget(text)).toThrow(TargetError);
    },
  );
});

describe('parseDnsQuestion', () => {
  it.each([
    ['burble.dn42', 'burble.dn42', 'A'],
    ['Burble.dn42. aaaa', 'burble.dn42', 'AAAA'],
    ['_sip._udp.burble.dn42 SRV', '_sip._udp.burble.dn42', 'SRV'],
    ['0/27.1.20.172.in-addr.arpa NS', '0/27.1.20.172.in-addr.arpa', 'NS'],
    ['172.20.0.53', '172.20.0.53', 'PTR'],
    ['fd42::1 ptr', 'fd42::1', 'PTR'],
  ])('%j asks %s for %s', (text, name, type) => {
    expect(parseDnsQuestion(text)).toEqual({ name, type });
  });

  it.each(['', '-x 172.20.0.53', '@8.8.8.8 a', 'a.dn42 AXFR', 'a.dn42 A +short', '172.20.0.53 A', 'a..b'])(
    'refuses %j',
    (text) => {
      expect(() => parseDnsQuestion(text)).toThrow(TargetError);
    },
  );
});

/** Any text, and texts that are nearly targets. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-0-9a-fA-F.:%/[\] \n;]{0,40}$/),
  fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), fc.string()).map((parts) => parts.join('')),
);

function textOf(target: HostTarget): string {
  return target.kind === 'name' ? target.name : formatAddress(target.address, target.zone);
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(TargetError);
    return undefined;
  }
}

describe('whatever the text', () => {
  it('what is left of it is an address, a name or a prefix: no option, no second word, no line end', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const host = attempt(() => parseHostTarget(text));
        const tcp = attempt(() => parseTcpTarget(text));
        const route = attempt(() => parseRouteTarget(text));
        const found = [host, tcp?.host, route?.kind === 'prefix' ? undefined : route].flatMap((t) => t ?? []);
        for (const target of found) expect(textOf(target)).toMatch(/^[a-z0-9_:][A-Za-z0-9_.:%-]*$/);
        if (route?.kind === 'prefix') expect(route.prefix).toMatch(/^[0-9a-f.:]+\/\d{1,3}$/);
        const question = attempt(() => parseDnsQuestion(text));
        if (question) expect(question.name).toMatch(/^[a-z0-9_:][a-z0-9_./:-]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

it('an invalid name is shown in part', () => {
  const ask = () => parseDnsQuestion(`${'x'.repeat(100)}_ A`);
  expect(ask).toThrow(`"${'x'.repeat(80)}" is not a domain name`);
});
