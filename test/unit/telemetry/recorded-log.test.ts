import { expect, it } from 'vitest';
import type { NodeEvent } from '../../../src/core/model/events/event.js';
import { recordedLog } from '../../../src/telemetry/recorded-log.js';

const session = { uuid: 'abc-123', asn: 4242421080, name: 'Example Net' };

function record() {
  const lines: string[] = [];
  const events: NodeEvent[] = [];
  const say = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  const plain = { info: say('info'), warn: say('warn'), error: say('error') };
  const log = recordedLog(
    plain,
    (event) => events.push(event),
    () => 42,
  );
  return { lines, events, log };
}

it('gives each line once to the log, with the name of the session, and once to the events', () => {
  const { lines, events, log } = record();
  log.warn('BGP went down: Idle', { kind: 'down', session });
  log.info('running');
  expect(lines).toEqual([
    'warn session abc-123 (AS4242421080, Example Net): BGP went down: Idle',
    'info running',
  ]);
  expect(events).toEqual([
    { atMs: 42, kind: 'down', level: 'warn', text: 'BGP went down: Idle', session },
    { atMs: 42, kind: 'note', level: 'info', text: 'running' },
  ]);
});

it('names a mesh peer, and a session of which only the uuid is known', () => {
  const { lines, log } = record();
  log.info('BGP is Established', { mesh: { nodeId: 2, name: 'tokyo' } });
  log.info('gone', { session: { uuid: 'abc-124' } });
  expect(lines).toEqual(['info mesh peer 2 (tokyo): BGP is Established', 'info session abc-124: gone']);
});

it('keeps a quiet line out of the log', () => {
  const { lines, events, log } = record();
  log.warn('could not', { isQuiet: true });
  expect([lines, events.length]).toEqual([[], 1]);
});

it('keeps secrets out of the events', () => {
  const { events, log } = record();
  log.error('HTTP: Authorization Bearer tok-3f9a0c and PrivateKey = abcdef');
  expect(JSON.stringify(events)).not.toMatch(/tok-3f9a0c|abcdef/);
});
