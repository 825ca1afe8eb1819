import { z } from 'zod';
import type { BootstrapConfig } from '../../../core/model/control-plane.js';
import { asn } from '../../../core/model/values/asn.js';
import { integer } from '../../../core/model/values/integer.js';
import { ipv4, ipv6, isLinkLocal } from '../../../core/model/values/ip.js';
import { type Findings, key, optional, readerOf, rowOf } from './fields.js';
import { isRaw, rawOf, WrongShapeError } from './json.js';
import * as promised from './promised.js';
import { flag, nodeId, text, withoutZone } from './schemas.js';

const path = z.string().regex(/^\/[^\p{C}]{1,254}$/u, 'is not an absolute path of printable characters');

/** The directory in which the one of this name lies. */
function directoryNamed(name: 'peers' | 'ibgp.d') {
  const message = `does not end in "/${name}", as the agent needs; the agent uses the default`;
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

const answerKeys = {
  node: key(promised.anything),
  bird: key(promised.anything),
  wireguard: key(promised.anything),
  metric: key(promised.anything),
  autoUpdate: key(promised.anything),
};

const nodeKeys = {
  id: key(promised.number, nodeId),
  name: key(promised.string),
  region: key(promised.string),
  location: key(promised.string),
  provider: key(promised.string),
  asn: optional(promised.number, asn),
  loopbackIpv4: optional(promised.string, ipv4),
  loopbackIpv6: optional(promised.string, ipv6),
};

const birdKeys = {
  controlSocket: key(promised.string, path),
  poolSize: key(promised.number),
  poolSizeMax: key(promised.number),
  peerConfDir: key(promised.string, directoryNamed('peers')),
  ebgpConfTemplateFile: key(promised.string),
  ibgpConfDir: key(promised.string, directoryNamed('ibgp.d')),
};

const wireguardKeys = {
  privateKeyPath: key(promised.string, path),
  publicKeyPath: key(promised.string, path),
  configDir: key(promised.string),
  persistentKeepaliveInterval: key(promised.number, keepalive),
  dn42Ipv4: key(promised.string, ipv4),
  dn42Ipv6: key(promised.string, ipv6),
  dn42Ipv6LinkLocal: key(promised.string, linkLocal),
};

const metricKeys = {
  pingTimeout: key(promised.number, integer('a time limit from 1 to 60 seconds', 1, 60)),
  pingCount: key(promised.number, integer('a number of probes from 1 to 100', 1, 100)),
  pingWorkers: key(promised.number),
};

const autoUpdateKeys = {
  enabled: key(promised.anything, flag),
  channel: key(promised.anything, text),
};

/**
 * `GET config`. Every key is optional; one that is not understood is left out, with its reason in `refused`. Throws
 * `WrongShapeError` where the answer is no configuration at all.
 */
export function parseConfig(answer: unknown, note: promised.Note = promised.unheard): BootstrapConfig {
  const body = rowOf(rawOf(answer, 'the answer'), answerKeys, '', note);
  if (!isRaw(body.node) && !isRaw(body.wireguard)) {
    throw new WrongShapeError('the answer has neither an object "node" nor an object "wireguard"');
  }
  const refused: string[] = [];
  const findings = { refused, note };
  const wireguard = readerOf(body.wireguard, wireguardKeys, 'wireguard', findings);
  const node = readerOf(body.node, nodeKeys, 'node', findings);
  const metric = readerOf(body.metric, metricKeys, 'metric', findings);
  return {
    node: {
      id: node('id'),
      asn: node('asn'),
      loopbackIpv4: node('loopbackIpv4') ?? wireguard('dn42Ipv4'),
      loopbackIpv6: node('loopbackIpv6') ?? wireguard('dn42Ipv6'),
    },
    bird: parseBird(body.bird, findings),
    wireguard: {
      privateKeyPath: wireguard('privateKeyPath'),
      publicKeyPath: wireguard('publicKeyPath'),
      persistentKeepaliveSeconds: wireguard('persistentKeepaliveInterval'),
      ipv6LinkLocal: wireguard('dn42Ipv6LinkLocal'),
    },
    metric: { pingTimeoutSeconds: metric('pingTimeout'), pingCount: metric('pingCount') },
    autoUpdate: parseAutoUpdate(body.autoUpdate),
    refused,
  };
}

/** Both directories are named; the agent's own names for them are fixed, so it is where they lie that counts. */
function parseBird(source: unknown, findings: Findings): BootstrapConfig['bird'] {
  const bird = readerOf(source, birdKeys, 'bird', findings);
  const ofPeers = bird('peerConfDir');
  const ofIbgp = bird('ibgpConfDir');
  const apart = ofPeers !== undefined && ofIbgp !== undefined && ofPeers !== ofIbgp;
  if (apart)
    findings.refused.push(`bird.ibgpConfDir: is not beside bird.peerConfDir (${ofIbgp}, ${ofPeers})`);
  return { controlSocket: bird('controlSocket'), configDir: apart ? undefined : (ofPeers ?? ofIbgp) };
}

/** It is only mentioned: what of it cannot be read is no reason to say so. */
function parseAutoUpdate(source: unknown): BootstrapConfig['autoUpdate'] {
  const autoUpdate = readerOf(source, autoUpdateKeys, 'autoUpdate', { refused: [], note: promised.unheard });
  return autoUpdate('enabled') ? { channel: autoUpdate('channel') } : undefined;
}
