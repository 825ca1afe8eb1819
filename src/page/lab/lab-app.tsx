import { useEffect, useState } from 'preact/hooks';
import { verdictOf } from '../../lab/story/states.js';
import { emptyStory, type Story } from '../../lab/story/story.js';
import { Card, Notice } from '../parts/layout.js';
import { Checks } from './checks.js';
import { followStory } from './follow-story.js';
import { Legend } from './legend.js';
import { Lines } from './lines.js';
import { Picture } from './picture.js';
import { SessionTable } from './session-table.js';
import { Steps } from './steps.js';

/** The lab: its network as a picture, what is done to it, and what holds. */
export function LabApp() {
  const [story, setStory] = useState<Story>(emptyStory);
  const [isThere, setIsThere] = useState(true);
  useEffect(
    () =>
      followStory((next) => {
        setIsThere(next !== undefined);
        if (next) setStory(next);
      }),
    [],
  );
  const { tone, words } = verdictOf(story);
  const name = story.simulation ? 'moenet-agent lab: simulation' : 'moenet-agent lab';
  useEffect(() => {
    document.title = `${words} - ${name}`;
  }, [words, name]);
  return (
    <>
      <header>
        <div class="bar-line lab-bar">
          <a class="brand" href="./">
            {name}
          </a>
          <Connection story={story} isThere={isThere} />
        </div>
      </header>
      <main id="main">
        <div role="status">
          <h1 class={`lab-verdict ${tone}`}>
            <span aria-hidden="true">{signs[tone]}</span> {words}
          </h1>
        </div>
        <p class="verdict lab-waiting">{waitingWords(story)}</p>
        <Simulated story={story} />
        <Gone story={story} isThere={isThere} />
        <div class="cards">
          <div class="picture">
            <Card title="The network" size="wide" aside={<Counts story={story} />}>
              <Picture story={story} />
              <Legend />
            </Card>
          </div>
          <div class="beside">
            <Steps steps={story.steps} />
            <Checks story={story} />
          </div>
          <Lines story={story} />
          <SessionTable story={story} />
        </div>
      </main>
    </>
  );
}

const signs = { good: '✓', warn: '◌', bad: '✗' } as const;

function waitingWords({ waiting, ended, result, look, simulation }: Story): string {
  const [first, ...more] = waiting;
  if (first !== undefined)
    return `waiting for ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
  if (ended !== undefined) return 'the lab has ended';
  if (result) return 'the lab stays up until Ctrl-C in its terminal';
  if (look) return '';
  return simulation
    ? 'real agents on simulated machines'
    : 'a small network on this machine: real BIRD, real WireGuard';
}

function Counts({ story: { scenario } }: { readonly story: Story }) {
  if (!scenario) return null;
  const { nodes, peers } = scenario;
  return (
    <span class="count">
      {nodes.length} nodes · {peers.length} peers
    </span>
  );
}

function Connection({ story, isThere }: { readonly story: Story; readonly isThere: boolean }) {
  const [kind, sign, words] =
    story.ended !== undefined
      ? ['', '■', 'ended']
      : isThere
        ? ['live', '●', 'live']
        : ['lost', '○', 'no connection'];
  return (
    <span class={`connection ${kind}`}>
      <span aria-hidden="true">{sign}</span> {words}
    </span>
  );
}

/** Nobody may take it for the real thing. */
function Simulated({ story: { simulation } }: { readonly story: Story }) {
  if (!simulation) return null;
  return (
    <Notice tone="warn">
      <strong>This is a simulation</strong> ({simulation.why}). The agents, the control plane and the pages of
      the nodes are real; the machines, BIRD, WireGuard and the peers are not. It does not prove{' '}
      {simulation.notProved}.
    </Notice>
  );
}

/** A page stays open when its lab is gone. */
function Gone({ story, isThere }: { readonly story: Story; readonly isThere: boolean }) {
  if (story.ended !== undefined)
    return (
      <Notice tone="warn">
        The lab has ended: {story.ended}. What you see is how it was last; the pages of its nodes are gone.
        Start it again with <code>npm run lab</code>.
      </Notice>
    );
  if (isThere) return null;
  return (
    <Notice tone="bad">
      The lab does not answer. Most likely it has ended; start it again with <code>npm run lab</code>, and
      open the address that it prints.
    </Notice>
  );
}
