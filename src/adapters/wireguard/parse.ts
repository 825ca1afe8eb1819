import type { ObservedWireGuard, ObservedWireGuardPeer } from '../../core/model/observed.js';
import { formatEndpoint, parseEndpoint } from '../../core/model/values/endpoint.js';
import { parsePrefix } from '../../core/model/values/ip.js';
import { Secret } from '../../core/model/values/secret.js';

interface Device extends ObservedWireGuard {
  readonly peers: ObservedWireGuardPeer[];
}

/**
 * Reads the output of `wg show all dump`: per interface one line of five fields (interface, private key, public key,
 * listen port, fwmark), then per peer one of nine (interface, public key, preshared key, endpoint, allowed IPs, latest
 * handshake, received, sent, keepalive), separated by tabs (wg(8), "show"). Endpoints and allowed IPs come out in
 * canonical text. Throws where a line has another form; its text stays out of the error, for it may hold keys.
 */
export function parseDump(text: string): readonly ObservedWireGuard[] {
  const devices = new Map<string, Device>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const fields = line.split('\t').map((field) => (field === '(none)' ? undefined : field));
    const device = devices.get(fields[0] ?? '');
    if (fields.length === 5) devices.set(fields[0] ?? '', parseDevice(fields));
    else if (fields.length === 9 && device) device.peers.push(parsePeer(fields));
    else throw new Error(`wg show all dump: line ${index + 1} is neither an interface nor a peer of one`);
  }
  return [...devices.values()];
}

type Fields = readonly (string | undefined)[];

function parseDevice([name, privateKey, publicKey, listenPort]: Fields): Device {
  return {
    interface: name ?? '',
    privateKey: secret(privateKey),
    publicKey,
    listenPort: Number(listenPort),
    peers: [],
  };
}

function parsePeer(fields: Fields): ObservedWireGuardPeer {
  const [, publicKey, presharedKey, endpoint, allowedIps, handshake, rx, tx, keepalive] = fields;
  return {
    publicKey: publicKey ?? '',
    presharedKey: secret(presharedKey),
    endpoint: endpoint === undefined ? undefined : canonicalEndpoint(endpoint),
    allowedIps: (allowedIps?.split(',') ?? []).map((prefix) => parsePrefix(prefix) ?? prefix),
    latestHandshakeSeconds: Number(handshake),
    rxBytes: Number(rx),
    txBytes: Number(tx),
    persistentKeepaliveSeconds: keepalive === 'off' ? 0 : Number(keepalive),
  };
}

function secret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

/** A link-local endpoint has a zone (`[fe80::1%eth0]:51820`), which stays as it is. */
function canonicalEndpoint(text: string): string {
  const endpoint = parseEndpoint(text);
  return endpoint ? formatEndpoint(endpoint.host, endpoint.port) : text;
}
