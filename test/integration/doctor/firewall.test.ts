import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgeFirewall } from '../../../src/doctor/checks/firewall.js';
import { parseNftRuleset } from '../../../src/doctor/nft-ruleset.js';
import { droppingChain } from '../../../src/doctor/nft-verdict.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

let host: Namespace;

beforeAll(async () => {
  host = await openNamespace('firewall');
});

afterAll(() => host.close());

/** The ruleset as the real nft lists it. */
async function listed(rules: string) {
  await host.run('nft', ['-f', '-'], { input: `flush ruleset\n${rules}` });
  return parseNftRuleset((await host.run('nft', ['-j', 'list', 'ruleset'])).stdout);
}

const input = (rules: string, policy = 'drop', more = '') =>
  listed(`table inet filter {
      ${more}
      chain input { type filter hook input priority 0; policy ${policy};
        ct state established,related accept
        iifname "lo" accept
        ip protocol icmp accept
        meta l4proto ipv6-icmp accept
        ${rules}
      }
    }`);

const isOpen = async (ruleset: ReturnType<typeof input>, port = 24001) =>
  droppingChain(await ruleset, 'input', { protocol: 'udp', port }) === undefined;

it.each([
  ['nothing else', '', false],
  ['its port', 'udp dport 24001 accept', true],
  ['the same port of TCP', 'tcp dport 24001 accept', false],
  ['another port', 'udp dport 24002 accept', false],
  ['a range', 'udp dport 20000-30000 accept', true],
  ['a list', 'udp dport { 53, 24001 } accept', true],
  ['a list with a range', 'udp dport { 53, 24000-24010 } accept', true],
  ['all but one port', 'udp dport != 53 accept', true],
  ['UDP', 'meta l4proto udp accept', true],
  ['UDP and TCP', 'meta l4proto { tcp, udp } th dport 24001 accept', true],
  ['one source', 'ip saddr 192.0.2.0/24 udp dport 24001 accept', true],
  ['one interface', 'iifname "eth0" accept', true],
  ['all that is new', 'ct state new accept', true],
  ['a drop before it', 'udp dport 24001 drop; udp dport 24001 accept', false],
  ['a drop of one source before it', 'ip saddr 192.0.2.1 drop; udp dport 24001 accept', true],
  ['a limit of drops', 'udp dport 24001 limit rate over 10/second drop; udp dport 24001 accept', true],
])('a ruleset that drops and accepts %s', async (_, rules, open) => {
  expect(await isOpen(input(rules))).toBe(open);
});

it('a policy of accept, with and without a last rule that drops', async () => {
  expect(await isOpen(input('', 'accept'))).toBe(true);
  expect(await isOpen(input('counter reject', 'accept'))).toBe(false);
});

it('sets, and chains that are jumped to', async () => {
  const set = 'set ports { type inet_service; flags interval; elements = { 24000-24010 } }';
  expect(await isOpen(input('udp dport @ports accept', 'drop', set))).toBe(true);
  expect(await isOpen(input('udp dport @ports accept', 'drop', set), 24011)).toBe(false);
  const chain = 'chain services { udp dport 24001 accept; }';
  expect(await isOpen(input('jump services', 'drop', chain))).toBe(true);
  expect(await isOpen(input('jump services', 'drop', chain), 24002)).toBe(false);
  const local = 'chain not_local { fib daddr type local return; drop; }';
  expect(await isOpen(input('jump not_local; udp dport 24001 accept', 'drop', local))).toBe(true);
});

it('names the closed ports, BGP and the rules of a previous agent, with the commands', async () => {
  const ruleset = await input('udp dport 24002 accept comment "moenet-agent: dn42_4242421080"');
  expect(judgeFirewall(ruleset, [24001, 24002, 24003])).toEqual([
    {
      level: 'warning',
      text: 'inet filter input closes the UDP ports 24001, 24003 of tunnels: no neighbor can begin a handshake',
      remedy: 'nft insert rule inet filter input udp dport { 24001, 24003 } accept',
    },
    {
      level: 'warning',
      text: 'inet filter input closes TCP port 179: no neighbor can open a BGP session',
      remedy: 'nft insert rule inet filter input tcp dport 179 accept',
    },
    {
      level: 'warning',
      text: 'inet filter input has 1 rule whose comment names moenet or dn42: a previous agent opened the ports of its sessions so, and nobody removes them now',
      remedy: 'nft -a list chain inet filter input',
    },
  ]);
  expect(judgeFirewall(await listed(''), [24001])).toEqual([
    { level: 'ok', text: 'the firewall closes none of the ports that the node needs' },
  ]);
});
