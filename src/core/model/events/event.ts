import { z } from 'zod';
import type { Owner } from '../owner.js';
import { sessionsNamed } from '../peer-name.js';
import type { Session } from '../session.js';

/**
 * - `start`, `stop`: the agent itself.
 * - `up`, `down`: a BGP session.
 * - `change`, `failed`: a change of the node that was made, or that was tried and is not in place.
 * - `reload`, `restart`: BIRD has loaded its files; an operator has had BIRD restarted.
 * - `undo`: the agent has undone a change because of its effect, or because an agent was killed in the middle of it.
 * - `problem`, `recovered`: a fault begins or changes, and ends; also of calls to the control plane.
 * - `maintenance`, `switch`: an operator has led traffic away from the node, or switched a session.
 * - `note`: all else.
 */
const eventKinds = [
  'start',
  'stop',
  'up',
  'down',
  'change',
  'failed',
  'reload',
  'restart',
  'undo',
  'problem',
  'recovered',
  'maintenance',
  'switch',
  'note',
] as const;

export type EventKind = (typeof eventKinds)[number];

const text = z.string();
const interfaceName = text.optional();

const namedSession = z
  .object({
    uuid: text,
    asn: z.number().optional(),
    interface: interfaceName,
    name: text.optional().describe('its description at the control plane'),
  })
  .describe('a session, as it was called when the event happened');

const namedPeer = z
  .object({ nodeId: z.number(), interface: interfaceName, name: text.optional() })
  .describe('another node of ours, as it was called when the event happened');

export const subject = z.object({ session: namedSession.optional(), mesh: namedPeer.optional() });

export const nodeEvent = subject.extend({
  atMs: z.number().describe('Unix time in milliseconds'),
  kind: z
    .enum(eventKinds)
    .describe(
      '`start`, `stop`: the agent. `up`, `down`: a BGP session. `change`, `failed`: a change that was made, or is not in place. `reload`, `restart`: of BIRD. `undo`: of a change. `problem`, `recovered`: a fault. `maintenance`, `switch`: by an operator. `note`: all else',
    ),
  level: z.enum(['info', 'warn', 'error']),
  text: text.describe('one sentence, without the name of the subject'),
});

/** What an event is about; neither: the node itself. */
export type Subject = z.output<typeof subject>;
/** Something that happened on the node. Holds no secret. */
export type NodeEvent = z.output<typeof nodeEvent>;
export type EventLevel = NodeEvent['level'];

/** The subject in the log: `session abc-123 (AS4242421080, Example Net)`, `mesh peer 2 (tokyo)`; empty for the node itself. */
export function describeSubject({ session, mesh }: Subject): string {
  if (session) return named(`session ${session.uuid}`, [asnOf(session), session.name]);
  return mesh ? named(`mesh peer ${mesh.nodeId}`, [mesh.name]) : '';
}

/** The same text for the same subject, whatever it was called. */
export function subjectKey({ session, mesh }: Subject): string {
  if (session) return `session ${session.uuid}`;
  return mesh ? `mesh ${mesh.nodeId}` : 'node';
}

export function sessionSubject({ uuid, asn, interface: tunnel, description }: Session): Subject {
  return { session: { uuid, asn, interface: tunnel, name: description || undefined } };
}

/** The owner as a subject, with its id alone. */
export function plainSubject(owner: Owner): Subject {
  if (owner.kind === 'session') return { session: { uuid: owner.uuid } };
  return owner.kind === 'mesh' ? { mesh: { nodeId: owner.nodeId } } : {};
}

/**
 * True where an operator's word means the subject: a uuid, an interface, an ASN or the plain name of a BIRD protocol
 * (`dn42_<asn>`, `ibgp_<node id>`).
 */
export function isNamed({ session, mesh }: Subject, word: string): boolean {
  if (session) {
    const { uuid, asn = 0, interface: tunnel = '' } = session;
    return sessionsNamed([{ uuid, asn, interface: tunnel }], word).length > 0;
  }
  return mesh !== undefined && [`ibgp_${mesh.nodeId}`, mesh.interface, mesh.name].includes(word);
}

function asnOf({ asn }: NonNullable<Subject['session']>): string | undefined {
  return asn === undefined ? undefined : `AS${asn}`;
}

function named(what: string, names: readonly (string | undefined)[]): string {
  const known = names.filter(Boolean);
  return known.length === 0 ? what : `${what} (${known.join(', ')})`;
}
