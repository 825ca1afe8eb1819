import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { separate } from '../../../src/shell/pass/separate.js';
import { full, peer, settled } from './routers/soft-changes-answers.js';
import { type ChangingNode, openChangingNode } from './routers/soft-changes-node.js';

const soon = { timeout: 40_000, interval: 200 };
const running = [...settled.map(({ protocol }) => protocol), 'ibgp_2'].sort();

let node: ChangingNode;

beforeAll(async () => {
  node = await openChangingNode();
  await node.applyOver();
  await eventually(async () => Object.keys(await node.connections()).sort(), running);
});

afterAll(() => node.close());

function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  return vi.waitFor(async () => expect(await look()).toEqual(wanted), soon);
}

const accepted = (of = full) => node.networks(`show route protocol ${of.protocol}`);
const sent = (to = full) => node.neighbor(to).networks('show route protocol node');
const sockets = async () =>
  Object.entries(await node.connections())
    .map(([name, { here }]) => [name, here])
    .sort();

const hooks = (imported: string, exported: string) => `
function local_import(int their_as)
{
  if their_as = ${full.as} && net.type = NET_IP4 && net = ${imported} then moenet_refuse(90);
}

function local_export(int their_as)
{
  if their_as = ${full.as} && net.type = NET_IP4 && net = ${exported} then reject;
}
`;

const [theirs = ''] = full.originated;
const [others = ''] = peer.originated;

describe("an operator's hooks", () => {
  it('run first in the filters of eBGP sessions, at once and without a reset; so do edited ones', async () => {
    const before = await sockets();
    await eventually(accepted, expect.arrayContaining([theirs]));
    await eventually(sent, expect.arrayContaining([others]));
    await node.put('local/hooks.conf', hooks(theirs, others));
    await node.applyOver();
    await eventually(accepted, expect.not.arrayContaining([theirs]));
    await eventually(sent, expect.not.arrayContaining([others]));
    expect(await node.ask(`show route filtered ${theirs} all protocol ${full.protocol}`)).toMatch(
      /9002, ?90/,
    );
    expect(await accepted(peer)).toContain(others);

    await node.put('local/hooks.conf', hooks('172.20.99.0/24', others));
    await node.applyOver();
    await eventually(accepted, expect.arrayContaining([theirs]));
    expect(await sent()).not.toContain(others);
    expect(await sockets()).toEqual(before);
  });

  it.each([
    ['a word that is none', (good: string) => good.replace('reject', 'rejecct'), /:9:\d+ syntax error/],
    [
      'no end',
      (good: string) => `${good}function more() {\n`,
      /:11: the statement that begins with "function" .* has no end; BIRD says bird\.conf:\d+/,
    ],
    [
      'no argument',
      (good: string) => good.replace(/int their_as/g, ''),
      /: its functions are called as local_import\(int their_as\)/,
    ],
  ])(
    'that BIRD refuses for %s are blamed by file and line; the last good ones go on until they are mended',
    async (_, spoil, words) => {
      const before = await sockets();
      const besides = await node.besides();
      await node.put('local/hooks.conf', spoil(hooks(theirs, others).replace(/their_as = \d+ && /g, '')));
      const refused = await node.besides();
      expect(refused).not.toBe(besides);
      const files = await node.filesNow();
      const { good, fault } = await separate(files, node.check);
      expect(good).toBeUndefined();
      expect(fault).toMatch(/^BIRD refuses the operator's file local\/hooks\.conf: local\/hooks\.conf:/);
      expect(fault).toMatch(words);
      expect(fault).toMatch(
        /BIRD goes on with its last good configuration; the agent tries again when the file is changed$/,
      );
      await expect(node.applyOver()).rejects.toThrow('rejected');
      expect(await sockets()).toEqual(before);
      expect(await accepted()).toContain(theirs);
      await node.put('local/hooks.conf', hooks('172.20.99.0/24', '172.20.99.0/24'));
      expect(await node.besides()).not.toBe(refused);
      await node.applyOver();
      await eventually(sent, expect.arrayContaining([others]));
    },
  );
});

describe("an operator's own files", () => {
  const statics = 'protocol static by_hand { ipv4; route 172.20.99.0/24 blackhole; }\n';

  it('are part of the configuration unchanged, in any number', async () => {
    await node.put('local/statics.conf', statics);
    await node.put('local/more.conf', 'define BY_HAND = 5;\n');
    await node.applyOver();
    expect(await node.networks('show route protocol by_hand')).toEqual(['172.20.99.0/24']);
    expect(await node.read('local/statics.conf')).toBe(statics);
    expect((await node.filesNow()).map(({ path }) => path).join()).not.toContain('local/');
  });

  it('block no session when a new file is invalid', async () => {
    await node.put('local/typo.conf', 'protocol static { ipv4; rout 172.20.98.0/24 blackhole; }\n');
    const { good, reasons } = await separate(await node.filesNow(), node.check);
    expect([...reasons.keys()]).toEqual(['bird.conf']);
    expect(reasons.get('bird.conf')).toMatch(/operator's file local\/typo\.conf: local\/typo\.conf:1:\d+ /);
    expect(good?.length).toBeGreaterThan(settled.length);
    await node.remove('local/typo.conf');
  });

  it('disappear with their protocols when the operator removes them, and BIRD starts without them meanwhile', async () => {
    await rm(join(node.configDir, 'local/statics.conf'));
    expect(await node.ask('configure')).toMatch(/Reconfig/);
    await eventually(() => node.ask('show protocols'), expect.not.stringContaining('by_hand'));
    await node.applyOver();
    expect(await node.read('bird.conf')).not.toContain('statics');
  });
});
