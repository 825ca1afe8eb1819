import { isIP } from 'node:net';

/**
 * True where a request's `Host` is a name or an address that leads to this server and to nobody else: against DNS rebinding, where a
 * stranger's name points here for a moment, so that a browser takes us for the stranger's own server. The port does not count:
 * `ssh -L` may have another. `listen`: the addresses that the server listens on; undefined: all of the machine.
 */
export function isOwnHost(host: string | undefined, listen: readonly (string | undefined)[]): boolean {
  const name = nameIn(host ?? '');
  if (name === undefined) return false;
  if (name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))) return true;
  // Nobody's DNS can point an address elsewhere.
  return listen.some((each) =>
    isAll(each) ? isIP(name) !== 0 : name === nameIn(isIP(each) === 6 ? `[${each}]` : each),
  );
}

function isAll(listen: string | undefined): listen is undefined | '0.0.0.0' | '::' {
  return listen === undefined || listen === '0.0.0.0' || listen === '::';
}

/** The host as a browser has it, without port and brackets; undefined for what is more than a host. */
function nameIn(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
}
