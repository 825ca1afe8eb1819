import { describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../src/core/model/events/event.js';
import { byDay, filterEvents } from '../../../src/page/events/days.js';
import { linesOf } from '../../../src/page/plan/diff.js';
import { linkTo, parseRoute } from '../../../src/page/route.js';
import { lonePoints, plotsOf, rangeOf, timesOf } from '../../../src/page/session/history.js';
import { plotWords } from '../../../src/page/session/values.js';
import type { HistoryAnswer } from '../../../src/shell/history/answer.js';

describe('the address', () => {
  it.each([
    ['', 'overview', []],
    ['#/', 'overview', []],
    ['#/nothing', 'overview', []],
    ['#/sessions/needs-you', 'sessions', ['needs-you']],
    ['#/session/a%2Fb', 'session', ['a/b']],
    ['#/session/%E0%A4%A', 'session', ['%E0%A4%A']],
  ])('%s shows %s', (hash, view, words) => {
    expect(parseRoute(hash)).toEqual({ view, words });
  });

  it('is read back as it was made, whatever a session is called', () => {
    for (const word of ['a1', 'a/b', 'javascript:alert(1)', 'ä #?&%', '../..'])
      expect(parseRoute(linkTo('session', word)).words).toEqual([word]);
  });
});

describe('the history', () => {
  const nothing = [null, null, null];
  const history: HistoryAnswer = {
    step: 60,
    from: 1000,
    series: {
      rtt: [10, null, 30],
      loss: nothing,
      received: [0, 1500, 3000],
      sent: [10, 10, 10],
      imported: nothing,
      refused: nothing,
      exported: nothing,
      up: [1, 0.5, 1],
    },
  };

  it('has a time for each point', () => {
    expect(timesOf(history)).toEqual([1000, 1060, 1120]);
  });

  it('leaves out what is not known at all', () => {
    expect(plotsOf(history).map(({ title }) => title)).toEqual(['Round-trip time', 'Traffic', 'BGP up']);
  });

  it('is also told in words', () => {
    expect(plotsOf(history).map(plotWords)).toEqual([
      '10 ms to 30 ms, last 30 ms',
      'received 0 B/s to 3.0 kB/s, last 3.0 kB/s; sent always 10 B/s',
      '50 % to 100 %, last 100 %',
    ]);
  });

  it.each([
    [[null, 1, null], [1]],
    [
      [1, null, 2, 3, null, 4],
      [0, 5],
    ],
    [[1, 2], []],
    [[1], [0]],
    [[], []],
  ])('finds in %j what no line can show: at %j', (values, places) => {
    expect(lonePoints(values)).toEqual(places);
  });

  it('has a range only of what is known', () => {
    expect(rangeOf([null, 3, 1, null])).toEqual({ least: 1, largest: 3, last: 1 });
    expect(rangeOf(nothing)).toBeUndefined();
  });
});

describe('events', () => {
  const event = (atMs: number, text: string): NodeEvent => ({ atMs, text, kind: 'note', level: 'info' });
  const events = [event(Date.UTC(2026, 10, 25, 23), 'one two'), event(Date.UTC(2026, 10, 26, 1), 'two')];

  it('come the newest first, by day', () => {
    const days = byDay(filterEvents(events, ''));
    expect(days.map(([day, list]) => [day, list.map(({ text }) => text)])).toEqual([
      ['2026-11-26', ['two']],
      ['2026-11-25', ['one two']],
    ]);
  });

  it('are found by all words, of the subject, too', () => {
    expect(filterEvents(events, 'TWO one')).toHaveLength(1);
    const ofSession = { ...event(1, 'x'), session: { uuid: 'a1', asn: 4242421080, name: 'Example' } };
    expect(filterEvents([ofSession], '4242421080 example')).toHaveLength(1);
  });
});

it('a diff keeps signs and indents, and no control characters', () => {
  expect(linesOf('@@ -1 +1 @@\n-  a\u001b[2J\n+  b\n   c')).toEqual([
    { kind: 'place', text: '@@ -1 +1 @@' },
    { kind: 'removed', text: '-  a [2J' },
    { kind: 'added', text: '+  b' },
    { kind: 'same', text: '   c' },
  ]);
});
