import { nodeFile, roaFiles, rpkiProtocolName, savedRoaNames } from '../../model/names.js';
import type { BirdProtocol, Observed } from '../../model/observed.js';
import { countRoas, formatRoa, mostRoas, type RoaFallback, type SavedRoas } from '../../model/saved-roas.js';
import type { Family } from '../../model/values/family.js';

const saveAfterSeconds = 6 * 3600;
/** A cache that says much less than before is more likely broken than right, for so long. */
const doubtSeconds = 7 * 24 * 3600;

type Look = Pick<Observed, 'bird' | 'birdFiles' | 'nowSeconds' | 'roas'>;

/** What is saved: what this look took from BIRD's tables, else what lies in the files. Undefined where there is nothing. */
export function roaFallback(look: Look): RoaFallback | undefined {
  const kept = readSaved(look.birdFiles);
  const taken = look.roas && { ...look.roas, atSeconds: look.nowSeconds };
  const saved = taken && isCredible(taken, kept) ? taken : kept;
  return saved && { saved, isUsed: isUsed(look) };
}

function isCredible(taken: SavedRoas, kept: SavedRoas | undefined): boolean {
  if (!kept || Math.abs(taken.atSeconds - kept.atSeconds) > doubtSeconds) return countRoas(taken) > 0;
  return countRoas(taken) * 2 >= countRoas(kept) && countRoas(taken) > 0;
}

/**
 * BIRD uses them while it has no ROA of a cache. A cache that has just begun to answer has given a part only: what is in use stays
 * until the cache has given all. A BIRD that is down finds them in its files when it starts.
 */
function isUsed({ bird, birdFiles }: Look): boolean {
  if (!bird.running) return true;
  const caches = bird.protocols.filter(isCache);
  const isNow = birdFiles.get(nodeFile('rpki'))?.includes(`protocol static ${savedRoaNames.ipv4} `) ?? false;
  return isNow ? !caches.some(isComplete) : !caches.some((cache) => roasOf(cache) > 0);
}

/** The RPKI protocols whose ROAs are to be saved now; none where what is saved is young enough, or no cache answers. */
export function cachesToSave({ bird, birdFiles, nowSeconds }: Look): readonly string[] {
  const kept = readSaved(birdFiles);
  const age = kept ? nowSeconds - kept.atSeconds : Number.POSITIVE_INFINITY;
  if (!bird.running || (age >= 0 && age < saveAfterSeconds)) return [];
  return bird.protocols
    .filter((protocol) => isCache(protocol) && isComplete(protocol))
    .map(({ name }) => name);
}

function isCache({ name, proto }: BirdProtocol): boolean {
  return proto === 'RPKI' && name.startsWith(rpkiProtocolName(''));
}

function isComplete(protocol: BirdProtocol): boolean {
  return protocol.state === 'up' && protocol.info.startsWith('Established') && roasOf(protocol) > 0;
}

function roasOf({ channels }: BirdProtocol): number {
  return channels.reduce((total, { routes }) => total + (routes?.imported ?? 0), 0);
}

/** Reads the files back. One that is not to the letter as the agent writes it counts as none. */
function readSaved(birdFiles: Observed['birdFiles']): SavedRoas | undefined {
  const [ipv4, ipv6] = [readFile('ipv4', birdFiles), readFile('ipv6', birdFiles)];
  if (!ipv4 || !ipv6 || ipv4.atSeconds !== ipv6.atSeconds) return undefined;
  return { atSeconds: ipv4.atSeconds, ipv4: ipv4.roas, ipv6: ipv6.roas };
}

const savedLine = /^# Saved at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.$/m;
const routeLine = /^route (\S{1,60}) max (\d{1,3}) as (\d{1,10});$/;

/** A pass reads the same texts several times, and thousands of networks take longer than all the rest. */
const lastRead = new Map<Family, { readonly text: string; readonly table: RoaTable | undefined }>();

interface RoaTable {
  readonly atSeconds: number;
  readonly roas: readonly string[];
}

function readFile(family: Family, birdFiles: Observed['birdFiles']): RoaTable | undefined {
  const text = birdFiles.get(roaFiles[family]);
  if (text === undefined) return undefined;
  const last = lastRead.get(family);
  if (last?.text === text) return last.table;
  const table = parseTable(family, text);
  lastRead.set(family, { text, table });
  return table;
}

function parseTable(family: Family, text: string): RoaTable | undefined {
  const atSeconds = Date.parse(savedLine.exec(text)?.[1] ?? '') / 1000;
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (!Number.isFinite(atSeconds) || lines.length > mostRoas) return undefined;
  const roas = lines.flatMap((line) => parseRoute(family, line) ?? []);
  return roas.length === lines.length ? { atSeconds, roas } : undefined;
}

function parseRoute(family: Family, line: string): string | undefined {
  const [, network = '', maxLength = '', asn = ''] = routeLine.exec(line) ?? [];
  const roa = formatRoa(family, network, maxLength, asn);
  return line === `route ${roa};` ? roa : undefined;
}
