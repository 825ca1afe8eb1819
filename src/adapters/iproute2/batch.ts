import type { InterfaceAddress } from '../../core/model/artifacts.js';
import type { LinkChange } from '../../core/model/change.js';
import { parseIp } from '../../core/model/values/ip.js';

/** One line of `ip -batch`, and the words of a failure that only says that there is nothing to do. */
export interface BatchCommand {
  readonly interface: string;
  readonly line: string;
  readonly done: RegExp | undefined;
}

const there = /file exists/i;
// A kernel without IPv6 makes no such address either.
const withoutIpv6 = /address family not supported/i;
const gone = /cannot find device|no such device/i;
const addressGone = /address not found|cannot assign requested address|cannot find device|no such device/i;

/**
 * The commands of one change, in the order in which the kernel wants them. Throws where a value could not stand in a
 * batch line: one line that `ip` cannot read ends the whole batch, also with `-force`.
 */
export function toCommands(change: LinkChange): readonly BatchCommand[] {
  const dev = interfaceWord(change.interface);
  const command = (line: string, done?: RegExp) => ({ interface: dev, line, done });
  return [
    // The module of dummy devices makes a dummy0 by itself when this command loads it.
    ...(change.create === undefined
      ? []
      : [
          command(`link add dev ${dev} type ${change.create}`, change.create === 'dummy' ? there : undefined),
        ]),
    // Before "up": it is then that the kernel would make the address.
    ...(change.noAutomaticLinkLocal ? [command(`link set dev ${dev} addrgenmode none`, withoutIpv6)] : []),
    ...(change.alias === undefined ? [] : [command(`link set dev ${dev} alias ${aliasWord(change.alias)}`)]),
    ...(change.mtu === undefined ? [] : [command(`link set dev ${dev} mtu ${mtuWord(change.mtu)}`)]),
    // Before the addresses: of an IPv6 address with a peer that is added while the link is down, the kernel never makes
    // the route to the peer.
    ...(change.up ? [command(`link set dev ${dev} up`)] : []),
    // Removals first: an address with another prefix length or peer is still the same address to the kernel.
    ...(change.removeAddresses ?? []).map((a) =>
      command(`addr del ${addressWords(a)} dev ${dev}`, addressGone),
    ),
    ...(change.addAddresses ?? []).map((a) =>
      command(`addr replace ${addressWords(a)} dev ${dev}${lifetimeWords(change.lifetimeSeconds)}`),
    ),
    ...(change.remove ? [command(`link del dev ${dev}`, gone)] : []),
  ];
}

function interfaceWord(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name).slice(0, 60)} is not a name for an interface`);
}

// `ip -batch` knows quotes but no escapes, a `#` begins a comment even between quotes, and `\` may continue a line.
// The kernel's limit is IFALIASZ, 256 bytes with the final zero.
function aliasWord(alias: string): string {
  if (/^[ !$-[\]-~]{0,255}$/.test(alias)) return `"${alias}"`;
  throw new Error(`${JSON.stringify(alias).slice(0, 60)} is not an alias that ip can set`);
}

function mtuWord(mtu: number): string {
  if (Number.isInteger(mtu) && mtu > 0) return String(mtu);
  throw new Error(`${mtu} is not an MTU`);
}

/** Without them, `replace` makes an address that is there already stay for ever. */
function lifetimeWords(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (Number.isInteger(seconds) && seconds > 0) return ` valid_lft ${seconds} preferred_lft ${seconds}`;
  throw new Error(`${seconds} is not a lifetime in seconds`);
}

/** `LOCAL/LENGTH`, or `LOCAL peer PEER/LENGTH` for a point-to-point address (ip-address(8)). */
function addressWords({ local, prefixLength, peer }: InterfaceAddress): string {
  const from = parseIp(local);
  const to = peer === undefined ? from : parseIp(peer);
  const length = from?.includes(':') ? 128 : 32;
  const valid =
    from && to && from.includes(':') === to.includes(':') && prefixLength >= 0 && prefixLength <= length;
  if (!valid || !Number.isInteger(prefixLength))
    throw new Error(`${local}${peer === undefined ? '' : ` peer ${peer}`}/${prefixLength} is not an address`);
  return peer === undefined ? `${from}/${prefixLength}` : `${from} peer ${to}/${prefixLength}`;
}
