import { fileDisables, isDisabledByHand } from '../../../core/desired/disabled/disabled.js';
import type { BirdProtocol } from '../../../core/model/observed.js';
import type { Host } from '../../../shell/ports/host.js';
import type { FakeHost, Mutable } from './fake-machine.js';

/** The files go back to what they were before the change that was begun, and BIRD to `loaded`, or else to these files. */
export function takeBack(host: FakeHost, loaded?: ReadonlyMap<string, string>): void {
  const before = host.begun?.before ?? host.files;
  host.unconfirmed = undefined;
  if (host.birdRunning) loadProtocols(host, loaded ?? before);
  replaceAll(host.files, before);
}

/** The files as they would be after a change. */
export function candidateOf(
  files: ReadonlyMap<string, string>,
  write: Parameters<Host['bird']['commit']>[0],
  remove: readonly string[],
): ReadonlyMap<string, string> {
  const candidate = new Map([...files, ...write.map(({ path, content }) => [path, content] as const)]);
  for (const path of remove) candidate.delete(path);
  return candidate;
}

function replaceAll(files: Map<string, string>, by: ReadonlyMap<string, string>): void {
  const texts = [...by];
  files.clear();
  for (const [path, text] of texts) files.set(path, text);
}

/** What BIRD runs after reading these files: the protocols that stand in them, all up. */
export function loadProtocols(host: FakeHost, files: ReadonlyMap<string, string>): void {
  const { protocols, loaded } = host;
  const texts = [...files];
  loaded.clear();
  for (const [path, text] of texts) loaded.set(path, text);
  const wanted = new Map(
    texts.flatMap(([, text]) =>
      [...text.matchAll(/^protocol (\w+) (\w*)[^{]*\{(.*?)^\}/gms)].map(
        ([, type = '', given, block = '']) => {
          const name = given || `${type}1`;
          return [name, { text, block, protocol: makeProtocol(name, type, familiesIn(block)) }] as const;
        },
      ),
    ),
  );
  for (const name of protocols.keys()) if (!wanted.has(name)) protocols.delete(name);
  for (const [name, { text, block, protocol }] of wanted) {
    const isOff = fileDisables(text, name);
    const present = protocols.get(name);
    // A protocol that was switched off is switched on by any load.
    if (!present || (present.disabled && !isOff)) {
      protocols.set(name, protocol);
      host.begins(protocol, block);
    }
    if (isOff) switchOff(host, name);
  }
}

/** The text between the braces of a protocol; empty where no file has it. */
export function blockOf(files: ReadonlyMap<string, string>, name: string): string {
  for (const text of files.values()) {
    const [, block] = new RegExp(`^protocol \\w+ ${name}\\b[^{]*\\{(.*?)^\\}`, 'ms').exec(text) ?? [];
    if (block !== undefined) return block;
  }
  return '';
}

export function disabledNames({ protocols }: FakeHost): string[] {
  return [...protocols.values()].filter(isDisabledByHand).map(({ name }) => name);
}

/** As `birdc disable` leaves a protocol. */
export function switchOff({ protocols }: Pick<FakeHost, 'protocols'>, name: string): void {
  const present = protocols.get(name);
  if (!present || present.disabled) return;
  const bgp = { state: 'Down', neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
  protocols.set(name, { ...present, state: 'down', info: '', disabled: true, bgp });
}

function familiesIn(block: string): string[] {
  return [...block.matchAll(/^ +(ipv[46])\b/gm)].map(([, family = '']) => family);
}

/** A protocol that is up. */
export function makeProtocol(
  name: string,
  type: string,
  families: readonly string[] = [],
): Mutable<BirdProtocol> {
  const proto =
    { bgp: 'BGP', rpki: 'RPKI' }[type.toLowerCase()] ?? type.replace(/^./, (first) => first.toUpperCase());
  const bgp = {
    state: 'Established',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: undefined,
  };
  const isTalking = proto === 'BGP' || proto === 'RPKI';
  return {
    name,
    proto,
    state: 'up',
    since: '2026-11-23 19:10:39.244',
    info: isTalking ? 'Established' : '',
    disabled: false,
    bgp: proto === 'BGP' ? bgp : undefined,
    channels: families.map((family) => ({ name: family, state: 'UP', routes: undefined })),
  };
}
