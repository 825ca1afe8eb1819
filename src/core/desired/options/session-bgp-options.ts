import type { BgpOptions } from '../../model/bgp-options.js';
import type { SessionOptions } from '../../model/session-options.js';
import { isAtLeast } from '../../model/values/version.js';

/**
 * The options of a session's BGP: those that all have, `base`, with its own. Everything here resets the session, so it waits
 * until the session is down.
 */
export function sessionBgpOptions(
  base: BgpOptions,
  options: SessionOptions | undefined,
  birdVersion: string | undefined,
): BgpOptions {
  if (!options) return base;
  const { holdTime, password, bfd, passive, addPaths, roles } = options;
  const channel = addPaths === undefined || addPaths === 'off' ? [] : [`add paths ${addPaths}`];
  const protocol = base.protocol
    .map((text) => (holdTime === undefined ? text : withHoldTime(text, holdTime)))
    .filter((text) => roles !== false || !/^(?:local role|require roles) /.test(text));
  return {
    protocol: [
      ...protocol,
      ...(password === undefined ? [] : passwordStatements(password.reveal(), birdVersion)),
      ...(bfd ? ['bfd on'] : []),
      ...(passive ? ['passive on'] : []),
    ],
    ipv4: [...base.ipv4, ...channel],
    ipv6: [...base.ipv6, ...channel],
  };
}

function withHoldTime(text: string, seconds: number): string {
  if (text.startsWith('hold time ')) return `hold time ${seconds}`;
  return text.startsWith('keepalive time ') ? `keepalive time ${Math.floor(seconds / 3)}` : text;
}

/** 2.17 and 3.1 want the kind of authentication named, and warn without; 2.0.12 does not know the word. */
function passwordStatements(password: string, birdVersion: string | undefined): string[] {
  const isNamed =
    isAtLeast(birdVersion, 3, 1) || (isAtLeast(birdVersion, 2, 17) && !isAtLeast(birdVersion, 3, 0));
  return [...(isNamed ? ['authentication md5'] : []), `password "${password}"`];
}
