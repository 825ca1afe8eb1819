import { isDisabledByHand } from '../../core/desired/disabled/disabled.js';
import { parseProtocols } from './parse.js';
import { type BirdConnection, type BirdSocketOptions, connectBird } from './socket/socket.js';

/**
 * `enable "NAME"` or `disable "NAME"`: switches one protocol on or off; one that is so already stays as it is. Throws where BIRD
 * does not answer, refuses, or has no such protocol.
 */
export async function switchProtocol(
  options: BirdSocketOptions,
  verb: 'enable' | 'disable',
  protocol: string,
  signal?: AbortSignal,
): Promise<void> {
  checkName(verb, protocol);
  const connection = await connectBird(options, signal);
  try {
    const reply = await connection.ask(`${verb} "${protocol}"`, signal);
    if (reply.code !== '0000') throw new Error(`${verb} ${protocol}: BIRD says ${reply.code} ${reply.text}`);
  } finally {
    connection.close();
  }
}

/** Between quotes a name is a pattern: that takes names that are keywords (`all`) or have a "-", and no wildcards. */
function checkName(verb: string, protocol: string): void {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(protocol))
    throw new Error(`${verb} ${JSON.stringify(protocol.slice(0, 70))}: not the name of a BIRD protocol`);
}

/** The BGP protocols that were disabled by hand: the next `configure` or `configure undo` switches them on again. */
export async function disabledByHand(connection: BirdConnection): Promise<readonly string[]> {
  const protocols = parseProtocols(await connection.ask('show protocols all'));
  return protocols.filter(isDisabledByHand).map(({ name }) => name);
}

/** Switches off again what a `configure` has switched on. One that BIRD has no more is passed over. */
export async function keepDisabled(connection: BirdConnection, names: readonly string[]): Promise<void> {
  for (const name of names) {
    checkName('disable', name);
    await connection.ask(`disable "${name}"`);
  }
}
