import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, findAccount, findGroup } from '../adapters/service/account.js';
import {
  type Directory,
  handDirectory,
  handFile,
  handSockets,
  withDirectory,
  withinDirectory,
} from '../adapters/service/hand-over.js';
import { handTree, makeRuntimeDirectory } from '../adapters/service/own-directories.js';
import { parsePrivateKey } from '../adapters/wireguard/key-store.js';
import type { AgentConfig } from '../config/agent-config.js';
import { defaultPaths } from '../config/find.js';
import type { LoadedConfig } from '../config/load.js';
import { mergeBootstrap } from '../config/merge.js';
import { birdDirectories } from '../core/model/names.js';
import { wordsOf } from '../core/model/words-of.js';
import { run } from '../platform/exec.js';
import { openLog } from '../telemetry/log.js';
import { openNode } from './open-node.js';

const user = 'moenet-agent';
const birdGroup = 'bird';
const adminGroup = 'moenet-admin';
const stateDir = '/var/lib/moenet-agent';
const runtimeDir = '/run/moenet-agent';

/** What `prepare` did, and what it could not do; a sentence each. */
export interface Prepared {
  readonly done: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Prepares the machine for an agent that runs as its own user, before each start: as root. Makes `/run/moenet-agent`, and gives
 * that user what a version of the agent that ran as root, or a command of root, left: keys, BIRD's directories, state, sockets of
 * wireguard-go. Lets it read its configuration. A second run changes nothing. `load` reads the configuration, which may be absent.
 * Throws where the user does not exist.
 */
export async function prepare(load: () => Promise<LoadedConfig>): Promise<Prepared> {
  const account = await findAccount(run, user);
  const birds = await findGroup(run, birdGroup);
  const admins = await findGroup(run, adminGroup);
  if (!account || birds === undefined || admins === undefined)
    throw new Error(
      `there is no user ${user}, or no group ${birdGroup} or ${adminGroup}: systemd-sysusers moenet-agent.conf (from the package's folder systemd/sysusers.d)`,
    );
  const service = { uid: account.uid, gid: birds };
  // The agent says itself what is wrong with its configuration.
  const loaded = await load().catch(() => undefined);
  const { birdDirectory, keys } = await placesOf(loaded?.config);
  const done: string[] = [];
  const problems: string[] = [];
  const steps: readonly (() => Promise<readonly string[]>)[] = [
    () => makeRuntimeDirectory(runtimeDir, account),
    () => handTree(run, [stateDir, runtimeDir], service),
    () => openConfiguration([...defaultPaths, ...(loaded?.files ?? [])], account),
    () => handKeys(keys, account),
    () => openBirdDirectory(birdDirectory, service),
    () => handServers('/run/wireguard', account),
  ];
  for (const step of steps)
    await step().then(
      (lines) => done.push(...lines),
      (error: unknown) => problems.push(wordsOf(error)),
    );
  return { done, problems };
}

/** By the configuration, and by what the control plane said last. */
async function placesOf(config: AgentConfig | undefined) {
  if (!config)
    return { birdDirectory: '/etc/bird', keys: ['/etc/wireguard/private.key', '/etc/wireguard/public.key'] };
  const node = openNode(config, openLog('silent'), new AbortController().signal);
  const known = await node.controlPlane.recall().finally(() => node.controlPlane.close());
  const { privateKeyPath, publicKeyPath } = mergeBootstrap(config, known.config).wireguard;
  // One that only the control plane names is inside it.
  return { birdDirectory: config.bird.configDir ?? '/etc/bird', keys: [privateKeyPath, publicKeyPath] };
}

/** The files and their directories: root's, and the agent's group may read them. */
async function openConfiguration(paths: readonly string[], { gid }: Account): Promise<string[]> {
  const done: string[] = [];
  for (const path of new Set(paths))
    await withDirectory(dirname(path), async (directory) => {
      const isRead = await handFile(directory, nameOf(path), ({ uid, mode }) =>
        uid === 0 ? { gid, mode: mode | 0o040 } : {},
      );
      if (!isRead) return;
      done.push(`group ${user} may read ${path}`);
      const { mode } = await directory.handle.stat();
      if ((mode & 0o001) === 0) await handDirectory(directory, { gid, mode: (mode & 0o7777) | 0o010 });
    });
  return done;
}

/**
 * The agent makes its keys in a directory that others use, too: in a sticky one (1770) it can neither remove nor replace their
 * files. It gets the files that hold a key and nothing else.
 */
async function handKeys(paths: readonly string[], { uid, gid }: Account): Promise<string[]> {
  const done: string[] = [];
  const directories = new Set(paths.map((path) => dirname(path)));
  for (const path of directories)
    await withDirectory(path, async (directory) => {
      if (path === '/etc/wireguard') await handDirectory(directory, { gid, mode: 0o1770 });
      for (const key of paths.filter((each) => dirname(each) === path)) {
        const isGiven = await handFile(directory, nameOf(key), async ({ readText }) =>
          isKey(await readText()) ? { uid, gid } : {},
        );
        if (isGiven) done.push(`user ${user} has ${key} now`);
      }
    });
  return done;
}

function isKey(text: string): boolean {
  try {
    parsePrivateKey(text, '');
    return true;
  } catch {
    return false;
  }
}

/** The agent, in BIRD's group, may write in BIRD's directory; below it are directories that are its own. */
async function openBirdDirectory(
  path: string,
  service: { readonly uid: number; readonly gid: number },
): Promise<string[]> {
  const done: string[] = [];
  await withDirectory(path, async (directory) => {
    const { mode, gid } = await directory.handle.stat();
    // Where it is root's alone, BIRD runs as root, or reads it as everybody can.
    const group = gid === 0 ? service.gid : gid;
    if (await handDirectory(directory, { gid: group, mode: (mode & 0o7777) | 0o070 }))
      done.push(`group ${birdGroup} may write in ${path}`);
    for (const name of birdDirectories)
      await withinDirectory(directory, name, async (own) => {
        if (await handDirectory(own, { uid: service.uid, gid: group }))
          done.push(`user ${user} has ${own.path} now`);
      });
    await handTree(run, leftInBirdDirectory(directory), service);
  });
  return done;
}

/** What a killed agent left: the next one undoes its change. */
function leftInBirdDirectory({ path }: Directory): string[] {
  return ['.moenet-agent.staged', '.moenet-agent.previous'].map((name) => join(path, name));
}

/**
 * The agent's user cannot speak with a wireguard-go that root has started: an earlier version of the agent, or a command without a
 * daemon. It watches its socket and ends when that changes hands, and its interface with it; the agent's first pass makes both anew, in
 * a unit of its own. Interfaces without our mark are somebody else's.
 */
async function handServers(path: string, { uid, gid }: Account): Promise<string[]> {
  let given: readonly string[] = [];
  await withDirectory(path, async (directory) => {
    given = await handSockets(directory, uid, async (name) => {
      const alias = `/sys/class/net/${name.replace(/\.sock$/, '')}/ifalias`;
      return (await readFile(alias, 'utf8').catch(() => '')).startsWith('moenet-agent:');
    });
    await handDirectory(directory, { uid, gid, mode: 0o755 });
  });
  return given.map(
    (name) => `wireguard-go on ${path}/${name}, which root started, ends; the agent starts another one`,
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
