import { describe, expect, it } from 'vitest';
import { parseSince } from '../../../src/cli/events/since.js';
import { renderEvents } from '../../../src/cli/events/view.js';
import type { NodeEvent } from '../../../src/core/model/events/event.js';
import { goodStatus } from '../../fakes/node-status.js';
import { commandLine, nothing } from './command-line.js';

const { cli } = commandLine();
const session = { uuid: 'abc-123', asn: 4242421080, interface: 'wg_24001', name: 'Example\u001b[2JNet' };
const events: NodeEvent[] = [
  { atMs: 1_700_000_000_000, kind: 'start', level: 'info', text: 'moenet-agent 1.2.3 starts' },
  { atMs: 1_700_010_000_000, kind: 'down', level: 'warn', text: 'BGP went down: Idle', session },
];
const answer = { events, flaps: [{ session, downs: 3 }] };
const daemon = { status: goodStatus, resync: nothing, events: answer };

describe('events', () => {
  it('prints a line for each below its day, and how often sessions went down', async () => {
    const { exitCode, out, err } = await cli('events', { daemon });
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe(`2023-11-14 (UTC)
22:13:20  start        node                            moenet-agent 1.2.3 starts
2023-11-15 (UTC)
01:00:00  down         AS4242421080 Example [2JNet     BGP went down: Idle

went down: AS4242421080 Example [2JNet 3 times
`);
  });

  it('--json prints the document', async () => {
    const { out } = await cli('events --json', { daemon });
    expect(JSON.parse(out)).toEqual(answer);
  });

  it('asks for what the operator names', async () => {
    const { calls } = await cli('events wg_24001 --since 2h', {});
    expect(calls).toEqual(['alone events {"sinceSeconds":1699992820,"session":"wg_24001"} info']);
  });

  it('reads the file where no daemon runs, and where one does not answer', async () => {
    expect(await cli('events', { events: answer })).toMatchObject({ exitCode: 0, err: '' });
    const starting = { ...daemon, events: new Error('the agent is starting') };
    const { exitCode, out, err } = await cli('events', { daemon: starting, events: answer });
    expect([exitCode, err]).toEqual([
      0,
      'moenet-agent: the agent is starting; these are the events on disk\n',
    ]);
    expect(out).toContain('BGP went down');
  });

  it('says so where nothing happened', async () => {
    const { exitCode, out } = await cli('events', {});
    expect(exitCode).toBe(0);
    expect(out).toBe('nothing happened since 2023-11-13 22:13 UTC; --since 7d looks further back\n');
  });

  it.each(['--since soon', '--follow --json', '--since 2026-13-40'])(
    '%s is a usage error',
    async (options) => {
      expect(await cli(`events ${options}`, { daemon })).toMatchObject({ exitCode: 64 });
    },
  );
});

it.each([
  ['90s', 1_699_999_930],
  ['15m', 1_699_999_120],
  ['2h', 1_699_992_820],
  ['1d', 1_699_913_620],
  ['1w', 1_699_395_220],
  ['2023-11-14', 1_699_920_000],
  ['2023-11-14T12:00', 1_699_963_200],
  ['2023-11-14 12:00+01:00', 1_699_959_600],
  ['2h30m', undefined],
  ['', undefined],
])('--since %s', (text, seconds) => {
  expect(parseSince(text, 1_700_000_020_000)).toBe(seconds);
});

it('a name of wide characters moves no column', () => {
  const wide = { ...(events[1] as NodeEvent), session: { uuid: 'a', asn: 1, name: '東京' } };
  const { text } = renderEvents([wide], { width: 200, paint: (_, each) => each });
  expect(text).toContain(`down         AS1 東京${' '.repeat(24)}BGP went down`);
});

it('80 columns have the subject before the text, and no line is longer', () => {
  const long: NodeEvent = { ...(events[1] as NodeEvent), text: `BGP went down: ${'word '.repeat(40)}` };
  const { text } = renderEvents([long], { width: 80, paint: (_, each) => each });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain('01:00:00  down         AS4242421080 Example [2JNet: BGP went down');
});
