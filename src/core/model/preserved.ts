import { z } from 'zod';
import { type Place, parseOption } from '../bird-syntax/options.js';
import { tokenize } from '../bird-syntax/tokens.js';
import { asn } from './values/asn.js';
import { interfaceName } from './values/interface-name.js';
import { type IpAddress, parseIp, parseIpv4 } from './values/ip.js';

// BIRD accepts 64 characters.
const symbol = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);

const address = z
  .string()
  .refine((text) => parseIp(text) === text)
  .transform((text) => text as IpAddress);

/** An option that `parseOption` returns unchanged: nothing else gets from the memory into a BIRD file. */
function option(place: Place) {
  return z.string().refine((text) => {
    const words = tokenize([{ path: '', text }]);
    return parseOption(place, words, new Map())?.text === text;
  });
}

const channel = z.object({ name: z.enum(['ipv4', 'ipv6']), options: z.array(option('channel')) });

const protocol = z.object({
  name: symbol,
  localAs: asn,
  localAddress: address.optional(),
  neighbor: address,
  neighborAs: asn,
  interface: interfaceName.optional(),
  options: z.array(option('protocol')),
  channels: z.array(channel).min(1),
});

const session = z.object({
  /** What was wanted of the session when it was adopted: where that changes, nothing is preserved. */
  wish: z.string(),
  protocols: z.array(protocol).min(1),
  /** Addresses that its tunnel had: the session may speak from one of them. */
  addresses: z.array(z.string()),
});

/** If one of these changes, BIRD removes all routes from the kernel and adds them again. */
const kernel = z.object({ name: symbol, scanTime: z.int().min(1).max(3600) });

const node = z.object({
  wish: z.string(),
  routerId: z
    .string()
    .refine((text) => parseIpv4(text) === text)
    .transform((text) => parseIpv4(text))
    .optional(),
  hostname: z
    .string()
    .regex(/^[\x20\x21\x23-\x7e]{1,255}$/)
    .optional(),
  deviceName: symbol.optional(),
  kernelIpv4: kernel.optional(),
  kernelIpv6: kernel.optional(),
});

/** What the agent preserves as it found it, while adopted sessions are Established. */
export const preservedSchema = z.object({
  /** Mark of a session or of a mesh peer → its BGP protocols. */
  sessions: z.record(z.string(), session),
  node: node.optional(),
  /** True where the memory was lost, and the agent must read it back from its own files. */
  isLost: z.literal(true).optional(),
});

export type Preserved = z.output<typeof preservedSchema>;
export type PreservedSession = z.output<typeof session>;
export type PreservedNode = z.output<typeof node>;
/** One BGP protocol with all options that BIRD compares on a reload. */
export type PreservedProtocol = z.output<typeof protocol>;
export type PreservedChannel = z.output<typeof channel>;

export const nothingPreserved: Preserved = { sessions: {} };

/** The memory was lost; something may have been preserved. */
export const preservedIsLost: Preserved = { sessions: {}, isLost: true };

/** The protocol with every value valid, or undefined. */
export function preservedProtocol(value: unknown): PreservedProtocol | undefined {
  return protocol.safeParse(value).data;
}

/** What is preserved of the node, with every value valid, or undefined. */
export function preservedNode(value: unknown): PreservedNode | undefined {
  return node.safeParse(value).data;
}

/** The kernel protocol, or undefined where it has a name that cannot be preserved. */
export function preservedKernel(value: unknown): z.output<typeof kernel> | undefined {
  return kernel.safeParse(value).data;
}
