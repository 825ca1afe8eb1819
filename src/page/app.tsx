import { useEffect, useState } from 'preact/hooks';
import { printable } from '../words/text.js';
import { type Access, askAccess, send } from './api.js';
import { Events } from './events/events.js';
import { type Connection, follow, type Live } from './live.js';
import { Login } from './login.js';
import { LookUps } from './look-ups/look-ups.js';
import { Overview } from './overview/overview.js';
import { HealthMark } from './parts/marks.js';
import { Plan } from './plan/plan.js';
import { linkTo, parseRoute, type Route, views } from './route.js';
import { Session } from './session/session.js';
import { Sessions } from './sessions/sessions.js';

/** The page: a sign-in where the node wants one, then the node. */
export function App() {
  const [access, setAccess] = useState<Access>();
  const check = () => {
    // Without an answer the live status tries again, and asks here again.
    askAccess().then(setAccess, () => undefined);
  };
  useEffect(check, []);
  if (!access) return null;
  return access.signedIn ? <Node access={access} onRefused={check} /> : <Login onDone={check} />;
}

function Node({ access, onRefused }: { readonly access: Access; readonly onRefused: () => void }) {
  const [live, setLive] = useState<Live>();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [route, isFirst] = useRoute();
  useEffect(() => follow({ onLive: setLive, onConnection: setConnection, onRefused }), []);
  const node = live && printable(live.status.agent.node);
  useEffect(() => {
    document.title = live
      ? `${live.status.health === 'ok' ? '' : '! '}${titles[route.view]} - ${node}`
      : 'moenet-agent';
  }, [node, live?.status.health, route.view]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header>
        <div class="bar-line">
          {isInLab && <a href="../../">the lab</a>}
          <a class="brand" href={linkTo('overview')}>
            <bdi>{node ?? 'moenet-agent'}</bdi>
          </a>
          {live && <HealthMark health={live.status.health} />}
          <Link connection={connection} />
          {access.canSignOut && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                send('logout', {}).then(onRefused, onRefused);
              }}
            >
              sign out
            </button>
          )}
        </div>
        <nav aria-label="Views">
          <ul>
            {views.map((view) => (
              <li key={view}>
                <a href={linkTo(view)} aria-current={isIn(route, view) ? 'page' : undefined}>
                  {titles[view]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {live ? (
          <View key={route.view} route={route} live={live} isFirst={isFirst} />
        ) : (
          <p class="dim">waiting for the node</p>
        )}
      </main>
    </>
  );
}

/** The lab serves the pages of its nodes below its own. */
const isInLab = /\/nodes\/[^/]+\/$/.test(location.pathname);

const titles: Readonly<Record<Route['view'], string>> = {
  overview: 'Overview',
  sessions: 'Sessions',
  session: 'Session',
  events: 'Events',
  plan: 'Plan',
  'look-ups': 'Look-ups',
};

function isIn(route: Route, view: Route['view']): boolean {
  return route.view === view || (route.view === 'session' && view === 'sessions');
}

function View({
  route,
  live,
  isFirst,
}: {
  readonly route: Route;
  readonly live: Live;
  readonly isFirst: boolean;
}) {
  const [word] = route.words;
  if (route.view === 'sessions') return <Sessions live={live} shown={word} isFirst={isFirst} />;
  if (route.view === 'session') return <Session key={word} live={live} word={word ?? ''} isFirst={isFirst} />;
  if (route.view === 'events') return <Events live={live} isFirst={isFirst} />;
  if (route.view === 'plan') return <Plan live={live} isFirst={isFirst} />;
  if (route.view === 'look-ups') return <LookUps isFirst={isFirst} />;
  return <Overview live={live} isFirst={isFirst} />;
}

/** The address's route, and whether it is that with which the page was opened. */
function useRoute(): readonly [Route, boolean] {
  const [state, setState] = useState({ route: parseRoute(location.hash), isFirst: true });
  useEffect(() => {
    const listener = () => {
      setState({ route: parseRoute(location.hash), isFirst: false });
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', listener);
    return () => window.removeEventListener('hashchange', listener);
  }, []);
  return [state.route, state.isFirst];
}

const connections = {
  connecting: ['◌', 'connecting'],
  live: ['●', 'live'],
  lost: ['○', 'no connection; trying again'],
} as const;

function Link({ connection }: { readonly connection: Connection }) {
  const [sign, words] = connections[connection];
  return (
    <span class={`connection ${connection}`} role="status">
      <span aria-hidden="true">{sign}</span> {words}
    </span>
  );
}
