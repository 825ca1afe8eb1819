import type { BirdChannel, BirdLimit, BirdProtocol } from '../../core/model/observed.js';
import { capabilities } from './capabilities.js';
import type { Reply } from './socket/reply.js';

export interface BirdStatus {
  /** `2.0.12` */
  readonly version: string;
  readonly routerId: string | undefined;
  /** True while BIRD still applies a new configuration. */
  readonly reconfiguring: boolean;
  /** True while BIRD recovers from a graceful restart. */
  readonly recovering: boolean;
}

/** Reads the reply to `show status`. */
export function parseStatus(reply: Reply): BirdStatus {
  const banner = reply.lines.find((line) => line.code === '1000')?.text ?? '';
  const version = /^BIRD (\S+)/.exec(banner)?.[1];
  if (version === undefined) throw new Error(`no version in BIRD's status: ${reply.code} ${reply.text}`);
  const routerId = reply.lines
    .map(({ text }) => /^Router ID is (\S+)$/.exec(text)?.[1])
    .find((id) => id !== undefined);
  const recovering = reply.lines.some(({ text }) => text.startsWith('Graceful restart recovery in progress'));
  return {
    version,
    routerId,
    reconfiguring: reply.text.startsWith('Reconfiguration in progress'),
    recovering,
  };
}

/**
 * Reads the reply to `configure status`: seconds until BIRD undoes its configuration on trial (`configure timeout`).
 * Undefined where nothing is on trial.
 */
export function parseUndoSeconds(reply: Reply): number | undefined {
  const texts = reply.lines.flatMap(({ code, text }) => (code === '0022' ? [text] : []));
  const seconds = texts.map((text) => /undo in ([\d.]+) s/.exec(text)?.[1]).find(Boolean);
  return seconds === undefined ? undefined : Number(seconds);
}

/**
 * Reads the reply to `show protocols all`: per protocol a row (code 1002) and its details (1006). The order of the
 * protocols and of their details differs between versions, so details are found by name, not by place.
 */
export function parseProtocols(reply: Reply): readonly BirdProtocol[] {
  const blocks: { row: string; details: string[] }[] = [];
  for (const { code, text } of reply.lines) {
    if (code === '1002') blocks.push({ row: text, details: [] });
    if (code === '1006') blocks.at(-1)?.details.push(text);
  }
  return blocks.map(({ row, details }) => parseProtocol(row, details));
}

// Name, protocol, table, state, since, info. Names longer than their column push the others to the right, and `since`
// has one word or more, by the operator's `timeformat protocol`; but two spaces always stand between it and the info.
const rowPattern = /^(\S+)\s+(\S+)\s+\S+\s+(\S+)\s+(\S+(?: \S+)*)(?:\s{2,}(.*))?$/;

function parseProtocol(row: string, details: readonly string[]): BirdProtocol {
  const [, name, proto, state, since, info = ''] = rowPattern.exec(row) ?? [];
  if (name === undefined || proto === undefined || state === undefined || since === undefined)
    throw new Error(`BIRD's list of protocols has the row ${JSON.stringify(row.slice(0, 120))}`);
  const firstChannel = details.findIndex(isChannel);
  const ownDetails = firstChannel < 0 ? details : details.slice(0, firstChannel);
  const own = fields(ownDetails);
  return {
    name,
    proto,
    state,
    since,
    info: info.trim(),
    // BIRD starts whatever is not switched off, and a protocol without its interface or its peer is in `start`. So
    // `down` is: disabled by hand, by `disabled` in its configuration, by a limit (info "Automatic shutdown: Route
    // limit exceeded") or by BIRD itself ("Error: No listening socket").
    disabled: state === 'down',
    ...(own.has('Message') ? { message: own.get('Message') } : {}),
    bgp: proto === 'BGP' ? bgp(own, ownDetails) : undefined,
    channels: details.flatMap((line, index) => (isChannel(line) ? [channel(line, details, index + 1)] : [])),
  };
}

function bgp(own: ReadonlyMap<string, string>, details: readonly string[]): NonNullable<BirdProtocol['bgp']> {
  const neighborAs = own.get('Neighbor AS');
  const both = capabilities(details);
  return {
    state: own.get('BGP state') ?? 'Down',
    neighborAddress: own.get('Neighbor address'),
    neighborAs: neighborAs === undefined ? undefined : Number(neighborAs),
    lastError: own.get('Last error'),
    ...(both && { capabilities: both }),
  };
}

const channelPattern = /^\s+Channel (\S+)$/;

function isChannel(line: string): boolean {
  return channelPattern.test(line);
}

function channel(line: string, details: readonly string[], from: number): BirdChannel {
  const following = details.slice(from);
  const end = following.findIndex(isChannel);
  const lines = end < 0 ? following : following.slice(0, end);
  const own = fields(lines);
  const limits = limitsIn(lines);
  return {
    name: channelPattern.exec(line)?.[1] ?? '',
    // A pipe has no state of its own, one per direction.
    state: (own.get('State') ?? own.get('Import state') ?? 'unknown').toUpperCase(),
    routes: routes(own.get('Routes')),
    ...(limits.length > 0 && { limits }),
  };
}

const limitPattern = /^\s+(Receive|Import|Export) limit:\s+(\d+)( \[HIT\])?\s*$/;

/** `Receive limit:  9000 [HIT]`, and its action in the next line. */
function limitsIn(lines: readonly string[]): BirdLimit[] {
  return lines.flatMap((line, index): BirdLimit[] => {
    const [, kind = '', max, hit] = limitPattern.exec(line) ?? [];
    if (max === undefined) return [];
    const action = /^\s+Action:\s+(\S+)/.exec(lines[index + 1] ?? '')?.[1] ?? '';
    return [{ kind: limitKinds[kind] ?? 'import', max: Number(max), action, isHit: hit !== undefined }];
  });
}

const limitKinds: Readonly<Record<string, BirdLimit['kind']>> = {
  Receive: 'receive',
  Import: 'import',
  Export: 'export',
};

/** `2 imported, 1 filtered, 3 exported, 2 preferred`; `filtered` only with `import keep filtered`. */
function routes(text: string | undefined): BirdChannel['routes'] {
  if (text === undefined) return undefined;
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(text)?.[1] ?? 0);
  return {
    imported: count('imported'),
    filtered: count('filtered'),
    exported: count('exported'),
    preferred: count('preferred'),
  };
}

/** `  Key:   value` lines; the first of a name counts, and a value may hold colons of its own. */
function fields(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = /^\s*([^:]+?)\s*:\s+(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !found.has(key)) found.set(key, value);
  }
  return found;
}
