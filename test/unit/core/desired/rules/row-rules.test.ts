import { describe, expect, it } from 'vitest';
import { asn } from '../../../../../src/core/model/values/asn.js';
import { wireGuardKey } from '../../../../../src/core/model/values/wireguard-key.js';
import { makeEntry, ownKey, v6 } from '../../../make.js';
import { judge, linkOf, machine, node, reasonFor } from './judged.js';

describe('a session with ourselves is refused', () => {
  it("by this node's own public key", () => {
    const entry = makeEntry({ publicKey: wireGuardKey.parse(ownKey) });
    expect(reasonFor([entry], machine, { publicKey: ownKey })).toBe(
      "credential: the public key is this node's own, not the peer's",
    );
    expect(reasonFor([makeEntry()], machine, { publicKey: ownKey })).toBe(undefined);
  });

  it("by this network's own ASN", () => {
    expect(reasonFor([makeEntry({ asn: asn.parse(node.asn) })])).toBe(
      "asn: AS4242420998 is this node's own; our own nodes are in the mesh, and a session is with another network",
    );
  });
});

describe('a uuid that is in the list twice', () => {
  const twice = [
    makeEntry(),
    makeEntry({ asn: asn.parse(4242422189), interface: 'wg_2', listenPort: 24002 }),
  ];

  it('is one session, and the list is complained of', () => {
    const { sessions, warnings } = judge(twice);
    expect(sessions.map(({ session }) => session.interface)).toEqual(['wg_24001']);
    expect(warnings).toEqual([
      "session abc-123 is in the control plane's list more than once: the agent uses the one that runs, else the first, and ignores the others",
    ]);
    expect(judge([makeEntry()]).warnings).toEqual([]);
  });

  it('is the one that runs', () => {
    const links = [linkOf('wg_2', [], 'moenet-agent:abc-123')];
    expect(judge(twice, { links }).sessions.map(({ session }) => session.interface)).toEqual(['wg_2']);
  });
});

describe('a session without a port', () => {
  const other = {
    uuid: 'abc-124',
    interface: 'wg_2',
    asn: asn.parse(4242431080),
    ipv6LinkLocal: v6('fe80::3'),
  };
  const byDefault = makeEntry({ listenPort: 31080, isDefaultPort: true });

  it('leaves its default port to a session that names that port, wherever it is in the list', () => {
    const { sessions, refusals } = judge([byDefault, makeEntry({ ...other, listenPort: 31080 })]);
    expect(sessions.map(({ session }) => session.uuid)).toEqual(['abc-124']);
    expect(refusals).toEqual([
      {
        uuid: 'abc-123',
        reason:
          'port: the control plane names none, and the default 31080 is already used by session abc-124 (AS4242431080); give the session a port of its own',
      },
    ]);
  });

  it('keeps it if it runs on it', () => {
    const links = [linkOf('wg_24001', [], 'moenet-agent:abc-123')];
    const { sessions } = judge([makeEntry({ ...other, listenPort: 31080 }), byDefault], { links });
    expect(sessions.map(({ session }) => session.uuid)).toEqual(['abc-123']);
  });

  it('is told who has it, where that is a program', () => {
    const udpHolders = new Map([[31080, 'dnsmasq (pid 412)']]);
    expect(reasonFor([byDefault], { ...machine, udpHolders })).toContain(
      'the default 31080 is already used by dnsmasq (pid 412)',
    );
  });
});
