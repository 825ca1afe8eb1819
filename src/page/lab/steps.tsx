import { useEffect, useRef } from 'preact/hooks';
import type { StepShown } from '../../lab/story/messages.js';
import { Card } from '../parts/layout.js';

const signs = { waits: ['○', 'dim'], runs: ['▸', 'warn'], ok: ['✓', 'good'], failed: ['✗', 'bad'] } as const;
const words = { waits: 'to come', runs: 'now', ok: 'done', failed: 'failed' } as const;

/** What the lab does to its network, in order, and what came of each; the one that runs is in view. */
export function Steps({ steps }: { readonly steps: readonly StepShown[] }) {
  const box = useRef<HTMLElement>(null);
  const current = steps.findIndex(({ state }) => state === 'runs');
  useEffect(() => {
    const running = box.current?.querySelector<HTMLElement>('.runs');
    if (box.current && running) box.current.scrollTop = running.offsetTop - box.current.clientHeight / 2;
  }, [current]);
  const done = steps.filter(({ state }) => state === 'ok' || state === 'failed').length;
  return (
    <Card
      title="Steps"
      size="wide"
      aside={steps.length > 0 && <span class="count">{`${done} of ${steps.length}`}</span>}
    >
      {steps.length === 0 ? (
        <p class="dim">What is done to the network once it has converged.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section ref={box} class="lab-scroll" aria-label="all steps" tabIndex={0}>
          <ol class="lab-list">
            {steps.map((step) => (
              <Step key={step.done} step={step} />
            ))}
          </ol>
        </section>
      )}
    </Card>
  );
}

function Step({ step: { done, state, seconds, seen = [] } }: { readonly step: StepShown }) {
  const [sign, tone] = signs[state];
  return (
    <li class={state}>
      <span class={`sign-of ${tone}`} aria-hidden="true">
        {sign}
      </span>
      {seen.length === 0 ? (
        <StepWords done={done} state={state} seconds={seconds} />
      ) : (
        <details open={state === 'failed'}>
          <summary>
            <StepWords done={done} state={state} seconds={seconds} />
          </summary>
          <ul class="plain small">
            {seen.map((line, index) => (
              <li key={`${index} ${line}`}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function StepWords({
  done,
  state,
  seconds,
}: Pick<StepShown, 'done' | 'state'> & { seconds: number | undefined }) {
  return (
    <span>
      <span class="hidden">{words[state]}: </span>
      {done}
      {seconds !== undefined && <span class="dim"> · {`${seconds.toFixed(1)}\u00a0s`}</span>}
    </span>
  );
}
