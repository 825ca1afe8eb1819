import { createConnection, type Socket } from 'node:net';
import { wordsOf } from '../../../core/model/words-of.js';
import { openMailbox } from './mailbox.js';
import { type Reply, replyReader } from './reply.js';
import { BirdSocketError, explainConnectError } from './socket-error.js';

export interface BirdSocketOptions {
  readonly controlSocket: string;
  /** Where the socket is at the moment, if it may be elsewhere. */
  readonly findSocket?: (() => Promise<string>) | undefined;
  /** From connect(2) to the greeting. */
  readonly connectTimeoutMs: number;
  /** From a command to the end of its reply. */
  readonly replyTimeoutMs: number;
}

/** One client of the control socket. Commands run one after another; after an error it cannot be used any more. */
export interface BirdConnection {
  /** Sends one command and returns its reply, whatever its code. Throws `BirdSocketError`, or the signal's reason. */
  ask(command: string, signal?: AbortSignal): Promise<Reply>;
  close(): void;
}

/** The longest command that every BIRD from 2.0.12 to 3.4.0 accepts, without the line end. */
const maxCommandBytes = 1022;

const greetingCode = '0001';

/**
 * Connects to a running BIRD and takes its greeting, `0001 BIRD 2.0.12 ready.`
 * Throws `BirdSocketError` where there is none within `connectTimeoutMs`, or the signal's reason.
 */
export async function connectBird(options: BirdSocketOptions, signal?: AbortSignal): Promise<BirdConnection> {
  const controlSocket = (await options.findSocket?.()) ?? options.controlSocket;
  signal?.throwIfAborted();
  const socket = createConnection(controlSocket);
  const next = receive(socket, controlSocket);
  const greeting = await next('greeting', options.connectTimeoutMs, signal);
  if (greeting.code !== greetingCode) {
    socket.destroy();
    throw new BirdSocketError(controlSocket, `"${greeting.code} ${greeting.text}" is not BIRD's greeting`);
  }
  return {
    ask: async (command, askSignal) => {
      checkCommand(command);
      const reply = next(`reply to "${command}"`, options.replyTimeoutMs, askSignal);
      socket.write(`${command}\n`);
      return reply;
    },
    close: () => socket.destroy(),
  };
}

/** A line end in a command would begin a second command. */
function checkCommand(command: string): void {
  if (/[\r\n\0]/.test(command))
    throw new Error('a command to BIRD cannot hold a line end or a NUL character');
  if (Buffer.byteLength(command) > maxCommandBytes)
    throw new Error(
      `BIRD takes commands of ${maxCommandBytes} bytes: "${command.slice(0, 60)}..." is longer`,
    );
}

type Next = (what: string, timeoutMs: number, signal: AbortSignal | undefined) => Promise<Reply>;

/** Reads the socket's replies; any disorder ends the connection, because later replies could be misread. */
function receive(socket: Socket, path: string): Next {
  const mailbox = openMailbox<Reply>(() => socket.destroy());
  const reader = replyReader();
  const fail = (reason: string, cause?: unknown) => mailbox.fail(new BirdSocketError(path, reason, cause));
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    try {
      reader.push(chunk).forEach(mailbox.put);
    } catch (error) {
      fail(wordsOf(error), error);
    }
  });
  socket.on('error', (error) => fail(explainConnectError(error), error));
  socket.on('close', () =>
    fail(`it closed the connection before the ${mailbox.awaited() ?? 'next command'}`),
  );
  return (what, timeoutMs, signal) => {
    const late = () => new BirdSocketError(path, `no ${what} within ${timeoutMs / 1000} s (is bird hung?)`);
    return mailbox.next(what, { timeoutMs, late, signal });
  };
}
