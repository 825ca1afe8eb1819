import { expect, it } from 'vitest';
import { formatRule } from '../../../../src/core/model/routing-rule.js';
import { describeChange } from '../../../../src/core/plan/plan.js';
import { reconcile } from '../../../../src/shell/pass/pass.js';
import { makeEntry, v4 } from '../../make.js';
import { makePassedNode, signal, snapshot } from './passed-node.js';

async function openNode(kernelTable: number | undefined) {
  const node = await makePassedNode();
  const sessions = [makeEntry({ ipv4: v4('172.23.91.128') })];
  const pass = (table = kernelTable) =>
    reconcile(
      { ...node.context, settings: { ...node.context.settings, kernelTable: table } },
      snapshot(sessions),
      signal,
    );
  return { ...node, pass };
}

const rulesOf = ({ host }: Awaited<ReturnType<typeof openNode>>) =>
  host.ruleTable.map((rule) => `${rule.family} ${formatRule(rule)}`).sort();
const priority = 'priority 30157';
const ofTable = (table: number) => [
  `ipv4 from 172.22.188.1/32 lookup ${table} ${priority}`,
  `ipv4 iif wg_24001 lookup ${table} ${priority}`,
  `ipv6 from fd00:4242:7777:101:1::1/128 lookup ${table} ${priority}`,
  `ipv6 iif wg_24001 lookup ${table} ${priority}`,
];

it('DN42 gets a table of its own with the rules for it in one pass, and the next one does nothing', async () => {
  const node = await openNode(42);
  const { plan } = await node.pass();
  expect(plan.changes.map(describeChange)).toContain(
    `add routing rules: iif wg_24001 lookup 42 ${priority} and 3 more`,
  );
  expect(rulesOf(node)).toEqual(ofTable(42));
  expect(node.host.files.get('bird.conf')?.match(/kernel table 42;/g)).toHaveLength(2);
  expect(node.host.files.get('moenet-agent/internal.conf')).toContain('if ifname = "wg_24001" then accept;');
  expect((await node.pass()).plan.changes).toEqual([]);
});

it('the rules for another table come first, and those for the former go after its routes', async () => {
  const node = await openNode(42);
  await node.pass();
  const { plan } = await node.pass(43);
  expect(plan.changes.map(({ kind }) => kind)).toEqual(['add-rules', 'write-file', 'reload-bird']);
  expect(rulesOf(node)).toEqual([...ofTable(42), ...ofTable(43)].sort());
  await node.pass(43);
  expect(rulesOf(node)).toEqual(ofTable(43));
});

it('what it made goes when the setting goes, and nobody looks for rules any more', async () => {
  const node = await openNode(42);
  await node.pass();
  let looks = 0;
  const { observe } = node.host.rules;
  Object.assign(node.host.rules, {
    observe: (...args: Parameters<typeof observe>) => {
      looks += 1;
      return observe(...args);
    },
  });
  const without = { ...node, pass: () => reconcile(node.context, snapshot([makeEntry()]), signal) };
  await without.pass();
  await without.pass();
  expect(rulesOf(node)).toEqual([]);
  await without.pass();
  expect(node.memory.current.mayHaveRules).toBe(false);
  looks = 0;
  await without.pass();
  expect(looks).toBe(0);
});

it('a rule that cannot be set is told and tried again', async () => {
  const node = await openNode(42);
  const { add } = node.host.rules;
  Object.assign(node.host.rules, { add: () => Promise.reject(new Error('Operation not permitted')) });
  const { plan, remaining } = await node.pass();
  expect(plan.changes.map(({ kind }) => kind)).toContain('add-rules');
  expect(remaining.changes.map(({ kind }) => kind)).toEqual(['add-rules']);
  Object.assign(node.host.rules, { add });
  await node.pass();
  expect(rulesOf(node)).toEqual(ofTable(42));
});
