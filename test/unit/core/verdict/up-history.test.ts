import { expect, it } from 'vitest';
import { flapsOf, historyOf, lookAgain, type SeenBgp } from '../../../../src/core/verdict/up-history.js';

const subject = { session: { uuid: 'abc-123' } };
const at = '2026-11-26 08:00:00.123';
const seen = (part: Partial<SeenBgp> = {}): SeenBgp => ({
  subject,
  isUp: true,
  since: at,
  why: 'Idle',
  ...part,
});

/** The texts of what a list of looks, a second apart, tells. */
function tell(...looks: (readonly SeenBgp[])[]): string[] {
  let history = historyOf([]);
  return looks.flatMap((look, second) => {
    const after = lookAgain(history, look, second * 1000);
    history = after.history;
    return after.events.map(({ kind, text }) => `${kind}: ${text}`);
  });
}

it('one that is down at the first look is not news', () => {
  expect(tell([seen({ isUp: false })], [seen({ isUp: false })])).toEqual([]);
});

it('one that went down and came back between two looks is told of by BIRD’s time', () => {
  const later = seen({ since: '2026-11-26 08:00:09.000' });
  expect(tell([seen()], [later], [later])).toEqual([
    'up: BGP is Established',
    'down: BGP went down for a moment between two looks of the agent; BIRD says that it is Established again since 2026-11-26 08:00:09.000',
  ]);
});

it('a time that BIRD counts back from now differs by a little, and is no news; nor is a clock that was set back', () => {
  const at = (since: string) => [seen({ since })];
  expect(
    tell(at('2026-11-26 08:00:00.872'), at('2026-11-26 08:00:00.871'), at('2026-11-26 08:00:00.873')),
  ).toHaveLength(1);
  expect(tell(at('2026-11-26 07:59:59'), at('2026-11-26 08:00:00'))).toHaveLength(1);
  expect(tell(at('2026-11-26 08:00:00'), at('2026-11-26 07:00:00'))).toHaveLength(1);
});

it('a time that BIRD writes in another form is no news', () => {
  expect(tell([seen({ since: '08:00:00.123' })], [seen({ since: '2026-11-26' })])).toHaveLength(1);
  expect(tell([seen()], [seen({ since: '08:00:00.123' })])).toHaveLength(1);
});

it('one that is no longer configured is not told of, and not forgotten', () => {
  const { history } = lookAgain(lookAgain(historyOf([]), [seen()], 0).history, [seen({ isUp: false })], 1000);
  const gone = lookAgain(history, [], 2000);
  expect(gone.events).toEqual([]);
  expect(flapsOf(gone.history, subject, 3000)).toBe(1);
  expect(lookAgain(gone.history, [], 90_000_000).history.size).toBe(0);
});

it('counts what went down within a day: after exactly a day no more', () => {
  const down = (hour: number) => ({
    ...subject,
    atMs: hour * 3_600_000,
    kind: 'down' as const,
    level: 'warn' as const,
    text: '',
  });
  const history = historyOf([down(1), down(20), down(24)]);
  expect([20, 25, 45, 48].map((hour) => flapsOf(history, subject, hour * 3_600_000))).toEqual([3, 2, 1, 0]);
});
