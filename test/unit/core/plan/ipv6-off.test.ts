import { describe, expect, it } from 'vitest';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { Change } from '../../../../src/core/model/change.js';
import type { Owner } from '../../../../src/core/model/owner.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { withoutOffIpv6 } from '../../../../src/core/plan/ipv6-off.js';
import { makeLink, makeObserved, makeSession, v4, v6 } from '../../make.js';

const owner = { kind: 'session', uuid: sessionId.parse('abc-123') } as const;
const inet = { local: '172.20.0.1', prefixLength: 32, peer: undefined };
const inet6 = { local: 'fe80::1', prefixLength: 64, peer: undefined };

function setLink(link: object, of: Owner = owner): Change {
  return { kind: 'set-link', owner: of, link: { interface: 'wg_24001', ...link }, why: '' };
}

function desiredWith(session: Parameters<typeof makeSession>[0]): Desired {
  return { sessions: [{ session: makeSession(session), tunnel: { owner } }] } as never;
}

const linkLocal = desiredWith({});
const onlyIpv4 = desiredWith({ ipv6LinkLocal: undefined, ipv4: v4('172.20.0.2') });
const offOn = (name: string) => ({
  forwarding: { ipv4: true, ipv6: true },
  rpFilter: new Map(),
  ipv6Disabled: new Set([name]),
});
const off = makeObserved({ sysctls: offOn('default') });

describe('a change with IPv6 addresses while IPv6 is off', () => {
  it('is created without them, and the session that needs them is named', () => {
    const { change, missed } = withoutOffIpv6(
      setLink({ mtu: 1420, addAddresses: [inet6, inet] }),
      linkLocal,
      off,
    );
    expect(change).toMatchObject({ link: { interface: 'wg_24001', mtu: 1420, addAddresses: [inet] } });
    expect(missed).toMatch(
      /^IPv6 is switched off on this machine \(net\.ipv6\.conf\.default\.disable_ipv6\)/,
    );
    expect(missed).toContain('wg_24001 cannot have fe80::1/64');
    expect(missed).toContain('sysctl -w');
  });

  it('is no change where nothing else is in it', () => {
    expect(withoutOffIpv6(setLink({ addAddresses: [inet6] }), linkLocal, off).change).toBeUndefined();
    const { change } = withoutOffIpv6(setLink({ addAddresses: [inet6], up: true }), linkLocal, off);
    expect(change).toMatchObject({ link: { interface: 'wg_24001', up: true } });
    expect(change).not.toHaveProperty('link.addAddresses');
  });

  it('is missed by nobody whose neighbor has only IPv4', () => {
    expect(withoutOffIpv6(setLink({ addAddresses: [inet6] }), onlyIpv4, off).missed).toBeUndefined();
    const both = desiredWith({ ipv6LinkLocal: undefined, ipv4: v4('172.20.0.2'), ipv6: v6('fd00::2') });
    expect(withoutOffIpv6(setLink({ addAddresses: [inet6] }), both, off).missed).toBeDefined();
  });

  it('is missed by the mesh and by the node', () => {
    const mesh = setLink({ addAddresses: [inet6] }, { kind: 'mesh', nodeId: 2 });
    expect(withoutOffIpv6(mesh, onlyIpv4, off).missed).toBeDefined();
    const loopback: Change = {
      ...setLink({ addAddresses: [inet6] }, { kind: 'node' }),
      kind: 'set-loopback',
    } as never;
    expect(withoutOffIpv6(loopback, onlyIpv4, off).missed).toBeDefined();
  });
});

describe('whether IPv6 is off', () => {
  const change = setLink({ addAddresses: [inet6] });

  it('is asked of the interface itself, where it is there', () => {
    const links = [makeLink({ name: 'wg_24001' })];
    expect(withoutOffIpv6(change, linkLocal, makeObserved({ links, sysctls: offOn('default') })).change).toBe(
      change,
    );
    const itself = makeObserved({ links, sysctls: offOn('wg_24001') });
    expect(withoutOffIpv6(change, linkLocal, itself).missed).toContain('net.ipv6.conf.wg_24001.disable_ipv6');
  });

  it('is no matter for what has no IPv6 address, or is no change of addresses', () => {
    const plain = setLink({ addAddresses: [inet], removeAddresses: [inet6] });
    expect(withoutOffIpv6(plain, linkLocal, off)).toEqual({ change: plain, missed: undefined });
    const keys: Change = { kind: 'create-key-pair', owner: { kind: 'node' }, why: '' };
    expect(withoutOffIpv6(keys, linkLocal, off)).toEqual({ change: keys, missed: undefined });
  });
});
