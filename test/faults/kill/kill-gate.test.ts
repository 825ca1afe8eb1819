import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end } from '../harness/faulty-node.js';
import { endState, identities } from '../harness/look.js';
import { waitFor } from '../harness/wait-for.js';
import { type KillNode, openKillNode } from './kill-node.js';
import { lasting, oneList, otherList } from './kill-sessions.js';

let kill: KillNode;

beforeAll(async () => {
  kill = await openKillNode('kill-gate', oneList);
  await kill.start();
});
afterAll(() => kill?.node.close());

/** What BIRD runs, and would run after a restart. */
async function birds() {
  const { files, protocols, unconfirmed } = await endState(kill.node);
  const ofBird = Object.entries(files as Record<string, string>).filter(([path]) =>
    path.startsWith('/bird/'),
  );
  return { files: Object.fromEntries(ofBird), protocols, unconfirmed };
}

/** The agent makes a change, and is killed while it looks whether that has cut the node off. */
async function killInGate(fault: string): Promise<void> {
  await rm(kill.node.path('health-held'), { force: true });
  await kill.node.setFault(fault);
  await kill.node.setSessions(otherList);
  const asked = kill.survivesResync();
  await waitFor('the change is looked at', async () => existsSync(kill.node.path('health-held')));
  await kill.kill();
  await asked;
}

describe('agent killed', () => {
  it("while BIRD's new configuration is not confirmed yet, then BIRD, and the control plane gone", async ({
    task,
  }) => {
    const { node } = kill;
    const before = await birds();
    await killInGate('health held for 30 s while BIRD is on trial');
    await node.setFault('refused');
    await end(node.bird);
    await node.startBird();
    // The rollback is BIRD's own: nobody has to be there for it.
    expect((await birds()).protocols).toEqual(before.protocols);
    const links = lasting.filter((name) => /^(wg_|dn42-|foreign|lo)/.test(name));
    const untouched = await identities(node, links);
    await kill.launch();
    const putBackMs = await waitFor('the change is taken back', async () =>
      /restored .*peers/.test(kill.log()),
    );
    expect(await birds()).toEqual(before);

    await node.setFault(undefined);
    const answeredMs = Date.now();
    expect(await kill.survivesResync()).toBe(true);
    expect(JSON.stringify(await birds())).toContain('dn42_4242420504');
    expect(await identities(node, links)).toEqual(untouched);
    task.meta.finding = {
      seen: 'taken back in the files and in BIRD; made when the control plane answers',
      namedMs: putBackMs,
      recoveredMs: Date.now() - answeredMs,
    };
  });

  it('while addresses are on trial: the kernel removes them, or the next agent confirms them', async ({
    task,
  }) => {
    const { node } = kill;
    await node.setSessions(oneList);
    await node.setFault(undefined);
    expect(await kill.survivesResync()).toBe(true);
    await killInGate('health held for 30 s');
    const onTrial = await lifetimes();
    expect(onTrial.length).toBeGreaterThan(0);
    for (const seconds of onTrial) expect(seconds).toBeLessThanOrEqual(120);

    await node.setFault(undefined);
    const startedMs = Date.now();
    await kill.start();
    expect(await lifetimes()).toEqual([]);
    expect(JSON.stringify(await birds())).toContain('dn42_4242420504');
    task.meta.finding = {
      seen: 'the kernel would have removed them within 120 s',
      namedMs: 0,
      recoveredMs: Date.now() - startedMs,
    };
  });
});

/** The seconds that addresses of the agent's tunnels have left, of those that do not stay. */
async function lifetimes(): Promise<readonly number[]> {
  const { stdout } = await kill.node.namespace.run('ip', ['-j', '-d', 'addr']);
  const links = JSON.parse(stdout) as readonly {
    readonly ifalias?: string;
    readonly addr_info: readonly { readonly valid_life_time: number }[];
  }[];
  const ours = links.filter(({ ifalias }) => ifalias?.startsWith('moenet-agent:'));
  return ours
    .flatMap(({ addr_info }) => addr_info.map(({ valid_life_time }) => valid_life_time))
    .filter((seconds) => seconds < 0xffff_ffff);
}
