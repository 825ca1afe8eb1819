import { addressOf, type Constants, numberOf, resolve, switchOf } from './constants.js';
import type { Token } from './tokens.js';

/** Turns the rest of a statement into its canonical text; undefined where it does not fit. */
type Argument = (words: readonly Token[], constants: Constants) => string | undefined;

interface Form {
  readonly words: readonly string[];
  readonly argument: Argument;
  /** Statements of one key replace each other. */
  readonly key: string;
}

/** Forms of the protocol itself, and of its channels. */
export type Place = 'protocol' | 'channel';

const one =
  (read: (token: Token, constants: Constants) => string | number | undefined): Argument =>
  (words, constants) => {
    const [word, ...rest] = words;
    const value = word && rest.length === 0 ? read(word, constants) : undefined;
    return value === undefined ? undefined : String(value);
  };

const number = one(numberOf);
const address = one(addressOf);

const onOrOff: Argument = ([word, ...rest], constants) => {
  const value = rest.length > 0 ? undefined : switchOf(word, constants);
  return value === undefined ? undefined : value ? 'on' : 'off';
};

const maybe =
  (argument: Argument): Argument =>
  (words, constants) =>
    words.length === 0 ? '' : argument(words, constants);

const choice = (...names: readonly string[]) =>
  one((word, constants) => {
    const { kind, text } = resolve(word, constants);
    return kind === 'symbol' && names.includes(text) ? text : undefined;
  });

const either =
  (first: Argument, second: Argument): Argument =>
  (words, constants) =>
    first(words, constants) ?? second(words, constants);

const numberPair: Argument = ([first, comma, second, ...rest], constants) => {
  const [low, high] = [numberOf(first, constants), numberOf(second, constants)];
  if (comma?.text !== ',' || rest.length > 0 || low === undefined || high === undefined) return undefined;
  return `${low}, ${high}`;
};

function form(text: string, argument: Argument, key = text): Form {
  return { words: text.split(' '), argument, key };
}

/** Forms that take the same argument, their names separated by commas. */
function forms(names: string, argument: Argument): Form[] {
  return names.split(',').map((name) => form(name.trim().replace(/\s+/g, ' '), argument));
}

// All options that BIRD compares on a reload, and resets the session if one differs (bgp_reconfigure in proto/bgp/bgp.c),
// except password and VRF.
const protocolForms: readonly Form[] = [
  ...forms(
    `hold time, startup hold time, keepalive time, send hold time, min hold time, min keepalive time, connect delay time,
    connect retry time, start delay time, error forget time, graceful restart time, long lived stale time,
    default bgp_med, default bgp_local_pref`,
    number,
  ),
  ...forms(
    `ttl security, passive, disable after error, path metric, med metric, deterministic med, igp metric, prefer older,
    interpret communities, allow bgp_local_pref, allow bgp_med, allow as sets, enforce first as, capabilities,
    advertise hostname, require roles, enable route refresh, enable enhanced route refresh, enable as4,
    enable extended messages, require route refresh, require enhanced route refresh, require as4,
    require extended messages, require hostname, require graceful restart, require long lived graceful restart,
    rr client, rs client, check link, free bind`,
    onOrOff,
  ),
  ...forms('rr cluster id, router id', address),
  ...forms('graceful restart, long lived graceful restart', either(onOrOff, choice('aware'))),
  form('error wait time', numberPair),
  form('multihop', maybe(number)),
  form(
    'direct',
    maybe(() => undefined),
    'multihop',
  ),
  form('allow local as', maybe(number)),
  form('local role', choice('provider', 'customer', 'peer', 'rs_server', 'rs_client')),
  form('bfd', either(onOrOff, choice('graceful'))),
];

const channelForms: readonly Form[] = [
  ...forms(
    `extended next hop, import table, export table, import keep filtered, secondary, mandatory, graceful restart,
    long lived graceful restart, require extended next hop, require add paths, validate, aigp`,
    onOrOff,
  ),
  ...forms('long lived stale time, cost', number),
  form('add paths', either(onOrOff, choice('rx', 'tx'))),
  form('gateway', choice('direct', 'recursive')),
];

const formsOf: Readonly<Record<Place, readonly Form[]>> = { protocol: protocolForms, channel: channelForms };

/** A statement in canonical text. */
export interface ParsedOption {
  readonly key: string;
  /** As it is written, without the `;`. */
  readonly text: string;
}

/** The statement in canonical text; undefined where the agent does not know it. */
export function parseOption(
  place: Place,
  words: readonly Token[],
  constants: Constants,
): ParsedOption | undefined {
  const matching = formsOf[place].filter((each) =>
    each.words.every((word, index) => words[index]?.text === word),
  );
  for (const each of matching.toSorted((a, b) => b.words.length - a.words.length)) {
    const argument = each.argument(words.slice(each.words.length), constants);
    if (argument !== undefined)
      return { key: each.key, text: [...each.words, ...(argument ? [argument] : [])].join(' ') };
  }
  return undefined;
}
