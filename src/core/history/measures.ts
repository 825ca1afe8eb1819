/**
 * What the history keeps of each session and mesh peer, in the order of a point: round-trip time (ms), lost pings (percent), traffic
 * (bytes per second), routes, and the part of the time in which BGP was Established (0 to 1).
 */
export const measures = ['rtt', 'loss', 'received', 'sent', 'imported', 'refused', 'exported', 'up'] as const;

export type Measure = (typeof measures)[number];

/** The values of one step, in the order of `measures`; NaN where a value is not known. */
export type Point = ArrayLike<number>;

/** The steps of the two rings, in seconds. */
export type Step = 60 | 900;
export const minute: Step = 60;
export const quarter: Step = 900;

/** How many steps each ring holds at least: a day of minutes, 30 days of quarters of an hour. */
export const ringSteps: Readonly<Record<Step, number>> = { 60: 1440, 900: 2880 };
