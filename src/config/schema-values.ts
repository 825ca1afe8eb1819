import { z } from 'zod';
import { type InterfaceName, interfaceName } from '../core/model/values/interface-name.js';
import {
  type IpAddress,
  isLinkLocal,
  isUnicast,
  type Prefix,
  parseIp,
  parsePrefix,
} from '../core/model/values/ip.js';
import { hostNetwork } from '../core/model/values/network.js';
import { nftSet } from '../core/model/values/port-set.js';

/**
 * The error of a key whose value is not `what`. It shows the value, so do not use it for secrets; text for which `canShow`
 * is false (before an "@" in a URL there may be a password) is left out.
 */
export function wanted(what: string, canShow: (text: string) => boolean = () => true) {
  return {
    error: ({ input }: { readonly input?: unknown }) => {
      if (input === undefined) return `missing: ${what} is needed`;
      return `${typeof input === 'string' && !canShow(input) ? 'this' : show(input)} is not ${what}`;
    },
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape, wanted('an object'));
}

/** An element of a list: a misspelt key of it is an error, because nothing warns of one and the usual value would hold. */
function element<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const { error } = wanted('an object');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : error(issue),
  });
}

export function choice<const Values extends readonly string[]>(...values: Values) {
  return z.enum(values, wanted(`one of ${values.map((value) => JSON.stringify(value)).join(', ')}`));
}

export const yesOrNo = z.boolean(wanted('true or false'));

const pathError = wanted('a path');
// A NUL byte would end the path early in every system call.
export const path = z.string(pathError).regex(/^[^\0]+$/, pathError);

const secondsError = wanted('a number of seconds from 0.2 to 86400');
export const seconds = z.number(secondsError).min(0.2, secondsError).max(86_400, secondsError);

const perMinuteError = wanted('a whole number of requests from 1 to 100000');
export const perMinute = z.int(perMinuteError).min(1, perMinuteError).max(100_000, perMinuteError);

const tableError = wanted(
  "the number of a routing table from 1 to 4294967295, other than 253 to 255, which are the machine's own",
);
export const kernelTable = z
  .int(tableError)
  .min(1, tableError)
  .max(4_294_967_295, tableError)
  .refine((table) => table < 253 || table > 255, tableError);

const nftSetError = wanted('the family, table and name of an nft set, such as "inet filter moenet_ports"');
export const portSet = z
  .string(nftSetError)
  .refine((text) => nftSet.safeParse(text).success, nftSetError)
  .transform((text) => nftSet.parse(text));

const asNumberError = wanted('an AS number from 1 to 4294967294');
export const asNumber = z
  .int(asNumberError)
  .min(1, asNumberError)
  .max(4_294_967_294, asNumberError)
  .brand<'Asn'>();

// A link-local one would need an interface with it.
const addressError = wanted('the IPv4 or IPv6 address of a host, not a link-local one');
export const neighborAddress = z
  .string(addressError)
  .refine((text) => isHostAddress(text), addressError)
  .transform((text) => parseIp(text) as IpAddress);

function isHostAddress(text: string): boolean {
  const address = text.includes('/') ? undefined : parseIp(text);
  return address !== undefined && isUnicast(address) && !isLinkLocal(address);
}

export const asNumbers = z.array(asNumber, wanted('a list of AS numbers'));

const networkError = wanted('an IPv4 or IPv6 address or prefix, such as 172.20.0.53 or fd42:1::/48');
export const network = z
  .string(networkError)
  .refine((text) => toNetwork(text) !== undefined, networkError)
  .transform((text) => toNetwork(text) as Prefix);

export const customer = element({
  asn: asNumber,
  asns: asNumbers.optional(),
  prefixes: z.array(network, wanted('a list of addresses and prefixes')).optional(),
});

const viaError = wanted('an address of a host or the name of an interface');
const via = z
  .string(viaError)
  .refine((text) => isHostAddress(text) || interfaceName.safeParse(text).success, viaError)
  .transform((text) => parseIp(text) ?? (text as InterfaceName));

