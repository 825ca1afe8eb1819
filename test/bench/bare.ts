import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BenchHost, birdSocket, openHost } from './host.js';
import { type Timed, timed } from './timed.js';

/** What a node has, as the bare commands need it. */
export interface Recipe {
  /** The tunnels, and the text of each as `wg setconf` reads it. */
  readonly tunnels: ReadonlyMap<string, string>;
  /** For `ip -batch`: the lines of each tunnel. */
  readonly links: ReadonlyMap<string, string>;
  /** BIRD's files: path below its directory → text; in it `@DIRECTORY@` for the host's. */
  readonly bird: ReadonlyMap<string, string>;
  /** Below BIRD's directory: its patterns want even those without files. */
  readonly directories: readonly string[];
  readonly protocols: number;
}

interface Link {
  readonly ifname: string;
  readonly ifalias?: string;
  readonly mtu: number;
  readonly addr_info: readonly {
    readonly local: string;
    readonly address?: string;
    readonly prefixlen: number;
  }[];
}

/** Reads from a node that the agent has set up what a shell script has to do for the same. */
export async function readRecipe(host: BenchHost): Promise<Recipe> {
  const { namespace, path } = host;
  const names = await host.tunnels();
  await mkdir(path('wg'));
  const show = 'cd "$1" && shift && for name; do wg showconf "$name" >"$name"; done';
  await namespace.run('bash', ['-c', show, 'show', path('wg'), ...names], { timeoutMs: 120_000 });
  const texts = names.map(async (name) => [name, await readFile(path(`wg/${name}`), 'utf8')] as const);
  const { stdout } = await namespace.run('ip', ['-j', 'addr']);
  const links = (JSON.parse(stdout) as readonly Link[]).filter(({ ifname }) => names.includes(ifname));
  return {
    tunnels: new Map(await Promise.all(texts)),
    links: new Map(links.map((link) => [link.ifname, linesOf(link).join('')])),
    ...(await readBird(host)),
    protocols: await host.bgpProtocols(),
  };
}

function linesOf({ ifname, ifalias, mtu, addr_info }: Link): string[] {
  const alias = ifalias === undefined ? '' : ` alias "${ifalias}"`;
  const addresses = addr_info.map(({ local, address, prefixlen }) => {
    const own = address === undefined ? `${local}/${prefixlen}` : `${local} peer ${address}/${prefixlen}`;
    return `address add ${own} dev ${ifname}\n`;
  });
  return [`link set dev ${ifname} addrgenmode none mtu ${mtu}${alias} up\n`, ...addresses];
}

async function readBird({ path }: BenchHost): Promise<Pick<Recipe, 'bird' | 'directories'>> {
  const entries = await readdir(path('bird'), { recursive: true, withFileTypes: true });
  const below = ({ parentPath, name }: Dirent) => relative(path('bird'), join(parentPath, name));
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.conf'));
  const texts = files.map(async (file) => {
    const text = await readFile(join(file.parentPath, file.name), 'utf8');
    return [below(file), text.replaceAll(path(''), '@DIRECTORY@')] as const;
  });
  const directories = entries.filter((entry) => entry.isDirectory()).map(below);
  return { bird: new Map(await Promise.all(texts)), directories };
}

// Every wireguard-go hears of every change of every link, and ends with "no buffer space available" where so many come at once
// that it does not keep up: a hundred tunnels in one batch lose some.
const atOnce = 10;

const script = `#!/bin/bash
set -e
for step in steps/*; do
  while read -r name; do
    wireguard-go "$name" 2>/dev/null </dev/null
    wg setconf "$name" "wg/$name"
  done <"$step"
  ip -batch "links/\${step#steps/}"
done
cp -r new/. bird
birdc -s ${birdSocket} configure
`;

/** Does the same with a shell script, on a host of its own. */
export async function runBare(recipe: Recipe): Promise<Timed> {
  const host = await openHost('bare');
  const { path } = host;
  try {
    for (const name of ['', ...recipe.directories]) await mkdir(path(`new/${name}`), { recursive: true });
    for (const [name, text] of recipe.bird)
      await writeFile(path(`new/${name}`), text.replaceAll('@DIRECTORY@', path('')));
    await mkdir(path('wg'));
    for (const [name, text] of recipe.tunnels) await writeFile(path(`wg/${name}`), text);
    await mkdir(path('steps'));
    await mkdir(path('links'));
    const names = [...recipe.tunnels.keys()];
    for (let step = 0; step * atOnce < names.length; step += 1) {
      const own = names.slice(step * atOnce, (step + 1) * atOnce);
      await writeFile(path(`steps/${step}`), [...own, ''].join('\n'));
      await writeFile(path(`links/${step}`), own.map((name) => recipe.links.get(name)).join(''));
    }
    await writeFile(path('bare.sh'), script);
    const run = await timed(host.namespace, ['bash', '-c', 'cd "$1" && exec bash bare.sh', 'bare', path('')]);
    const [tunnels, protocols] = [await host.tunnels(), await host.bgpProtocols()];
    const missing = [...recipe.tunnels.keys()].filter((name) => !tunnels.includes(name));
    if (run.exitCode !== 0 || missing.length > 0 || protocols !== recipe.protocols)
      throw new Error(
        `the bare commands (exit code ${run.exitCode}) made ${protocols} protocols, not ${missing.join()}: ${run.output}`,
      );
    return run;
  } finally {
    await host.close();
  }
}
