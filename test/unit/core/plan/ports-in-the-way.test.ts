import { expect, it } from 'vitest';
import { portsInTheWay } from '../../../../src/core/plan/ports-in-the-way.js';
import { makeWireGuard } from '../../make.js';

const device = (name: string, listenPort: number, part = {}) =>
  makeWireGuard({ interface: name, listenPort, ...part });
const wanted = (ports: Readonly<Record<string, number>>) => new Map(Object.entries(ports));

it('two that exchange their ports both let go of them', () => {
  expect(portsInTheWay(wanted({ a: 2, b: 1 }), [device('a', 1), device('b', 2)])).toEqual([
    { port: 1, holder: 'a', wantedBy: 'b' },
    { port: 2, holder: 'b', wantedBy: 'a' },
  ]);
});

it('of a row of three the last needs not', () => {
  expect(
    portsInTheWay(wanted({ a: 2, b: 3, c: 4 }), [device('a', 1), device('b', 2), device('c', 3)]),
  ).toEqual([
    { port: 2, holder: 'b', wantedBy: 'a' },
    { port: 3, holder: 'c', wantedBy: 'b' },
  ]);
});

it('a missing one may want the port', () => {
  expect(portsInTheWay(wanted({ a: 2, b: 1 }), [device('a', 1)])).toEqual([
    { port: 1, holder: 'a', wantedBy: 'b' },
  ]);
});

it.each([
  ['every port is where it is to be', { a: 1, b: 2 }, [device('a', 1), device('b', 2)]],
  ['nobody else wants the port', { a: 3, b: 2 }, [device('a', 1), device('b', 2)]],
  ['its holder is no tunnel of the agent', { b: 1 }, [device('a', 1), device('b', 2)]],
  ['it has no port', { a: 1, b: 0 }, [device('a', 0)]],
  [
    'its holder cannot be read',
    { a: 2, b: 1 },
    [device('a', 1, { unread: { reason: '', server: undefined } })],
  ],
])('nothing is in the way if %s', (_, ports, present) => {
  expect(portsInTheWay(wanted(ports), present)).toEqual([]);
});
