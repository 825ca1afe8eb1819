// The names of BIRD's protocols, tables and files that several parts of the agent share. They begin with a prefix of ours,
// because a name that is a keyword fails on some versions of BIRD. The templates use the same names.

/** The protocol of a session, and the base of its two protocols without MP-BGP; longer where two sessions have one ASN. */
export function sessionProtocolName(asn: number | string): string {
  return `dn42_${asn}`;
}

/** The protocol of one address family of a session without MP-BGP. */
export function familyProtocolName(base: string, family: 'ipv4' | 'ipv6'): string {
  return `${base}_v${family === 'ipv4' ? 4 : 6}`;
}

/** The name without the address family, where it has one. */
export function baseProtocolName(name: string): string {
  return name.replace(/_v[46]$/, '');
}

/** The iBGP protocol with another node of the operator's. */
export function ibgpProtocolName(nodeId: number): string {
  return `ibgp_${nodeId}`;
}

export function isIbgpProtocolName(name: string): boolean {
  return /^ibgp_\d+$/.test(name);
}

/** The prefix of the node's own protocols. */
export const nodeProtocolPrefix = 'moenet_';
export const collectorName = `${nodeProtocolPrefix}collector`;
export const babelName = `${nodeProtocolPrefix}babel`;
export const kernelNames = {
  ipv4: `${nodeProtocolPrefix}kernel_v4`,
  ipv6: `${nodeProtocolPrefix}kernel_v6`,
} as const;

const rpkiPrefix = `${nodeProtocolPrefix}rpki_`;

export function rpkiProtocolName(cache: string): string {
  return rpkiPrefix + cache;
}

/** The cache that an RPKI protocol asks; the protocol's own name where it lacks the prefix. */
export function rpkiCacheName(protocol: string): string {
  return protocol.startsWith(rpkiPrefix) ? protocol.slice(rpkiPrefix.length) : protocol;
}

/** The tables with the ROAs, and the protocols that bring those that the agent saved. */
export const roaTables = { ipv4: `${nodeProtocolPrefix}roa4`, ipv6: `${nodeProtocolPrefix}roa6` } as const;
export const savedRoaNames = {
  ipv4: `${nodeProtocolPrefix}saved_roa4`,
  ipv6: `${nodeProtocolPrefix}saved_roa6`,
} as const;

/** BIRD's main tables. */
export const mainTables = { ipv4: 'master4', ipv6: 'master6' } as const;

/** The directories below `bird.configDir` with the agent's files: of the node, of sessions, of iBGP peers. */
const directories = { node: 'moenet-agent', session: 'peers', ibgp: 'ibgp.d' } as const;

export const birdDirectories: readonly string[] = Object.values(directories);

/** The operator's own files below `bird.configDir`, which the agent reads and never writes. */
export const localDirectory = 'local';

export function isLocalFile(path: string): boolean {
  return path.startsWith(`${localDirectory}/`);
}

/** The operator's file with the functions that the sessions' filters call first. */
export const hooksFile = `${localDirectory}/hooks.conf`;

/** The daemon's main file, in both modes; in include mode it is the operator's. */
export const daemonFile = 'bird.conf';

/** The agent's file at the top: the daemon's own (`full`), or the one that the operator's includes. */
export function mainFile(mode: 'full' | 'include'): string {
  return mode === 'full' ? daemonFile : 'moenet-agent.conf';
}

export function nodeFile(name: string): string {
  return `${directories.node}/${name}.conf`;
}

/** True for files on which the others depend: they go first. */
export function isNodeFile(path: string): boolean {
  return path.startsWith(`${directories.node}/`);
}

/** The files with the ROAs that the agent saved. */
export const roaFiles = { ipv4: nodeFile('roa4'), ipv6: nodeFile('roa6') } as const;

export function sessionFile(protocol: string): string {
  return `${directories.session}/${protocol}.conf`;
}

export function ibgpFile(protocol: string): string {
  return `${directories.ibgp}/${protocol}.conf`;
}
