import { formatEndpoint, parseEndpoint } from '../../core/model/values/endpoint.js';
import { parsePrefix } from '../../core/model/values/ip.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';

/** Reads one value; undefined where it is not understood. */
type Read = (value: string) => readonly string[] | undefined;

type Section = Readonly<Record<string, Read>>;

const device: Section = {
  privatekey: keyAs('private_key'),
  listenport: numberAs('listen_port', 65_535),
};

const peer: Section = {
  publickey: keyAs('public_key'),
  presharedkey: keyAs('preshared_key'),
  endpoint: (value) => {
    const endpoint = parseEndpoint(value);
    // wg(8) resolves names.
    return endpoint && !endpoint.named
      ? [`endpoint=${formatEndpoint(endpoint.host, endpoint.port)}`]
      : undefined;
  },
  persistentkeepalive: (value) =>
    numberAs('persistent_keepalive_interval', 65_535)(value === 'off' ? '0' : value),
  allowedips: (value) => {
    const texts = value.split(',').filter((text) => text !== '');
    const prefixes = texts.flatMap((text) => parsePrefix(text) ?? []);
    return prefixes.length === texts.length ? prefixes.map((prefix) => `allowed_ip=${prefix}`) : undefined;
  },
};

/**
 * A configuration of wg(8) as the lines of a `set=1`, as `wg syncconf` sends them: the interface is reset where the text is silent, and
 * `present`, the public keys (in hex) of the peers that it has, are removed where the text does not name them. Undefined where the text
 * has something that only wg(8) understands. The result is a secret.
 */
export function deviceSettings(config: string, present: readonly string[]): string | undefined {
  const own: Record<string, readonly string[]> = {
    privatekey: [`private_key=${'0'.repeat(64)}`],
    listenport: ['listen_port=0'],
  };
  const peers: Record<string, readonly string[]>[] = [];
  let section: Section | undefined;
  for (const line of config.split('\n').map(withoutBlanks)) {
    if (line === '') continue;
    if (line === '[interface]') section = device;
    else if (line === '[peer]') {
      section = peer;
      peers.push({});
    } else {
      const { name, value } = /^(?<name>\w+)=(?<value>.+)$/.exec(line)?.groups ?? {};
      const key = name?.toLowerCase() ?? '';
      const read = section && Object.hasOwn(section, key) ? section[key]?.(value ?? '') : undefined;
      const into = section === peer ? peers.at(-1) : own;
      // Networks of several lines add up, and wg(8) knows how.
      if (!read || !into || (section === peer && into[key])) return undefined;
      into[key] = read;
    }
  }
  const named = peers.map(({ publickey }) => publickey?.[0]);
  if (named.includes(undefined) || new Set(named).size < named.length) return undefined;
  const gone = present.filter((key) => !named.includes(`public_key=${key}`));
  const lines = [
    'set=1',
    ...Object.values(own).flat(),
    'fwmark=0',
    ...gone.flatMap((key) => [`public_key=${key}`, 'remove=true']),
    ...peers.flatMap(({ publickey = [], allowedips = [], ...rest }) => [
      ...publickey,
      ...Object.values(rest).flat(),
      'replace_allowed_ips=true',
      ...allowedips,
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The public keys, in hex, in the answer to `get=1`. */
export function peerKeysOf(answer: string): string[] {
  return [...answer.matchAll(/^public_key=([0-9a-f]{64})$/gm)].map(([, key = '']) => key);
}

/** As wg(8) reads a line: without blanks and what follows a `#`; the names of sections in any case. */
function withoutBlanks(line: string): string {
  const text = line.replace(/#.*/, '').replace(/\s/g, '');
  return text.startsWith('[') ? text.toLowerCase() : text;
}

function keyAs(name: string): Read {
  return (value) =>
    isWireGuardKey(value) ? [`${name}=${Buffer.from(value, 'base64').toString('hex')}`] : undefined;
}

function numberAs(name: string, most: number): Read {
  return (value) =>
    /^\d{1,5}$/.test(value) && Number(value) <= most ? [`${name}=${Number(value)}`] : undefined;
}
