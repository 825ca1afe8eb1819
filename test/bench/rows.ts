import type { Machine } from './figures.js';

type Wireguard = Machine['wireguard'];

/** What is measured, and how it is shown. */
interface RowForm {
  readonly words: string;
  /** A count is exact; a ratio is of pairs of one run, and so hardly depends on the machine; all else is of this machine. */
  readonly kind: 'count' | 'ratio' | 'amount';
  readonly digits: number;
  /** With `sessions` sessions it is at most so much; undefined: nothing is said of that. */
  readonly toReach?: (sessions: number, wireguard: Wireguard) => number | undefined;
  /** For each further session it is at most so much. */
  readonly eachToReach?: number;
}

const at = (wanted: number, most: number) => (sessions: number) => (sessions === wanted ? most : undefined);

export const rows = {
  'start.cpu': { words: 'start-up, CPU s', kind: 'amount', digits: 3 },
  'start.ratio': { words: '  times bare Node', kind: 'ratio', digits: 2, toReach: () => 1.8 },
  'cold.cpu': { words: 'cold, CPU s', kind: 'amount', digits: 2, toReach: at(10, 0.5) },
  'cold.cpu-ratio': { words: '  times bare', kind: 'ratio', digits: 2, toReach: at(300, 1.6) },
  'cold.wall': { words: 'cold, wall s', kind: 'amount', digits: 2, toReach: at(10, 0.4) },
  'cold.wall-ratio': { words: '  times bare', kind: 'ratio', digits: 2, toReach: at(300, 1.2) },
  'cold.programs': {
    words: '  programs',
    kind: 'count',
    digits: 0,
    toReach: (sessions, wireguard) => (wireguard === 'kernel' ? 1 : 2) * sessions + 10,
  },
  'cold.loads': { words: '  loads of BIRD', kind: 'count', digits: 0, toReach: () => 1 },
  'cold.peak': { words: '  peak MB', kind: 'amount', digits: 0 },
  'bare.cpu': { words: 'bare, CPU s', kind: 'amount', digits: 2 },
  'bare.wall': { words: 'bare, wall s', kind: 'amount', digits: 2 },
  'new.wall': {
    words: 'new, till modify, s',
    kind: 'amount',
    digits: 2,
    toReach: (sessions) => ({ 300: 0.3, 1000: 0.5 })[sessions],
  },
  'new.programs': { words: '  programs', kind: 'count', digits: 0, toReach: () => 6 },
  'new.checks': { words: '  checks by BIRD', kind: 'count', digits: 0 },
  'idle.cpu': { words: 'idle minute, CPU s', kind: 'amount', digits: 2, toReach: at(300, 0.25) },
  'idle.programs': { words: '  programs', kind: 'amount', digits: 0 },
  'pass.cpu': { words: 'idle pass, CPU ms', kind: 'amount', digits: 1, eachToReach: 0.3 },
  'pass.programs': { words: '  programs', kind: 'count', digits: 0 },
  'pass.changes': { words: '  changes', kind: 'count', digits: 0, toReach: () => 0 },
  'memory.resident': { words: 'resident MB', kind: 'amount', digits: 0, toReach: at(300, 80) },
  'memory.peak': { words: '  peak MB', kind: 'amount', digits: 0, toReach: at(300, 100) },
  'queued.wall': { words: 'queued, last modify s', kind: 'amount', digits: 1, toReach: at(300, 60) },
  'queued.heartbeat': { words: '  heartbeat gap s', kind: 'amount', digits: 1, toReach: () => 33 },
  'fakes.cold': { words: 'fakes: cold, CPU ms', kind: 'amount', digits: 0 },
  'fakes.pass': { words: '  idle pass, CPU ms', kind: 'amount', digits: 1, eachToReach: 0.3 },
  'fakes.new': { words: '  new, CPU ms', kind: 'amount', digits: 1 },
} as const satisfies Readonly<Record<string, RowForm>>;

export type RowName = keyof typeof rows;

export function rowOf(name: RowName): RowForm {
  return rows[name];
}
