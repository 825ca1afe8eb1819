import { isDisabledByHand } from '../../core/desired/disabled/disabled.js';
import { parseProtocols, parseStatus } from './parse.js';
import type { BirdConnection, BirdSocketOptions } from './socket/socket.js';
import { withBird } from './socket/with-bird.js';

type Verb = 'enable' | 'disable' | 'restart';

/**
 * `enable "NAME"`, `disable "NAME"` or `restart "NAME"`. An enabled or disabled one stays as it is. Throws where BIRD does not
 * answer, refuses, has no such protocol, or does not restart it because it is disabled.
 */
export async function controlProtocol(
  options: BirdSocketOptions,
  verb: Verb,
  protocol: string,
  signal?: AbortSignal,
): Promise<void> {
  const command = commandOf(verb, protocol);
  const { code, text, lines } = await withBird(options, signal, (bird) => bird.ask(command, signal));
  if (code !== '0000') throw new Error(`${verb} ${protocol}: BIRD says ${code} ${text}`);
  // 0012 restarted; of a protocol that is disabled BIRD says only that it is (0008), and 0000 as well.
  if (verb === 'restart' && !lines.some((line) => line.code === '0012'))
    throw new Error(`restart ${protocol}: BIRD says ${lines[0]?.text}`);
}

/** `reload out "NAME"`, which BIRD 3 calls `reload filters out "NAME"`. Throws where BIRD does not answer or refuses. */
export async function resendRoutes(
  options: BirdSocketOptions,
  protocol: string,
  signal?: AbortSignal,
): Promise<void> {
  const { code, text } = await withBird(options, signal, async (bird) => {
    const { version } = parseStatus(await bird.ask('show status', signal));
    const verb = Number.parseInt(version, 10) < 3 ? 'reload out' : 'reload filters out';
    return bird.ask(commandOf(verb, protocol), signal);
  });
  if (code !== '0000') throw new Error(`reload out ${protocol}: BIRD says ${code} ${text}`);
}

/** Between quotes a name is a pattern: that takes names that are keywords (`all`) or have a "-", and no wildcards. */
function commandOf(verb: Verb | 'reload out' | 'reload filters out', protocol: string): string {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(protocol))
    throw new Error(`${verb} ${JSON.stringify(protocol.slice(0, 70))}: not the name of a BIRD protocol`);
  return `${verb} "${protocol}"`;
}

/** The BGP protocols that were disabled by hand: the next `configure` or `configure undo` enables them again. */
export async function disabledByHand(bird: BirdConnection): Promise<readonly string[]> {
  const protocols = parseProtocols(await bird.ask('show protocols all'));
  return protocols.filter(isDisabledByHand).map(({ name }) => name);
}

/** Disables again what a `configure` has enabled. Skips protocols that BIRD does not have any more. */
export async function keepDisabled(bird: BirdConnection, names: readonly string[]): Promise<void> {
  for (const name of names) await bird.ask(commandOf('disable', name));
}
