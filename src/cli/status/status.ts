import type { NodeStatus } from '../../shell/status/status.js';
import { printable } from '../../words/text.js';
import { type Context, exitCodes } from '../commands.js';
import { noDaemon } from '../no-daemon.js';
import { screenOf } from '../terminal/screen.js';
import { fail, toJson } from '../terminal/text.js';
import { watch } from '../terminal/watch.js';
import { type Selection, selectRows } from './select.js';
import { renderStatus, type Scope } from './view.js';

const refreshMs = 2000;

interface StatusOptions extends Selection {
  readonly watch: boolean;
}

/** `moenet-agent status`: 0 healthy, 3 degraded, 1 no daemon or no such session. */
export async function statusCommand(context: Context, options: StatusOptions): Promise<number> {
  const { io, commands } = context;
  const place = await context.place();
  const ask = () => commands.ask(place, 'status', {});
  if (!options.watch) return show(context, await ask(), options);

  let last: NodeStatus | undefined;
  await watch(
    io,
    async () => {
      const answer = await ask();
      last = answer && selectRows(answer, forView(options));
      if (!answer) return `${noDaemon}; waiting for one\n`;
      return last ? view(context, last, options) : `${noSession(options)}\n`;
    },
    refreshMs,
  );
  return exitCodeOf(last);
}

async function show(
  context: Context,
  answer: NodeStatus | undefined,
  options: StatusOptions,
): Promise<number> {
  const status = answer && selectRows(answer, context.json ? options : forView(options));
  if (!status) return fail(context, answer ? noSession(options) : noDaemon);
  context.io.stdout.write(context.json ? toJson(status) : view(context, status, options));
  return exitCodeOf(status);
}

/** The screen counts all sessions of the node, also where it shows only those with trouble. */
function forView({ session, problems }: Selection): Selection {
  return { session, problems: problems && session !== undefined };
}

function noSession({ session = '' }: Selection): string {
  return `no session is called ${printable(session)}; moenet-agent status lists them`;
}

function exitCodeOf(status: NodeStatus | undefined): number {
  if (!status) return 1;
  return status.health === 'ok' ? 0 : exitCodes.degraded;
}

function view({ io }: Context, status: NodeStatus, { session, problems }: Selection): string {
  const scope: Scope = session !== undefined ? 'session' : problems ? 'problems' : 'all';
  return renderStatus(status, { ...screenOf(io), nowSeconds: io.now() / 1000 }, scope);
}