const kinds = ['full', 'peer', 'upstream', 'downstream'] as const;
const announceTo = z.array(
  z.union([z.enum(kinds), asNumber], wanted('a policy or an AS number from 1 to 4294967294')),
  wanted('a list'),
);

const ownPrefixElement = element({
  prefix: network,
  via: via.optional(),
  announceTo: announceTo.default([...kinds]),
  originate: z.boolean(wanted('true or false')).default(true),
}).refine(({ prefix, via: hop }) => hop === undefined || isWayOf(prefix, hop), {
  error: 'the address is not of the family of the prefix',
  path: ['via'],
});
/** A prefix alone is one with the usual values. */
export const ownPrefix = z.preprocess(
  (value) => (typeof value === 'string' ? { prefix: value } : value),
  ownPrefixElement,
);

/** An interface leads to both families. */
function isWayOf(prefix: Prefix, hop: string): boolean {
  return parseIp(hop) === undefined || hop.includes(':') === prefix.includes(':');
}

function toNetwork(text: string): Prefix | undefined {
  const address = text.includes('/') ? undefined : parseIp(text);
  return address === undefined ? parsePrefix(text) : hostNetwork(address);
}

// Names and values become part of BIRD's files.
const communityError = wanted('"wiki", or names with their values, such as {"1g_plus": [64511, 25]}');
const communityPart = z.int(communityError).min(0, communityError).max(65_535, communityError);
export const communityGroup = z
  .union(
    [
      z.literal('wiki'),
      z.record(z.string().regex(/^[a-z0-9_]{1,40}$/), z.tuple([communityPart, communityPart])),
    ],
    communityError,
  )
  .optional();

export const dialect = choice('auto', 'documented', 'moenet-core').default('auto');

// It becomes one segment of the request path (`/agent/:router/...`).
const nodeNameError = wanted('a node name: 1 to 63 letters, digits, ".", "_" or "-"');
export const nodeName = z.string(nodeNameError).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, nodeNameError);

// RFC 9110, section 5.5: a header's value is visible ASCII. The value itself is never shown.
const tokenError = { error: 'not a token: text of printable characters without spaces is needed' };
export const token = z.string(tokenError).regex(/^[\x21-\x7e]{1,4096}$/, tokenError);

const apiUrlError = wanted('an http:// or https:// URL', (text) => !text.includes('@'));
export const apiUrl = z
  .string(apiUrlError)
  .refine((text) => isHttpUrl(text), apiUrlError)
  // Credentials in a URL end up in logs, so the message must not show them either.
  .refine(
    (text) => !isHttpUrl(text) || !hasCredentials(text),
    'a URL without user name and password is needed',
  )
  .refine((text) => !/[?#]/.test(text), 'a URL without "?" and "#" is needed');

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

const loopbackError = wanted('an interface name: 1 to 15 letters, digits, "_", "." or "-"');
// A tunnel must not be named `lo`, but loopback addresses go there on a kernel without dummy devices.
export const loopbackInterface = z
  .string(loopbackError)
  .refine((name) => name === 'lo' || interfaceName.safeParse(name).success, loopbackError);

const listenWords = 'an address to listen on: "host:port", ":port" or "[IPv6]:port"';
const listenError = wanted(listenWords);
const listenAddress = z
  .string(listenError)
  .refine((text) => Number(listenPattern.exec(text)?.groups?.['port'] ?? 65_536) <= 65_535, listenError);
const listensError = wanted(`${listenWords}, or a list of up to 16`);
export const listen = z.union(
  [listenAddress, z.array(listenAddress).min(1, listensError).max(16, listensError)],
  listensError,
);

/** `host:port`, `:port`, `[v6]:port`. */
export const listenPattern =
  /^(?:\[(?<v6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?<host>[A-Za-z0-9_.-]*)):(?<port>\d{1,5})$/;
