import { useMemo, useState } from 'preact/hooks';
import type { HistoryAnswer } from '../../shell/history/answer.js';
import { counted } from '../../words/text.js';
import { useAnswer } from '../parts/hooks.js';
import { Card, Choice, Notice } from '../parts/layout.js';
import { Chart } from './chart.js';
import { plotsOf, timesOf } from './history.js';

const spans = [
  ['1', '1 h'],
  ['6', '6 h'],
  ['24', '24 h'],
  ['168', '7 d'],
  ['720', '30 d'],
] as const;

const pauseMs = 30_000;

/** The history of one session; asked again with each pass, which is when the daemon has a new point. */
export function Plots({ word, pass }: { readonly word: string; readonly pass: number }) {
  const [hours, setHours] = useState<(typeof spans)[number][0]>('24');
  const { value, error, isAsked } = useAnswer<HistoryAnswer>(
    'history',
    { session: word, hours },
    { occasion: pass, pauseMs },
  );
  const [times, plots] = useMemo(() => (value ? [timesOf(value), plotsOf(value)] : [[], []]), [value]);
  return (
    <Card
      title="History"
      size="wide"
      aside={<Choice label="Time" options={spans} value={hours} onChoose={setHours} />}
    >
      {error !== undefined && <Notice tone="dim">{error}</Notice>}
      {value && (
        <p class="dim small">
          {value.flaps !== undefined && `BGP went down ${counted(value.flaps, 'time')}; `}all times are UTC
        </p>
      )}
      <div class="charts">
        {plots.map((plot) => (
          <Chart key={plot.title} plot={plot} times={times} />
        ))}
      </div>
      {value && plots.length === 0 && <p>nothing is known of this time yet</p>}
      {!value && isAsked && <p class="dim">the node reads its history</p>}
    </Card>
  );
}
