import type { NetworkInterfaceInfo } from 'node:os';
import { beforeEach, expect, it } from 'vitest';
import { openLinkGlance } from '../../../../src/adapters/iproute2/glance.js';

let interfaces: Record<string, NetworkInterfaceInfo[]>;
let ipv6: string;
let asked: number;

const of = (address: string) => [{ address } as NetworkInterfaceInfo];
const open = () =>
  openLinkGlance(
    () => {
      asked += 1;
      return { ...interfaces };
    },
    () => ipv6,
  );

beforeEach(() => {
  [interfaces, ipv6, asked] = [{}, 'fe80::1 on all', 0];
});

function fill(count: number): void {
  for (let index = 0; index < count; index++) interfaces[`wg_${index}`] = of('FE80::1');
}

it('a look at few interfaces asks the kernel each time', () => {
  fill(3);
  const glance = open();
  expect(glance().get('wg_0')).toEqual(['fe80::1']);
  interfaces['wg_0'] = of('192.0.2.1');
  expect(glance().get('wg_0')).toEqual(['192.0.2.1']);
});

it('of many, it asks where the IPv6 addresses are others, and once in some looks', () => {
  fill(100);
  const glance = open();
  glance();
  glance();
  asked = 0;
  for (let looks = 0; looks < 10; looks++) glance();
  expect(asked).toBe(2);

  asked = 0;
  ipv6 = 'fe80::1 on all but one';
  delete interfaces['wg_7'];
  expect(glance().has('wg_7')).toBe(false);
  expect(asked).toBe(1);
});

it('of many, it asks each time where the kernel has no IPv6', () => {
  fill(100);
  ipv6 = '';
  const glance = open();
  for (let looks = 0; looks < 3; looks++) glance();
  expect(asked).toBe(3);
});
