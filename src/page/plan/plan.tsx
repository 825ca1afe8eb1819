import { useState } from 'preact/hooks';
import type { PlanDocument } from '../../shell/operations/plan-document.js';
import { bySubject, planSummary } from '../../words/plan-words.js';
import { printable } from '../../words/text.js';
import type { Live } from '../live.js';
import { useAnswer } from '../parts/hooks.js';
import { Card, Notice, TextBox, ViewTitle } from '../parts/layout.js';
import { linesOf } from './diff.js';

const pauseMs = 10_000;

/** What the next pass would do, as `moenet-agent plan --diff` says it. Looked at again after each pass. */
export function Plan({ live, isFirst }: { readonly live: Live; readonly isFirst: boolean }) {
  const [asked, setAsked] = useState(0);
  const occasion = `${live.status.lastPass?.atSeconds} ${asked}`;
  const { value, error, isAsked } = useAnswer<PlanDocument>(
    'plan',
    {},
    { occasion, pauseMs: asked ? 0 : pauseMs },
  );
  return (
    <>
      <ViewTitle isFirst={isFirst}>Plan</ViewTitle>
      <div class="tools">
        <p class="verdict" role="status">
          {value ? planSummary(value) : isAsked ? 'the node compares what is with what is wanted' : ''}
        </p>
        <button type="button" onClick={() => setAsked(asked + 1)} disabled={isAsked}>
          look again
        </button>
      </div>
      <p class="dim small">
        What the next pass would do, by the control plane's last answers. This page changes nothing.
      </p>
      {error !== undefined && <Notice tone="bad">{printable(error)}</Notice>}
      {value && <Document plan={value} />}
    </>
  );
}

function Document({ plan }: { readonly plan: PlanDocument }) {
  const { changes, reports, problems, notes = [] } = plan;
  return (
    <>
      {problems.map((problem) => (
        <Notice key={problem} tone="bad">
          {printable(problem)}
        </Notice>
      ))}
      {notes.map((note) => (
        <Notice key={note} tone="dim">
          {printable(note)}
        </Notice>
      ))}
      <div class="cards">
        {bySubject(changes).map(([subject, items]) => (
          <Card key={subject} title={printable(subject)} size="wide">
            <ol class="plain">
              {items.map(({ summary, why, diff }, index) => (
                <li key={`${index} ${summary}`}>
                  {printable(summary)} {why && <span class="dim">because {printable(why)}</span>}
                  {diff !== undefined && <Diff text={diff} />}
                </li>
              ))}
            </ol>
          </Card>
        ))}
        {reports.length > 0 && (
          <Card title="to the control plane" size="wide">
            <ul class="plain">
              {reports.map(({ subject, summary }) => (
                <li key={subject}>
                  {printable(subject)}: {printable(summary)}
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </>
  );
}

function Diff({ text }: { readonly text: string }) {
  return (
    <TextBox label="the file before and after">
      {linesOf(text).map(({ kind, text: line }, index) => (
        <span key={index} class={kind}>
          {line}
        </span>
      ))}
    </TextBox>
  );
}
