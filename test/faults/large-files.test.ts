import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { pictureOf } from './harness/picture.js';
import { servesNewcomer, untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

const MiB = 1024 * 1024;
const line = '# of a large file, sixty-four bytes in each line, as it happens\n';
const large = line.repeat((2 * MiB) / line.length);
const operators = `router id 192.0.2.1;\nprotocol device {}\n${large}`;

const name = 'maintenance.conf';

/** As large as a template may be; the file that is made of it is larger. */
async function largeTemplate(): Promise<string> {
  const shipped = await readFile(`templates/bird/${name}.hbs`, 'utf8');
  const comment = line.repeat(Math.floor((MiB - shipped.length) / line.length));
  return `${(shipped + comment).padEnd(MiB - 1, '#')}\n`;
}

/** The end of the name under which the agent keeps a file of its own that somebody edited. */
const edited = '.edited';

/** BIRD's files → what changes when one is written anew, whatever is written. */
async function writings(node: FaultyNode): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(node.path('bird'), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(edited))
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  const stats = files.map(async (file) => {
    const { ino, mtimeMs, size } = await stat(file);
    return [file.slice(node.directory.length), `${ino} ${mtimeMs} ${size}`] as const;
  });
  return Object.fromEntries(await Promise.all(stats));
}

/** Passes go by in which the agent writes none of BIRD's files. */
async function writesNothing(node: FaultyNode): Promise<void> {
  await waitFor('nothing is left to do', async () => (await node.status()).lastPass?.changes === 0);
  const before = await writings(node);
  await untilPasses(node, 3, 60_000);
  expect(await writings(node)).toEqual(before);
}

describe.concurrent("BIRD's files", () => {
  it("over 1 MiB: an operator's bird.conf and other files, and one of the agent's", async ({ task }) => {
    const config = { templatesDir: 'templates' };
    const node = await openFaultyNode('jp1', 1, { daemon: false, config, birdConf: operators });
    try {
      await mkdir(node.path('templates'), { mode: 0o755 });
      await writeFile(node.path(`templates/${name}.hbs`), await largeTemplate());
      await node.startDaemon();
      await untilHealthy(node);
      expect((await stat(node.path(`bird/moenet-agent/${name}`))).size).toBeGreaterThan(MiB);
      const kept = async () => (await readFile(node.path('bird/bird.conf.orig'), 'utf8')) === operators;
      const names = async () => Object.keys(await writings(node)).sort();
      expect(await kept()).toBe(true);
      await writesNothing(node);

      await writeFile(node.path('bird/operators-own.conf'), large);
      await writeFile(
        node.path('bird/peers/operators-own.conf'),
        `protocol static operators_own { ipv4; }\n${large}`,
      );
      const before = await pictureOf(node);
      const there = await names();
      await writesNothing(node);
      expect(await pictureOf(node)).toEqual(before);

      // As tools that manage configurations do: the operator's comes back.
      await writeFile(node.path('bird/bird.conf'), operators);
      await appendFile(node.path(`bird/moenet-agent/${name}`), large);
      const recoveredMs = await waitFor('both are as the agent wants them', async () => {
        const files = Object.entries((await pictureOf(node)).files).filter(
          ([path]) => !path.endsWith(edited),
        );
        return JSON.stringify(Object.fromEntries(files)) === JSON.stringify(before.files);
      });
      await writesNothing(node);
      expect(await names()).toEqual(there);
      expect((await stat(node.path(`bird/moenet-agent/${name}${edited}`))).size).toBeGreaterThan(2 * MiB);
      expect(await kept()).toBe(true);
      await servesNewcomer(node);
      task.meta.finding = { seen: 'each is replaced once', namedMs: recoveredMs, recoveredMs };
    } finally {
      await node.close();
    }
  });
});
