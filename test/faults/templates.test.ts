import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { pictureOf } from './picture.js';
import { servesNewcomer, untilHealthy } from './trial.js';
import { waitFor } from './wait-for.js';

const name = 'maintenance.conf.hbs';
const bad = '{{#if maintenance}}';

const it = test.extend<{ readonly node: FaultyNode; readonly own: (text: string) => Promise<void> }>({
  node: async ({ task: _ }, use) => {
    const node = await openFaultyNode('jp1', 1, { daemon: false, config: { templatesDir: 'templates' } });
    for (const name of ['templates', 'keys']) await mkdir(node.path(name), { mode: 0o755 });
    await use(node);
    await node.close();
  },
  own: async ({ node }, use) => {
    await use((text) => writeFile(node.path(`templates/${name}`), text));
  },
});

/** The daemon does not answer while it starts over. */
async function problems(node: FaultyNode): Promise<string | undefined> {
  return node.status().then(
    (status) => status.problems.join('; '),
    () => undefined,
  );
}

/** A pass was made with good templates. */
async function isMended(node: FaultyNode): Promise<boolean> {
  const said = await problems(node);
  return said !== undefined && !/template|first pass|starting/.test(said);
}

async function restart(node: FaultyNode): Promise<void> {
  const exited = once(node.daemon, 'exit');
  node.daemon.kill('SIGTERM');
  await exited;
  await node.startDaemon();
}

describe.concurrent('templates', () => {
  it('one that is no good at a reload, and at the next start', async ({ node, own, task }) => {
    const mine = `${await readFile(`templates/bird/${name}`, 'utf8')}# mine\n`;
    await own(mine);
    await node.startDaemon();
    await untilHealthy(node);
    const before = await pictureOf(node);

    await own(bad);
    node.daemon.kill('SIGHUP');
    const fault =
      /template .*maintenance\.conf\.hbs: Parse error.*goes on with the templates that it read there/;
    const isNamed = async () => fault.test((await problems(node))?.replaceAll('\n', ' ') ?? '');
    const namedMs = await waitFor('the status names it', isNamed);
    await servesNewcomer(node);
    expect(await pictureOf(node)).toEqual(before);
    await restart(node);
    await waitFor('the status names it after the start', isNamed);
    expect(await pictureOf(node)).toEqual(before);

    await own(mine);
    node.daemon.kill('SIGHUP');
    const recoveredMs = await waitFor('it is no longer named', () => isMended(node));
    task.meta.finding = { seen: 'the last good ones serve on', namedMs, recoveredMs };
  });

  it("one that is no good at the first start: BIRD's files stay as they are", async ({ node, own, task }) => {
    await own(bad);
    const before = (await pictureOf(node)).files;
    await node.startDaemon();
    const fault = /template .*maintenance\.conf\.hbs: Parse error.*BIRD's files stay as they are/;
    const namedMs = await waitFor('the status names it', async () => {
      return fault.test((await problems(node))?.replaceAll('\n', ' ') ?? '');
    });
    await waitFor('the tunnels are there', async () => {
      const { stdout } = await node.namespace.run('wg', ['show', 'interfaces']);
      return stdout.includes('wg_24002');
    });
    const { files } = await pictureOf(node);
    const ofBird = (all: typeof files) => Object.entries(all).filter(([path]) => path.startsWith('/bird/'));
    expect(ofBird(files)).toEqual(ofBird(before));

    await own(await readFile(`templates/bird/${name}`, 'utf8'));
    node.daemon.kill('SIGHUP');
    const recoveredMs = await waitFor('it is no longer named', () => isMended(node));
    await untilHealthy(node);
    task.meta.finding = { seen: "BIRD's files stay as they are, tunnels are made", namedMs, recoveredMs };
  });
});
