import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BirdFile } from '../../../src/core/model/artifacts.js';
import { formatMark } from '../../../src/core/model/owner.js';
import { full, peer, settled } from './routers/soft-changes-answers.js';
import { type ChangingNode, openChangingNode } from './routers/soft-changes-node.js';

const soon = { timeout: 60_000, interval: 200 };
const waiting = [
  'graceful restart on',
  'hold time 90',
  'keepalive time 30',
  'connect delay time 2',
  'connect retry time 15',
  'error wait time 5, 60',
  'long lived graceful restart off',
  'deterministic med on',
];
const optionLine =
  /^ +(graceful restart|long lived|hold time|keepalive time|connect .* time|error wait time|deterministic med|add paths).*;\n/gm;

/** As the agent wrote it before sessions had options of their own. */
function ofAnOlderAgent(file: BirdFile): BirdFile {
  return file.owner.kind === 'node' ? file : { ...file, content: file.content.replace(optionLine, '') };
}

let node: ChangingNode;

beforeAll(async () => {
  node = await openChangingNode();
  await node.putFiles(ofAnOlderAgent);
  await established();
});

afterAll(() => node.close());

async function established(): Promise<void> {
  const names = [...settled.map(({ protocol }) => protocol), 'ibgp_2'].sort();
  await vi.waitFor(async () => expect(Object.keys(await node.connections()).sort()).toEqual(names), soon);
}

const pendingOf = (files: readonly BirdFile[]) =>
  Object.fromEntries(files.flatMap(({ path, pending }) => (pending ? [[path, pending]] : [])));
const holdTime = async (protocol: string) =>
  /Hold timer: +[\d.]+\/(\d+)/.exec(await node.ask(`show protocols all ${protocol}`))?.[1];
/** Both ends of each connection: a reset makes others. */
const sockets = async () =>
  Object.fromEntries(
    Object.entries(await node.connections()).map(([name, { here, there }]) => [name, [here, there]]),
  );
const socketOf = async (protocol: string) => (await node.connections())[protocol]?.here;
const pathOf = ({ protocol }: { readonly protocol: string }) => `peers/${protocol}.conf`;

describe('an agent that wants other BGP options than the sessions run with', () => {
  it('leaves every Established session on its connection, and says what waits', async () => {
    const before = await sockets();
    const files = await node.applyOver();
    const paths = [...settled.map(pathOf), 'ibgp.d/ibgp_2.conf'].sort();
    expect(pendingOf(files)).toEqual(Object.fromEntries(paths.map((path) => [path, waiting])));
    expect(await sockets()).toEqual(before);
    expect(await holdTime(full.protocol)).toBe('240');
  });

  it('changes the options of a session that goes down, and of no other', async () => {
    const others = (await socketOf(peer.protocol)) as string;
    await node.ask(`disable ${full.protocol}`);
    const files = await node.applyOver();
    await node.ask(`enable ${full.protocol}`);
    await established();
    expect(pendingOf(files)).not.toHaveProperty([pathOf(full)]);
    expect(pendingOf(files)).toHaveProperty([pathOf(peer)], waiting);
    expect(await holdTime(full.protocol)).toBe('90');
    expect(await socketOf(peer.protocol)).toBe(others);
  });

  it('changes them at once for the session that an operator wants reset', async () => {
    const [before, other] = [await socketOf(peer.protocol), await socketOf(full.protocol)];
    const uuid = (await node.applyOver()).find(({ path }) => path === pathOf(peer))?.owner;
    await node.applyOver({ reset: new Set([uuid ? formatMark(uuid) : '']) });
    await vi.waitFor(async () => expect(await holdTime(peer.protocol)).toBe('90'), soon);
    expect(await socketOf(peer.protocol)).not.toBe(before);
    expect(await socketOf(full.protocol)).toBe(other);
  });

  it('has nothing left to change once the options are as wanted', async () => {
    expect(pendingOf(await node.applyOver())).not.toHaveProperty([pathOf(peer)]);
  });
});
