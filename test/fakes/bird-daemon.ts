import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A protocol of the fake; `state` is `down` while it is switched off. */
interface FakeProtocol {
  readonly proto: 'BGP' | 'Static' | 'Device';
  state: 'up' | 'start' | 'down';
  info: string;
}

export interface BirdDaemon {
  readonly socketPath: string;
  /** What clients have asked, in order. */
  readonly commands: readonly string[];
  readonly connections: () => number;
  readonly protocols: Map<string, FakeProtocol>;
  close(): Promise<void>;
}

export interface BirdDaemonOptions {
  readonly version?: string;
  /** Sends every reply in pieces of so many bytes. */
  readonly pieceBytes?: number;
  /** An asynchronous line before each line. */
  readonly noise?: string;
  /** So long it takes before it greets, as while it loads a large table. */
  readonly greetsAfterMs?: number;
  /** Never answers these: `greeting` or a command. */
  readonly silentOn?: string;
  /** Sends half of the reply to this command and closes. */
  readonly hangUpOn?: string;
  /** Other replies than the fake's own, by command (or `greeting`): a text, or one per time it is asked, of which the last stays. */
  readonly replies?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * A BIRD on a real unix socket: it speaks the control socket's language as 2.0.12 does, knows its protocols, and
 * refuses what it does not know with BIRD's own 9001.
 */
export async function startBirdDaemon(
  socketPath: string,
  options: BirdDaemonOptions = {},
): Promise<BirdDaemon> {
  const protocols = new Map<string, FakeProtocol>([['device1', { proto: 'Device', state: 'up', info: '' }]]);
  const commands: string[] = [];
  const clients = new Set<Socket>();
  const asked = new Map<string, number>();
  let undoAtMs: number | undefined;
  const answer = (command: string): string => {
    const scripted = options.replies?.[command];
    if (scripted === undefined && command === 'configure status') return trialStatus(undoAtMs);
    const timeout = /^configure "[^"]+" timeout (\d+)$/.exec(command)?.[1];
    if (timeout !== undefined) undoAtMs = performance.now() + Number(timeout) * 1000;
    if (['configure', 'configure undo', 'configure confirm'].includes(command)) undoAtMs = undefined;
    if (scripted === undefined) return reply(command, protocols, options.version ?? '2.0.12');
    if (typeof scripted === 'string') return scripted;
    const time = asked.get(command) ?? 0;
    asked.set(command, time + 1);
    return scripted[Math.min(time, scripted.length - 1)] ?? '';
  };
  const serve = async (client: Socket, command: string, text: string) => {
    if (options.silentOn === command) return;
    if (options.hangUpOn !== command) return send(client, withNoise(text, options.noise), options.pieceBytes);
    client.end(text.slice(0, text.length / 2));
  };
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    let served = sleep(options.greetsAfterMs ?? 0).then(() => serve(client, 'greeting', answer('greeting')));
    let rest = '';
    client.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const command of lines) {
        commands.push(command);
        served = served.then(() => serve(client, command, answer(command)));
      }
    });
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    commands,
    connections: () => clients.size,
    protocols,
    close: async () => {
      server.close();
      for (const client of clients) client.destroy();
      await once(server, 'close');
    },
  };
}

function reply(command: string, protocols: Map<string, FakeProtocol>, version: string): string {
  const [, verb = command, name = ''] = /^(\w+(?: check)?) "([^"]+)"$/.exec(command) ?? [];
  if (command === 'greeting') return `0001 BIRD ${version} ready.\n`;
  if (command === 'show status') return status(version, 'Daemon is up and running');
  if (command === 'show protocols all') return list(protocols);
  if (verb === 'enable' || verb === 'disable') return switchProtocol(protocols.get(name), name, verb);
  if (verb === 'configure check')
    return existsSync(name) ? '0020 Configuration OK\n' : `8002 ${name}: No such file or directory\n`;
  if (command === 'configure check') return '0020 Configuration OK\n';
  if (command === 'configure' || command === 'configure undo') return '0003 Reconfigured\n';
  if (command === 'configure confirm') return '0018 Reconfiguration confirmed\n';
  const [, trial] = /^configure "([^"]+)" timeout \d+$/.exec(command) ?? [];
  if (trial !== undefined)
    return existsSync(trial)
      ? '0022-Undo scheduled\n0003 Reconfigured\n'
      : `8002 ${trial}: No such file or directory\n`;
  return '9001 syntax error, unexpected CF_SYM_UNDEFINED\n';
}

export function status(version: string, state: string): string {
  return `1000-BIRD ${version}\n1011-Router ID is 192.0.2.1\n Hostname is fake\n0013 ${state}\n`;
}

function trialStatus(undoAtMs: number | undefined): string {
  const seconds = ((undoAtMs ?? 0) - performance.now()) / 1000;
  const trial =
    undoAtMs === undefined ? '' : `0022-Configuration unconfirmed, undo in ${seconds.toFixed(3)} s\n`;
  return `0003-Daemon is up and running\n${trial}0000 \n`;
}

function list(protocols: Map<string, FakeProtocol>): string {
  const rows = [...protocols].map(
    ([name, { proto, state, info }]) =>
      `1002-${name.padEnd(10)} ${proto.padEnd(10)} ---        ${state.padEnd(6)} 2026-11-23 20:24:06.609  ${info}\n1006-\n`,
  );
  return `2002-Name       Proto      Table      State  Since         Info\n${rows.join('')}0000 \n`;
}

function switchProtocol(
  protocol: FakeProtocol | undefined,
  name: string,
  verb: 'enable' | 'disable',
): string {
  if (!protocol) return '8003 No protocols match\n';
  const off = protocol.state === 'down';
  if (verb === 'enable') {
    if (off) protocol.state = 'start';
    return off ? `0011-${name}: enabled\n0000 \n` : `0010-${name}: already enabled\n0000 \n`;
  }
  protocol.state = 'down';
  return off ? `0008-${name}: already disabled\n0000 \n` : `0009-${name}: disabled\n0000 \n`;
}

function withNoise(text: string, noise: string | undefined): string {
  return noise === undefined
    ? text
    : text.replace(/^/gm, (_, at: number) => (at < text.length ? `${noise}\n` : ''));
}

async function send(client: Socket, text: string, pieceBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(text);
  const size = pieceBytes ?? bytes.length;
  for (let at = 0; at < bytes.length && !client.destroyed; at += size) {
    client.write(bytes.subarray(at, at + size));
    // A turn of the event loop, in which the client reads the piece by itself.
    if (size < bytes.length) await new Promise(setImmediate);
  }
}
