import { isAbsolute, resolve } from 'node:path';
import pLimit from 'p-limit';
import type { Bird } from '../../shell/ports/bird.js';
import { type CommitOptions, commit, tryOut } from './change/commit.js';
import { endRecovery, recover } from './change/recover.js';
import { controlProtocol, resendRoutes } from './control-protocol.js';
import { openRouteTables } from './look-up.js';
import { glanceAtBird, observeBird } from './observe.js';
import { openFiles, readLocalFiles } from './read-files.js';
import { readBesides, readOperatorConfig } from './read-operator-config.js';
import { readRoas } from './read-roas.js';
import { askToRestart } from './restart/ask-to-restart.js';
import { type RestartOptions, restartDaemon } from './restart/restart-daemon.js';

/** `configDir` is absolute; the time limits are 10 s for the greeting, which a BIRD that loads a large table gives late, and 15 s for a reply where they are left out; 2 s and 8 s for what an operator waits for. */
export type BirdOptions = Omit<CommitOptions, 'connectTimeoutMs' | 'replyTimeoutMs'> &
  Partial<Pick<CommitOptions, 'connectTimeoutMs' | 'replyTimeoutMs'>> &
  Pick<RestartOptions, 'net'> & {
    /** The socket on which systemd starts `service restart-bird`, for an agent that may not do it itself. */
    readonly restarter?: string | undefined;
  };

/** BIRD behind its control socket, and its configuration directory. Throws where `configDir` cannot be one. */
export function openBird(options: BirdOptions): Bird {
  const { restarter } = options;
  const configDir = checkDirectory(options.configDir);
  const all: CommitOptions & Pick<RestartOptions, 'net'> = {
    connectTimeoutMs: 10_000,
    replyTimeoutMs: 15_000,
    ...options,
    configDir,
  };
  // Shorter where an operator waits for the answer.
  const attended: CommitOptions = { connectTimeoutMs: 2_000, replyTimeoutMs: 8_000, ...options, configDir };
  // The agent makes one change at a time anyway (`exclusive`). This lock covers every other caller: the directory has one
  // journal and BIRD one undo timer, so two simultaneous changes would undo each other.
  const inTurn = pLimit(1);
  return {
    observe: (signal) => observeBird(all, signal),
    glance: (signal) => glanceAtBird(all, signal),
    readFiles: openFiles(configDir, all.mode),
    readLocalFiles: () => readLocalFiles(configDir, all.mode),
    readOperatorConfig: () => readOperatorConfig(configDir, all.mode),
    readBesides: async () =>
      readBesides(configDir, all.mode, (await all.findSocket?.()) ?? all.controlSocket),
    check: (write, remove, signal) => inTurn(() => tryOut(all, { write, remove }, signal)),
    commit: (write, remove, signal, load) => inTurn(() => commit(all, { write, remove }, signal, load)),
    recover: (signal) => inTurn(() => recover(all, signal)),
    endRecovery: () => inTurn(() => endRecovery(all)),
    enable: (protocol, signal) => controlProtocol(all, 'enable', protocol, signal),
    disable: (protocol, signal) => controlProtocol(all, 'disable', protocol, signal),
    restart: (protocol, signal) => controlProtocol(attended, 'restart', protocol, signal),
    resend: (protocol, signal) => resendRoutes(all, protocol, signal),
    readRoas: (protocols, signal) => readRoas(all, protocols, signal),
    restartDaemon: (signal) =>
      inTurn(() => (restarter === undefined ? restartDaemon(all, signal) : askToRestart(restarter, signal))),
    tables: openRouteTables(attended),
  };
}

/** It becomes part of commands to BIRD and of its `include` lines, which have no escapes. */
function checkDirectory(path: string): string {
  if (!isAbsolute(path) || /["\p{Cc}*?[\]]/u.test(path))
    throw new Error(`bird.configDir ${JSON.stringify(path)} is not an absolute path without " * ? [ ]`);
  return resolve(path);
}
