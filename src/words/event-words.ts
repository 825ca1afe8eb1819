import type { NodeEvent, Subject } from '../core/model/events/event.js';
import type { Flaps } from '../shell/events/select-events.js';
import { counted } from './text.js';
import type { Tone } from './tone.js';
import { withoutAsn } from './without-asn.js';

/** The subject in a list: `AS4242421080 Example Net`, `mesh tokyo`; `node` for the node itself. */
export function shortSubject({ session, mesh }: Subject): string {
  if (session) {
    const { asn, uuid, name = '' } = session;
    return [asn === undefined ? `session ${uuid}` : `AS${asn}`, withoutAsn(name, asn)]
      .filter(Boolean)
      .join(' ');
  }
  return mesh ? `mesh ${mesh.name || mesh.nodeId}` : 'node';
}

export function toneOfEvent({ kind, level }: Pick<NodeEvent, 'kind' | 'level'>): Tone | undefined {
  if (kind === 'up' || kind === 'recovered') return 'good';
  if (kind === 'down' || kind === 'failed' || kind === 'undo' || level === 'error') return 'bad';
  return level === 'warn' ? 'warn' : undefined;
}

/** `AS4242421080 Example Net 3 times`. */
export function flapWords({ downs, ...subject }: Flaps): string {
  return `${shortSubject(subject)} ${counted(downs, 'time')}`;
}
