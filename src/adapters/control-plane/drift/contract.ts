import type { GetCall } from '../dialects/dialect.js';
import { isRaw } from '../parse/fields.js';
import { unpackCredential } from '../parse/parse-credential.js';
import {
  anything,
  flag,
  hidden,
  list,
  map,
  nullable,
  number,
  object,
  type Shape,
  text,
  textLike,
} from './shape.js';

/**
 * What the answers are promised to look like, apart from what each dialect makes optional. The
 * parsers take more than that where the meaning is clear; what differs is counted, so that drift is seen before it hurts.
 */
const address = textLike(/^[0-9A-Fa-f:.]+$/);

// Who wrote the row decides which of these are there.
const credentialKeys = object(
  {},
  {
    public_key: hidden('string'),
    publicKey: hidden('string'),
    // Null where only the preshared key was edited.
    pubkey: nullable(hidden('string')),
    preshared_key: nullable(hidden('string')),
    presharedKey: nullable(hidden('string')),
    psk: nullable(hidden('string')),
    listen_port: nullable(hidden('number')),
    listenPort: nullable(hidden('number')),
    endpoint: nullable(hidden('string')),
    mtu: nullable(hidden('number')),
  },
);

/** A bare key, an object, or an object as JSON text. */
const credential: Shape = (value, field, note) => {
  const content = unpackCredential(value);
  if (isRaw(content)) credentialKeys(content, field, note);
  else hidden('string')(content, field, note);
};

const session = object({
  uuid: text,
  asn: number,
  name: text,
  description: text,
  status: number,
  ipv4: nullable(address),
  ipv6: nullable(address),
  ipv6LinkLocal: nullable(address),
  type: textLike(/^wireguard$/),
  extensions: list(textLike(/^(?:mp[_-]bgp|extended[_-]nexthop)$/)),
  interface: text,
  endpoint: nullable(text),
  credential: nullable(credential),
  data: anything,
  mtu: number,
  port: number,
  policy: textLike(/^(?:full|peer|upstream|downstream)$/),
  lastError: nullable(text),
});

/** Under either name, or the list alone. */
const sessions: Shape = (value, field, note) => {
  if (Array.isArray(value)) return list(session)(value, field, note);
  object({}, { sessions: itemsOf(session), bgpSessions: itemsOf(session) })(value, field, note);
};

/** A list whose name says nothing: its items' fields go by their own names. */
function itemsOf(item: Shape): Shape {
  return (value, _field, note) => list(item)(value, '', note);
}

const config = object({
  node: object(
    { name: text, id: number, region: text, location: text, provider: text },
    { asn: number, loopbackIpv4: text, loopbackIpv6: text },
  ),
  bird: object({
    controlSocket: text,
    poolSize: number,
    poolSizeMax: number,
    peerConfDir: text,
    ebgpConfTemplateFile: text,
    ibgpConfDir: text,
  }),
  wireguard: object({
    privateKeyPath: text,
    publicKeyPath: text,
    configDir: text,
    persistentKeepaliveInterval: number,
    dn42Ipv4: text,
    dn42Ipv6: text,
    dn42Ipv6LinkLocal: text,
  }),
  metric: object({ pingTimeout: number, pingCount: number, pingWorkers: number }),
  autoUpdate: anything,
});

const communities = map(map(list(number)));

const birdConfig = object({
  configHash: text,
  node: object({
    id: number,
    name: text,
    type: text,
    bandwidth: text,
    regionCode: number,
    loopbackIpv4: address,
    loopbackIpv6: address,
    continentLc: text,
    subregionLc: text,
    regionCommunity: text,
    bandwidthCommunity: text,
  }),
  policy: object({
    dn42As: text,
    dn42Ipv4Prefix: text,
    dn42Ipv6Prefix: text,
    rpkiServers: list(object({ name: text, host: text, port: number })),
    ebgpImportLimit: number,
    ebgpExportLimit: number,
    ibgpImportLimit: number,
    ibgpExportLimit: number,
    asPathMaxLen: number,
    communities,
    largeCommunities: communities,
  }),
  ibgpPeers: list(
    object(
      { nodeId: number, nodeName: text, loopbackIpv4: address, loopbackIpv6: address, isRr: flag },
      { nodeType: text, regionCode: number },
    ),
  ),
});

const mesh = object({
  self: anything,
  peers: list(
    object(
      {
        nodeId: number,
        nodeName: text,
        nodeType: text,
        regionCode: number,
        loopbackIpv4: address,
        loopbackIpv6: address,
        publicKey: text,
        endpoint: text,
        mtu: number,
        isRr: flag,
      },
      { name: text },
    ),
  ),
});

export const contract: Readonly<Record<GetCall, Shape>> = {
  config,
  sessions,
  'bird-config': birdConfig,
  mesh,
};
