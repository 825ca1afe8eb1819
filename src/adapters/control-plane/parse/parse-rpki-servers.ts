import { z } from 'zod';
import type { RpkiServer } from '../../../core/model/control-plane.js';
import { parseEndpoint } from '../../../core/model/values/endpoint.js';
import { port } from '../../../core/model/values/integer.js';
import { parseIp } from '../../../core/model/values/ip.js';
import { type Findings, key, readerOf } from './fields.js';
import { kindOf, present } from './json.js';
import * as promised from './promised.js';

const serverName = z.union([z.string(), z.number()]).transform((name) =>
  String(name)
    .slice(0, 40)
    .replace(/[^A-Za-z0-9_]/g, '_'),
);

const host = z.string().transform((text, context) => {
  const address = text.includes('/') ? undefined : parseIp(text);
  const parsed = address ?? parseEndpoint(`${text}:1`)?.host;
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text).slice(0, 80)} is not a host` });
  return z.NEVER;
});

const serverKeys = {
  name: key(promised.string, serverName),
  host: key(promised.string, host),
  port: key(promised.number, port),
};

/**
 * The RTR caches of the policy. Names become part of BIRD's identifiers: other characters than letters, digits and
 * "_" are replaced. Servers that are not understood are left out, with their reasons in `refused`.
 */
export function parseRpkiServers(source: unknown, where: string, findings: Findings): readonly RpkiServer[] {
  const list = present(source) ?? [];
  if (!Array.isArray(list)) {
    findings.refused.push(`${where}: ${kindOf(list)}, not a list`);
    return [];
  }
  const servers = list.flatMap((item, index) => parseServer(item, `${where}.${index}`, findings));
  return servers.filter(({ name }, index) => {
    const isFirst = servers.findIndex((server) => server.name === name) === index;
    if (!isFirst) findings.refused.push(`${where}: there are two servers named ${name}`);
    return isFirst;
  });
}

function parseServer(source: unknown, where: string, { refused, note }: Findings): RpkiServer[] {
  const problems: string[] = [];
  const server = readerOf(source, serverKeys, where, { refused: problems, note });
  const address = server('host');
  const tcpPort = server('port');
  const name = server('name') ?? (address && serverName.parse(address));
  if (problems.length === 0 && address !== undefined && tcpPort !== undefined && name !== undefined) {
    return [{ name, host: address, port: tcpPort }];
  }
  refused.push(problems.join('; ') || `${where}: has no host or no port`);
  return [];
}
