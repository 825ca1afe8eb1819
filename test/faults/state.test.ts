import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { end, type FaultyNode } from './harness/faulty-node.js';
import { type Picture, pictureOf } from './harness/picture.js';
import { servesNewcomer, untilHealthy } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
// A node for each: of the one before, the second generation would list the session that was new then.
import { it } from './harness/with-node.js';

const newer = '{"version":2,"sha512":"of another time","documents":[]}\n';

const damages: readonly (readonly [string, (text: Buffer) => Buffer, RegExp])[] = [
  [
    'truncated',
    (text) => text.subarray(0, text.length / 2),
    /is damaged: the agent uses the other generation/,
  ],
  ['emptied', () => Buffer.alloc(0), /is damaged: the agent uses the other generation/],
  ['bit-flipped', flipBit, /is damaged: the agent uses the other generation/],
  ['of a newer version', () => Buffer.from(newer), /is of version 2, from a newer agent/],
];

function flipBit(text: Buffer): Buffer {
  return Buffer.from(text.map((byte, at) => (at === text.length >> 1 ? byte ^ 1 : byte)));
}

describe.concurrent('the newest state files, the control plane gone', () => {
  it.for(damages)('%s, and the machine rebooted', async ([, damage, said], { node, task }) => {
    const before = await pictureOf(node);
    const logged = node.log.length;
    await end(node.daemon);
    await reboot(node);
    await damageNewest(node, damage);
    await node.setFault('refused');
    const startedMs = Date.now();
    await node.startBird();
    await node.startDaemon();
    await waitFor('all is as before', async () => isSame(await pictureOf(node), before));
    const recoveredMs = Date.now() - startedMs;
    await waitFor('the control plane is named', async () =>
      /refuses the connection/.test((await node.status()).controlPlane.error ?? ''),
    );
    expect(node.log.slice(logged).some(({ msg }) => said.test(msg))).toBe(true);
    await node.setFault(undefined);
    await servesNewcomer(node);
    await expectKeptAside(node, damage);
    task.meta.finding = { seen: 'all sessions are up', namedMs: 0, recoveredMs };
  });
});

describe.concurrent('state files', () => {
  it('of a newer version, both generations of each, the control plane there', async ({ node, task }) => {
    const before = await pictureOf(node);
    await end(node.daemon);
    const names = (await readdir(node.path('state'), { withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    for (const { name } of names) await writeFile(node.path(`state/${name}`), newer);
    task.meta.finding = await startsUnchanged(node, before);
    const kept = (await readdir(node.path('state'))).filter((name) => name.endsWith('.v2'));
    expect(kept).toEqual(expect.arrayContaining(['memory.json.v2', 'answer-sessions.json.v2']));
  });

  it('all lost, the control plane there', async ({ node, task }) => {
    const before = await pictureOf(node);
    await end(node.daemon);
    await rm(node.path('state'), { recursive: true });
    task.meta.finding = await startsUnchanged(node, before);
  });

  it('all lost, the control plane gone', async ({ node, task }) => {
    const before = await pictureOf(node);
    await end(node.daemon);
    await rm(node.path('state'), { recursive: true });
    const logged = node.log.length;
    await node.setFault('refused');
    await node.startDaemon();
    const named = /the agent configures nothing until the control plane answers/;
    const namedMs = await waitFor('it is said', async () =>
      node.log.slice(logged).some(({ msg }) => named.test(msg)),
    );
    expect(await pictureOf(node)).toEqual(before);
    await node.setFault(undefined);
    const startedMs = Date.now();
    await untilHealthy(node);
    expect(await pictureOf(node)).toEqual(before);
    await servesNewcomer(node);
    task.meta.finding = { seen: 'nothing changed', namedMs, recoveredMs: Date.now() - startedMs };
  });
});

async function startsUnchanged(node: FaultyNode, before: Picture) {
  const startedMs = Date.now();
  await node.startDaemon();
  await untilHealthy(node);
  const recoveredMs = Date.now() - startedMs;
  expect(await pictureOf(node)).toEqual(before);
  await servesNewcomer(node);
  return { seen: 'nothing changed', namedMs: 0, recoveredMs };
}

/** What a reboot leaves: files, and interfaces that are not the agent's. */
async function reboot(node: FaultyNode): Promise<void> {
  const { run } = node.namespace;
  await end(node.bird);
  const { stdout } = await run('wg', ['show', 'interfaces']);
  for (const link of stdout.split(/\s+/).filter(Boolean)) await run('ip', ['link', 'del', 'dev', link]);
  await run('ip', ['addr', 'flush', 'dev', 'lo', 'scope', 'global']);
}

async function damageNewest(node: FaultyNode, damage: (text: Buffer) => Buffer): Promise<void> {
  const names = (await readdir(node.path('state'))).filter((name) => name.endsWith('.json'));
  // One may be missing, where the daemon was killed between the generations.
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const file = node.path(`state/${name}`);
    await writeFile(file, damage(await readFile(file)));
  }
}

async function expectKeptAside(node: FaultyNode, damage: (text: Buffer) => Buffer): Promise<void> {
  if (damage(Buffer.from('{}')).toString() !== newer) return;
  expect(await readFile(node.path('state/answer-sessions.json.v2'), 'utf8')).toBe(newer);
}

/** The same but for what a new interface and a new connection of BGP have of their own. */
function isSame(now: Picture, before: Picture): boolean {
  return JSON.stringify(essence(now)) === JSON.stringify(essence(before));
}

function essence({ links, wireguard, files, protocols }: Picture) {
  const addresses = (
    links as { ifname: string; mtu: number; ifalias?: string; addr_info: { local: string }[] }[]
  )
    .map(({ ifname, mtu, ifalias, addr_info }) =>
      [ifname, mtu, ifalias, ...addr_info.map(({ local }) => local).sort()].join(' '),
    )
    .sort();
  const names = protocols?.map(({ name, proto }) => `${name} ${proto}`).sort();
  return { addresses, wireguard, files: Object.entries(files).sort(), names };
}
