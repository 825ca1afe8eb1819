import { expect, it } from 'vitest';
import { isCheck, isLoad } from '../../bench/bird-relay.js';
import { countedByName, parsePrograms } from '../../bench/programs.js';

it('the programs of a run are counted by name and first argument, but tunnels all as one', () => {
  const log = '1 wg show\n2 wireguard-go dn42_1\n3 wireguard-go dn42_2\n4 bird\npeak 99\n';
  expect(countedByName(parsePrograms(log))).toBe('wireguard-go 2, wg show 1, bird 1');
  expect(parsePrograms(log)[0]).toEqual({ atMs: 1, text: 'wg show' });
});

it.each([
  ['configure', 'load'],
  ['configure soft', 'load'],
  ['configure timeout 120', 'load'],
  ['configure "/a/bird.conf" timeout 120', 'load'],
  ['configure check "/a/bird.conf"', 'check'],
  ['configure confirm', 'neither'],
  ['configure undo', 'neither'],
  ['show protocols all', 'neither'],
])('%s is a %s', (text, kind) => {
  const command = { atMs: 0, text };
  expect([isLoad(command), isCheck(command)]).toEqual([kind === 'load', kind === 'check']);
});
