import type { NodeStatus } from '../../shell/status/status.js';
import { type Context, exitCodes } from '../commands.js';
import { noDaemon } from '../no-daemon.js';
import { makePaint } from '../terminal/paint.js';
import { toJson } from '../terminal/text.js';
import { watch } from '../terminal/watch.js';
import { renderStatus } from './view.js';

const refreshMs = 2000;

/** `moenet-agent status`: 0 healthy, 3 degraded, 1 no daemon. */
export async function statusCommand(context: Context, options: { readonly watch: boolean }): Promise<number> {
  const { io, commands } = context;
  const place = await context.place();
  const ask = () => commands.ask(place, 'status', {});
  if (!options.watch) return show(context, await ask());

  let last: NodeStatus | undefined;
  await watch(
    io,
    async () => {
      last = await ask();
      return last ? view(context, last) : `${noDaemon}; waiting for one\n`;
    },
    refreshMs,
  );
  return exitCodeOf(last);
}

function show(context: Context, status: NodeStatus | undefined): number {
  const { stdout, stderr } = context.io;
  if (!status) {
    stderr.write(`moenet-agent: ${noDaemon}\n`);
    if (context.json) stdout.write(toJson({ error: noDaemon }));
  } else {
    stdout.write(context.json ? toJson(status) : view(context, status));
  }
  return exitCodeOf(status);
}

function exitCodeOf(status: NodeStatus | undefined): number {
  if (!status) return 1;
  return status.health === 'ok' ? 0 : exitCodes.degraded;
}

function view({ io }: Context, status: NodeStatus): string {
  const width = io.stdout.isTTY ? (io.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  return renderStatus(status, {
    width,
    paint: makePaint(io.stdout, io.env),
    nowSeconds: io.now() / 1000,
  });
}
