import { describe, expect, it } from 'vitest';
import { fileOwner, findOwned, runningSessions } from '../../../../src/core/desired/owned.js';
import { makeLink, makeObserved } from '../../make.js';

const session = { kind: 'session', uuid: 'abc-123' } as const;
const link = (name: string, alias?: string) => makeLink({ name, alias });

describe('what is whose before a pass', () => {
  const links = [
    link('wg_own', 'moenet-agent:abc-123'),
    link('mesh', 'moenet-agent:mesh:2'),
    link('dummy0', 'moenet-agent:node:'),
    link('begun'),
    link('begun-by-others', 'mine'),
    link('taken'),
    link('eth0'),
  ];
  const birdFiles = new Map([
    ['bird.conf', '# moenet-agent:node:\n'],
    ['peers/dn42_1.conf', '# moenet-agent:abc-123\n'],
    ['peers/mine.conf', 'protocol bgp mine {}\n# moenet-agent:abc-123\n'],
  ]);
  const found = findOwned(
    makeObserved({ links, birdFiles }),
    ['begun', 'begun-by-others', 'wg_own'],
    new Map([['taken', { kind: 'session', uuid: 'abc-124' } as never]]),
  );

  it('are interfaces by their mark, as taken over, as begun, or others’', () => {
    expect([...found.tunnels]).toEqual([
      ['wg_own', session],
      ['mesh', { kind: 'mesh', nodeId: 2 }],
      ['taken', { kind: 'session', uuid: 'abc-124' }],
    ]);
    expect([...found.unfinished]).toEqual(['begun']);
    expect([...found.foreignInterfaces]).toEqual(['dummy0', 'begun-by-others', 'eth0']);
    expect(runningSessions(found)).toEqual(['abc-123', 'abc-124']);
  });

  it('are files by the mark in their first line, and the protocols of a session by its file', () => {
    expect([...found.files]).toEqual([
      ['bird.conf', { kind: 'node' }],
      ['peers/dn42_1.conf', session],
    ]);
    expect([...found.protocols]).toEqual([['abc-123', 'dn42_1']]);
  });
});

it.each([
  ['# moenet-agent:abc-123', session],
  ['# moenet-agent:abc-123\r\nprotocol', session],
  ['moenet-agent:abc-123', undefined],
  ['', undefined],
])('the owner of a file that begins with %j', (text, owner) => {
  expect(fileOwner(text)).toEqual(owner);
});
