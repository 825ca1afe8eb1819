import { z } from 'zod';
import type { BootstrapConfig } from '../../../core/model/control-plane.js';
import { asn } from '../../../core/model/values/asn.js';
import { integer } from '../../../core/model/values/integer.js';
import { ipv4, ipv6, isLinkLocal } from '../../../core/model/values/ip.js';
import { fieldsOf, isRaw, rawOf, WrongShapeError } from './fields.js';
import { flag, nodeId, text, withoutZone } from './schemas.js';

/**
 * `GET config`. Every key is optional; one that is not understood is left out, with its reason in `refused`. Throws
 * `WrongShapeError` where the answer is no configuration at all.
 */
export function parseConfig(answer: unknown): BootstrapConfig {
  const body = rawOf(answer, 'the answer');
  if (!isRaw(body['node']) && !isRaw(body['wireguard'])) {
    throw new WrongShapeError('the answer has neither an object "node" nor an object "wireguard"');
  }
  const refused: string[] = [];
  const wireguard = fieldsOf(body['wireguard'], 'wireguard', refused);
  const loopbackIpv4 = wireguard('dn42Ipv4', ipv4);
  const loopbackIpv6 = wireguard('dn42Ipv6', ipv6);
  const node = parseNode(body, refused);
  return {
    node: {
      ...node,
      loopbackIpv4: node.loopbackIpv4 ?? loopbackIpv4,
      loopbackIpv6: node.loopbackIpv6 ?? loopbackIpv6,
    },
    bird: parseBird(body, refused),
    wireguard: {
      privateKeyPath: wireguard('privateKeyPath', path),
      publicKeyPath: wireguard('publicKeyPath', path),
      persistentKeepaliveSeconds: wireguard('persistentKeepaliveInterval', keepalive),
      ipv6LinkLocal: wireguard('dn42Ipv6LinkLocal', linkLocal),
    },
    metric: parseMetric(body, refused),
    autoUpdate: parseAutoUpdate(body),
    refused,
  };
}

/** Both directories are named; the agent's own names for them are fixed, so it is where they lie that counts. */
function parseBird(body: Record<string, unknown>, refused: string[]): BootstrapConfig['bird'] {
  const bird = fieldsOf(body['bird'], 'bird', refused);
  const ofPeers = bird('peerConfDir', directoryNamed('peers'));
  const ofIbgp = bird('ibgpConfDir', directoryNamed('ibgp.d'));
  const apart = ofPeers !== undefined && ofIbgp !== undefined && ofPeers !== ofIbgp;
  if (apart) refused.push(`bird.ibgpConfDir: is not beside bird.peerConfDir (${ofIbgp}, ${ofPeers})`);
  return {
    controlSocket: bird('controlSocket', path),
    configDir: apart ? undefined : (ofPeers ?? ofIbgp),
  };
}

function parseNode(body: Record<string, unknown>, refused: string[]) {
  const node = fieldsOf(body['node'], 'node', refused);
  return {
    id: node('id', nodeId),
    name: node('name', text),
    region: node('region', text),
    location: node('location', text),
    provider: node('provider', text),
    asn: node('asn', asn),
    loopbackIpv4: node('loopbackIpv4', ipv4),
    loopbackIpv6: node('loopbackIpv6', ipv6),
  };
}

/** It is only mentioned: what of it cannot be read is no reason to say so. */
function parseAutoUpdate(body: Record<string, unknown>): BootstrapConfig['autoUpdate'] {
  const autoUpdate = fieldsOf(body['autoUpdate'], 'autoUpdate', []);
  return autoUpdate('enabled', flag) ? { channel: autoUpdate('channel', text) } : undefined;
}

function parseMetric(body: Record<string, unknown>, refused: string[]) {
  const metric = fieldsOf(body['metric'], 'metric', refused);
  return {
    pingTimeoutSeconds: metric('pingTimeout', integer('a time limit from 1 to 60 seconds', 1, 60)),
    pingCount: metric('pingCount', integer('a number of probes from 1 to 100', 1, 100)),
  };
}

const path = z.string().regex(/^\/[^\p{C}]{1,254}$/u, 'is not an absolute path of printable characters');

/** The directory in which the one of this name lies. */
function directoryNamed(name: 'peers' | 'ibgp.d') {
  const message = `is not a directory "${name}", which is what the agent calls it; the default is used`;
  return path
    .transform((text) => text.replace(/\/+$/, ''))
    .refine((text) => text.endsWith(`/${name}`) && text.length > name.length + 1, message)
    .transform((text) => text.slice(0, -name.length - 1));
}

const keepalive = integer('a keepalive interval from 0 to 65535 seconds', 0, 65_535);

const linkLocal = z.preprocess(
  withoutZone,
  ipv6.refine(isLinkLocal, 'is not a link-local address (fe80::/10)'),
);
