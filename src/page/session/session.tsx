import type { ComponentChildren } from 'preact';
import type { Explained, Explanation, Fact } from '../../core/explain/explanation.js';
import {
  actorWords,
  changeWords,
  differenceWords,
  headings,
  protocolFacts,
  refusedWords,
  rttWords,
} from '../../words/explain-words.js';
import { printable } from '../../words/text.js';
import { toneOfState } from '../../words/tone.js';
import type { Live } from '../live.js';
import { useAnswer, useNow } from '../parts/hooks.js';
import { Card, Facts, Notice, ViewTitle } from '../parts/layout.js';
import { Spark } from '../parts/spark.js';
import { linkTo } from '../route.js';
import { Plots } from './plots.js';

/** BIRD and WireGuard are asked anew for each answer. */
const pauseMs = 5_000;

/** One session or mesh peer, as `moenet-agent explain` says it, with its history. */
export function Session({
  live,
  word,
  isFirst,
}: {
  readonly live: Live;
  readonly word: string;
  readonly isFirst: boolean;
}) {
  const now = useNow(live);
  const pass = live.status.lastPass?.atSeconds ?? 0;
  // Asked again when its row changes, and after each pass.
  const row = [...live.status.sessions, ...live.status.mesh].find(
    (each) => each.interface === word || ('uuid' in each && each.uuid === word),
  );
  const { value, error } = useAnswer<Explained>(
    'explain',
    { subject: word },
    { occasion: `${pass} ${JSON.stringify(row?.bgp)} ${row?.trouble?.words}`, pauseMs },
  );
  const { explanation, matches = [] } = value ?? {};
  return (
    <>
      <p class="back">
        <a href={linkTo('sessions')}>Sessions</a>
      </p>
      <ViewTitle isFirst={isFirst}>
        <bdi>{printable(explanation?.title ?? word)}</bdi>
      </ViewTitle>
      {error !== undefined && <Notice tone="bad">{printable(error)}</Notice>}
      {!value && error === undefined && <p class="dim">the node looks</p>}
      {value && !explanation && <Others word={word} matches={matches} />}
      {explanation && <Verdict explanation={explanation} />}
      {explanation && <Plots word={word} pass={pass} />}
      {explanation && <Details explanation={explanation} now={now} />}
    </>
  );
}

function Others({ word, matches }: { readonly word: string; readonly matches: Explained['matches'] }) {
  if (matches.length === 0) return <p>no session or node is called {printable(word)}</p>;
  return (
    <ul class="plain">
      {matches.map(({ name, title, state }) => (
        <li key={name}>
          <a href={linkTo('session', name)}>{printable(title)}</a> {state}
        </li>
      ))}
    </ul>
  );
}

/** How it is, and what helps. */
function Verdict({ explanation }: { readonly explanation: Explanation }) {
  const { state, summary, notes, next, advice, differences } = explanation;
  const actor = actorWords(explanation);
  const steps = next.filter((each) => each !== summary);
  return (
    <>
      <p class="verdict">
        <strong class={toneOfState(state)}>{state}</strong> {printable(summary)}
      </p>
      {actor !== undefined && (
        <p class={explanation.trouble?.kind === 'needs-you' ? 'bad' : 'warn'}>{printable(actor)}</p>
      )}
      {notes.map((note) => (
        <Notice key={note} tone="warn">
          {printable(note)}
        </Notice>
      ))}
      <div class="cards">
        {advice.length > 0 && (
          <Card title={headings.advice}>
            <ul class="plain">
              {advice.map((each) => (
                <li key={each.advice}>
                  {printable(each.symptom)}: <strong>{printable(each.advice)}</strong>
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Sentences title={headings.next} sentences={steps} />
        <Sentences title={headings.differences} sentences={differences.map(differenceWords)} />
      </div>
    </>
  );
}

/** What is, what is to be, and what was done. */
function Details({ explanation, now }: { readonly explanation: Explanation; readonly now: number }) {
  const { refusedRoutes, changes, rtt } = explanation;
  return (
    <div class="cards">
      <FactCard title={headings.observed} facts={explanation.observed}>
        {rtt && (
          <Facts
            rows={[
              [
                'RTT',
                <>
                  {rttWords(rtt) ?? 'not measured yet'}{' '}
                  <Spark values={rtt.history.slice(-30).map(({ rttMs }) => rttMs ?? null)} />{' '}
                  <span class="dim">(pings to {printable(rtt.target)})</span>
                </>,
              ],
            ]}
          />
        )}
        {explanation.protocols.map((protocol) => (
          <Facts key={protocol.name} rows={protocolFacts(protocol).map(rowOf)} />
        ))}
      </FactCard>
      <FactCard title={headings.controlPlane} facts={explanation.controlPlane} />
      <FactCard title={headings.desired} facts={explanation.desired} />
      <Sentences title={headings.refusedRoutes} sentences={refusedRoutes.map(refusedWords)} />
      {changes.length > 0 && (
        <Card title={headings.changes}>
          <ul class="plain">
            {changes.map((change) => (
              <li key={`${change.atSeconds} ${change.change}`}>
                {printable(changeWords(change, now))}:{' '}
                {change.failed === undefined ? (
                  'done'
                ) : (
                  <span class="bad">failed: {printable(change.failed)}</span>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

function Sentences({ title, sentences }: { readonly title: string; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <Card title={title}>
      <ul class="plain">
        {sentences.map((each) => (
          <li key={each}>{printable(each)}</li>
        ))}
      </ul>
    </Card>
  );
}

function FactCard({
  title,
  facts,
  children,
}: {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly children?: ComponentChildren;
}) {
  if (facts.length === 0) return null;
  return (
    <Card title={title}>
      <Facts rows={facts.map(rowOf)} />
      {children}
    </Card>
  );
}

function rowOf({ what, value, why }: Fact) {
  const words = (
    <>
      <bdi>{printable(value)}</bdi>
      {why !== undefined && <span class="dim"> ({printable(why)})</span>}
    </>
  );
  return [what, words] as const;
}
