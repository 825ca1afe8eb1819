import type { Machine } from './figures.js';

type Wireguard = Machine['wireguard'];

/** What is measured, and what is to be reached. Rows of one group, the word before the dot, or its kin, stand in one table. */
export interface RowForm {
  readonly words: string;
  /** A count is exact; a ratio is of pairs of one run, and so hardly depends on the machine; all else is of this machine. */
  readonly kind: 'count' | 'ratio' | 'amount';
  /** With `sessions` sessions it is at most so much; undefined: nothing is said of that. */
  readonly toReach?: (sessions: number, wireguard: Wireguard) => number | undefined;
  /** For each further session it is at most so much. */
  readonly eachToReach?: number;
}

const at = (wanted: number, most: number) => (sessions: number) => (sessions === wanted ? most : undefined);

export const rows = {
  'start.cpu': { words: 'start-up, CPU s', kind: 'amount' },
  'start.ratio': { words: '  times bare Node', kind: 'ratio', toReach: () => 1.8 },
  'cold.cpu': { words: 'cold, CPU s', kind: 'amount', toReach: at(10, 0.5) },
  'cold.cpu-ratio': { words: '  times bare', kind: 'ratio', toReach: at(300, 1.6) },
  'cold.wall': { words: 'cold, wall s', kind: 'amount', toReach: at(10, 0.4) },
  'cold.wall-ratio': { words: '  times bare', kind: 'ratio', toReach: at(300, 1.2) },
  'cold.programs': {
    words: '  programs',
    kind: 'count',
    toReach: (sessions, wireguard) => (wireguard === 'kernel' ? 1 : 2) * sessions + 10,
  },
  'cold.loads': { words: '  loads of BIRD', kind: 'count', toReach: () => 1 },
  'cold.peak': { words: '  peak MB', kind: 'amount' },
  'bare.cpu': { words: 'bare, CPU s', kind: 'amount' },
  'bare.wall': { words: 'bare, wall s', kind: 'amount' },
  'new.wall': {
    words: 'new, till modify, s',
    kind: 'amount',
    toReach: (sessions) => ({ 300: 0.3, 1000: 0.5 })[sessions],
  },
  'new.wall-ratio': { words: '  times bare', kind: 'ratio' },
  'new.programs': { words: '  programs', kind: 'count', toReach: () => 6 },
  'new.checks': { words: '  checks by BIRD', kind: 'count' },
  'idle.cpu': { words: 'idle minute, CPU s', kind: 'amount', toReach: at(300, 0.25) },
  'idle.programs': { words: '  programs', kind: 'amount' },
  'pass.cpu': { words: 'idle pass, CPU ms', kind: 'amount', eachToReach: 0.3 },
  'pass.cpu-ratio': { words: '  times bare', kind: 'ratio' },
  'pass.programs': { words: '  programs', kind: 'count' },
  'pass.changes': { words: '  changes', kind: 'count', toReach: () => 0 },
  'memory.resident': { words: 'resident MB', kind: 'amount', toReach: at(300, 80) },
  'memory.peak': { words: '  peak MB', kind: 'amount', toReach: at(300, 100) },
  'queued.wall': { words: 'queued, last modify s', kind: 'amount', toReach: at(300, 60) },
  'queued.heartbeat': { words: '  heartbeat gap s', kind: 'amount', toReach: () => 33 },
  'fakes.cold': { words: 'fakes: cold, CPU ms', kind: 'amount' },
  'fakes.pass': { words: '  idle pass, CPU ms', kind: 'amount', eachToReach: 0.3 },
  'fakes.new': { words: '  new, CPU ms', kind: 'amount' },
} as const satisfies Readonly<Record<string, RowForm>>;

export type RowName = keyof typeof rows;

export function rowOf(name: RowName): RowForm {
  return rows[name];
}
