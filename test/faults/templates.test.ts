import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { pictureOf } from './harness/picture.js';
import { servesNewcomer, untilHealthy } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

const name = 'maintenance.conf.hbs';

const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openFaultyNode('jp1', 1, { daemon: false, config: { templatesDir: 'templates' } });
    await mkdir(node.path('keys'), { mode: 0o755 });
    await use(node);
    await node.close();
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

type Spoil = (node: FaultyNode) => Promise<unknown>;

/** What is wrong, what makes it so where a good template lies, and what `status` says of it. */
const spoilings: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    'it does not compile',
    (node) => writeFile(node.path(`templates/${name}`), '{{#if maintenance}}'),
    /template \S*maintenance\.conf\.hbs: Parse error/,
  ],
  [
    'others can change it',
    (node) => chmod(node.path(`templates/${name}`), 0o666),
    /others could change them: \S+maintenance\.conf\.hbs can be written by every user: chmod o-w \S+hbs/,
  ],
  [
    'its directory is gone',
    (node) => rm(node.path('templates'), { recursive: true }),
    /templatesDir cannot be read/,
  ],
];

/** Waits until the status names the fault and what the agent does meanwhile. Resolves to how long that took, in ms. */
async function untilNamed(node: FaultyNode, named: RegExp, meanwhile: string): Promise<number> {
  return waitFor(`the status names ${named}`, async () => {
    const said = (await problems(node))?.replaceAll('\n', ' ') ?? '';
    return named.test(said) && said.includes(meanwhile);
  });
}

/** A command that asks the daemon says the same, and does not end because of the template. */
async function expectSaidByCli(node: FaultyNode, named: RegExp): Promise<void> {
  const args = [resolve('dist/main.js'), '-c', node.path('agent.json'), '--json', 'status'];
  const { stdout } = await node.namespace.run('node', args, { okExitCodes: [3] });
  expect(JSON.parse(stdout).problems.join('; ').replaceAll('\n', ' ')).toMatch(named);
}

/** Puts a good template in place, which only root can change. */
async function putGood(node: FaultyNode, text: string): Promise<void> {
  await mkdir(node.path('templates'), { mode: 0o755, recursive: true });
  await writeFile(node.path(`templates/${name}`), text);
  await chmod(node.path(`templates/${name}`), 0o644);
}

describe.concurrent('templates', () => {
  const servesOn = 'uses the templates that it read there before';
  const stays = "BIRD's files stay as they are";

  it.for(spoilings)(
    'one that is no good at a reload, and at the next start: %s',
    async ([, spoil, named], { node, task }) => {
      const mine = `${await readFile(`templates/bird/${name}`, 'utf8')}# mine\n`;
      await putGood(node, mine);
      await node.startDaemon();
      await untilHealthy(node);
      const before = await pictureOf(node);

      await spoil(node);
      node.daemon.kill('SIGHUP');
      const namedMs = await untilNamed(node, named, servesOn);
      await servesNewcomer(node);
      expect(await pictureOf(node)).toEqual(before);
      await restart(node);
      await untilNamed(node, named, servesOn);
      await expectSaidByCli(node, named);
      await servesNewcomer(node);
      expect(await pictureOf(node)).toEqual(before);

      await putGood(node, mine);
      node.daemon.kill('SIGHUP');
      const recoveredMs = await waitFor('it is no longer named', () => isMended(node));
      expect(await pictureOf(node)).toEqual(before);
      task.meta.finding = { seen: 'the last good ones serve on', namedMs, recoveredMs };
    },
  );

  it.for(spoilings)(
    "one that is no good at the first start: BIRD's files stay as they are, %s",
    async ([, spoil, named], { node, task }) => {
      const good = await readFile(`templates/bird/${name}`, 'utf8');
      await putGood(node, good);
      await spoil(node);
      const before = (await pictureOf(node)).files;
      await node.startDaemon();
      const namedMs = await untilNamed(node, named, stays);
      await waitFor('the tunnels are there', async () => {
        const { stdout } = await node.namespace.run('wg', ['show', 'interfaces']);
        return stdout.includes('wg_24002');
      });
      const { files } = await pictureOf(node);
      const ofBird = (all: typeof files) => Object.entries(all).filter(([path]) => path.startsWith('/bird/'));
      expect(ofBird(files)).toEqual(ofBird(before));

      await putGood(node, good);
      node.daemon.kill('SIGHUP');
      const recoveredMs = await waitFor('it is no longer named', () => isMended(node));
      await untilHealthy(node);
      task.meta.finding = { seen: "BIRD's files stay as they are, tunnels are made", namedMs, recoveredMs };
    },
  );
});
