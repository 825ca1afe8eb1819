import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPortSets } from '../../../src/adapters/nftables/port-sets.js';
import { nftSet } from '../../../src/core/model/values/port-set.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { ProgramError } from '../../../src/platform/exec.js';
import type { PortSets } from '../../../src/shell/ports/host.js';

let namespace: Namespace;
let sets: PortSets;
const ports = nftSet.parse('inet  filter moenet_ports');

beforeAll(async () => {
  namespace = await openNamespace('port-sets');
  sets = openPortSets({ run: namespace.run });
});

afterAll(() => namespace.close());

beforeEach(() => nft(['flush ruleset']));

async function nft(lines: readonly string[]): Promise<void> {
  await namespace.run('nft', ['-f', '-'], { input: lines.map((line) => `${line}\n`).join('') });
}

const table = 'add table inet filter';

describe('a set of ports', () => {
  it('gets and loses the agent’s ports in one transaction; other elements stay as they are', async () => {
    await nft([table, 'add set inet filter moenet_ports { type inet_service; }']);
    expect(await sets.observe(ports)).toEqual({ set: ports, elements: [] });
    await nft(['add element inet filter moenet_ports { 22, 80 comment "web" }']);
    await sets.change(ports, { add: [24001, 24002], remove: [] });
    await sets.change(ports, { add: [24003], remove: [24001] });
    expect(await sets.observe(ports)).toEqual({
      set: ports,
      elements: [
        { port: 22, isOurs: false },
        { port: 80, isOurs: false },
        { port: 24002, isOurs: true },
        { port: 24003, isOurs: true },
      ],
    });
    await expect(sets.change(ports, { add: [24004], remove: [9] })).rejects.toThrow(ProgramError);
    expect(await sets.observe(ports)).not.toMatchObject({
      elements: expect.arrayContaining([{ port: 24004, isOurs: true }]),
    });
  });

  it('may have a timeout and counters', async () => {
    await nft([
      table,
      'add set inet filter moenet_ports { typeof udp dport; flags timeout; timeout 1h; counter; }',
    ]);
    await sets.change(ports, { add: [24001], remove: [] });
    expect(await sets.observe(ports)).toEqual({ set: ports, elements: [{ port: 24001, isOurs: true }] });
  });

  it.each([
    [
      'there is none',
      table,
      /there is no nft set inet filter moenet_ports .*nft add set inet filter moenet_ports '\{ type inet_service; \}'/,
    ],
    ['there is no table', 'flush ruleset', /there is no nft set/],
    [
      'it holds addresses',
      'add set inet filter moenet_ports { type ipv4_addr; }',
      /does not hold ports: make it with the type inet_service/,
    ],
    [
      'it has intervals',
      'add set inet filter moenet_ports { type inet_service; flags interval; }',
      /has the flag interval/,
    ],
  ])('where %s, the agent says so', async (_, line, words) => {
    await nft([table, line]);
    expect(await sets.observe(ports)).toMatchObject({ problem: expect.stringMatching(words) });
  });

  it('needs nft', async () => {
    const missing = new ProgramError({
      program: 'nft',
      exitCode: undefined,
      stderr: '',
      missing: true,
      message: 'nft',
    });
    const without = openPortSets({ run: () => Promise.reject(missing) });
    expect(await without.observe(ports)).toEqual({
      set: ports,
      problem: expect.stringContaining('nft is not installed, which firewall.nftSet needs (apt-get install'),
      isMissing: true,
    });
  });
});
