import { realpath } from 'node:fs/promises';
import type { BirdSocketOptions } from './socket.js';
import { withBird } from './with-bird.js';

/** Where builds of BIRD have their control socket: Debian's, MoeNet's bootstrap script's, and those from source. */
const usualSockets: readonly string[] = [
  '/run/bird/bird.ctl',
  '/var/run/bird/bird.ctl',
  '/run/bird/run/bird.ctl',
  '/run/bird.ctl',
  '/usr/local/var/run/bird.ctl',
];

/** BIRD's control socket, which may be at another path than the configured one. */
export interface SocketFinder {
  /** The path to connect to now. Never throws. */
  find(): Promise<string>;
  /** The path in use and why, for people, where it is not the configured one. */
  readonly note: string | undefined;
}

type Options = Pick<BirdSocketOptions, 'controlSocket'> & Partial<BirdSocketOptions>;

/**
 * Searches each time, because BIRD may start later. While there is no socket at the configured path, and exactly one of the
 * usual places has a BIRD that answers, it uses that one.
 */
export function openSocketFinder(options: Options, usual: readonly string[] = usualSockets): SocketFinder {
  const { controlSocket: named } = options;
  let found: string | undefined;

  async function find(): Promise<string> {
    if (await exists(named)) found = undefined;
    else if (found === undefined || !(await exists(found))) found = await onlyAnswering(options, usual);
    return found ?? named;
  }

  return {
    find,
    get note() {
      return found === undefined
        ? undefined
        : `bird.controlSocket: there is no socket at ${named}; a BIRD answers at ${found}, and the agent uses that one. Set bird.controlSocket in the configuration file to choose another`;
    },
  };
}

async function onlyAnswering(options: Options, usual: readonly string[]): Promise<string | undefined> {
  const paths = await Promise.all(usual.map((path) => realpath(path).catch(() => [])));
  const answering: string[] = [];
  for (const path of new Set(paths.flat()))
    if (await answers({ ...options, controlSocket: path })) answering.push(path);
  return answering.length === 1 ? answering[0] : undefined;
}

async function answers(options: Options): Promise<boolean> {
  try {
    return await withBird(
      { connectTimeoutMs: 1000, replyTimeoutMs: 1000, ...options },
      undefined,
      async () => true,
    );
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return realpath(path).then(
    () => true,
    () => false,
  );
}
