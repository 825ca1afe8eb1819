import type { Desired } from '../desired/desired.js';
import { isDisabledByHand } from '../desired/disabled/disabled.js';
import { isHandEdited } from '../desired/hand-edits.js';
import type { LinkLatency } from '../desired/latency.js';
import { fileOwner } from '../desired/owned.js';
import type { BirdFile, DesiredProtocol } from '../model/artifacts.js';
import type { Change } from '../model/change.js';
import type { BirdProtocol, ObservedBird } from '../model/observed.js';
import { describeOwner, sameOwner } from '../model/owner.js';
import { describeTextChange } from './text-change.js';

const node = { kind: 'node' } as const;

/**
 * The files to write and to remove. A file without the agent's mark is an operator's and stays, except under a name
 * that the agent needs, and except those in `replaced`. Files of owners that are `isUnknown` stay; `latencies` are those
 * of the sessions' links, by uuid.
 */
export function diffFiles(
  wanted: readonly BirdFile[],
  present: ReadonlyMap<string, string>,
  { isUnknown, replaced }: Pick<Desired, 'isUnknown' | 'replaced'>,
  latencies: Readonly<Record<string, LinkLatency>> = {},
): Change[] {
  const paths = new Set(wanted.map((file) => file.path));
  const writes = wanted
    .filter((file) => present.get(file.path) !== file.content)
    .map(
      (file): Change => ({
        kind: 'write-file',
        owner: file.owner,
        file,
        why: whyWrite(present.get(file.path), file, latencies),
      }),
    );
  const removals = [...present].flatMap(([path, text]): Change[] => {
    const owner = fileOwner(text);
    if (paths.has(path)) return [];
    if (!owner) return replaced.includes(path) ? [{ ...retired, path }] : [];
    if (isUnknown(owner)) return [];
    const why = `it is not needed any more${isHandEdited(text) ? `; ${keepsEdits}` : ''}`;
    return [{ kind: 'remove-file', owner, path, why }];
  });
  return [...writes, ...removals];
}

const keepsEdits = 'somebody edited it, and the agent keeps that text beside it (.edited)';

const retired = {
  kind: 'remove-file',
  owner: node,
  why: "the agent's own files have its protocols; the agent keeps a backup (.orig)",
} as const;

function whyWrite(
  present: string | undefined,
  { content, owner }: BirdFile,
  latencies: Readonly<Record<string, LinkLatency>>,
): string {
  if (present === undefined) return 'it is missing';
  const previousOwner = fileOwner(present);
  if (!previousOwner) return "an operator's file has this name; the agent keeps a backup (.orig)";
  if (!sameOwner(previousOwner, owner))
    return `it belonged to ${describeOwner(previousOwner)}, which the agent removes`;
  const rttMs = owner.kind === 'session' ? latencies[owner.uuid]?.rttMs : undefined;
  const difference = describeTextChange(present, content, rttMs);
  return isHandEdited(present) ? `${keepsEdits}: ${difference}` : difference;
}

/** A reload for protocols that BIRD lacks although their files are in place, else the protocols to enable or disable. */
export function diffProtocols(
  wanted: readonly DesiredProtocol[],
  bird: ObservedBird,
  filesChange: boolean,
  reloadPending: boolean,
): Change[] {
  if (!bird.running) return [];
  const running = new Map(bird.protocols.map((protocol) => [protocol.name, protocol]));
  const missing = wanted.filter((protocol) => !running.has(protocol.name));
  const reload = whyReload(missing, filesChange, reloadPending);
  if (reload !== undefined)
    return [{ kind: 'reload-bird', owner: node, missing: filesChange ? [] : missing, why: reload }];
  return wanted.flatMap((protocol) => switchProtocol(protocol, running.get(protocol.name)));
}

function switchProtocol(wanted: DesiredProtocol, present: BirdProtocol | undefined): Change[] {
  const { name, owner, lack, off = false, returns = false } = wanted;
  if (!present || present.disabled === off) return [];
  const change = { owner, protocol: name };
  if (off) return [{ ...change, kind: 'disable-protocol', why: 'an operator disabled its session' }];
  if (returns) return [{ ...change, kind: 'enable-protocol', why: 'an operator enabled its session' }];
  // An operator has just disabled it, or BIRD has not started it yet: the agent leaves it alone.
  if (owner.kind === 'session' && isDisabledByHand(present)) return [];
  const error = present.bgp?.lastError;
  const cause = error ? `BIRD shut it down by itself: ${error}` : 'it is disabled';
  return [{ ...change, kind: 'enable-protocol', why: lack === undefined ? cause : `${cause}; ${lack}` }];
}

function whyReload(
  missing: readonly DesiredProtocol[],
  filesChange: boolean,
  reloadPending: boolean,
): string | undefined {
  if (filesChange) return 'its files change';
  if (missing.length > 0) return `BIRD does not run ${missing.map((protocol) => protocol.name).join(', ')}`;
  return reloadPending ? 'BIRD has not loaded the files that were written' : undefined;
}
