// Preloaded into the agent (node --import): ends its process, without any last word, at one of its effects on the world.
//   MOENET_DIE="N before"  just before the N-th effect, counted from 1, which is just after the one before
//   MOENET_DIE="N during"  in the middle of the N-th of those that are not done at once: the programs, and what is sent
//   MOENET_DIE_FILE        FILE.at is such a line for SIGUSR2, which begins to count anew; FILE.steps gets the effects
//   MOENET_DIE_EACH=N      of the effects of one kind the first N are counted, or all if it is not set: after the second of
//                          a dozen files the node is half way, as it is after the third. With more than one of each, those
//                          at different places are of different kinds.
// What is patched are Node's own ways to do something: programs that change the system, files, commands to BIRD, and
// posts. All writes below one directory count as one effect where that is the stage, which nobody reads.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const require = createRequire(import.meta.url);
const childProcess = require('node:child_process');
const files = require('node:fs/promises');
const file = process.env.MOENET_DIE_FILE;
const ofEachKind = Number(process.env.MOENET_DIE_EACH ?? Number.POSITIVE_INFINITY);
const staged = '.moenet-agent.staged';

let wanted = { n: Number.POSITIVE_INFINITY, when: '' };
let count = { before: 0, during: 0 };
let last = '';
let seen = new Map();
arm(process.env.MOENET_DIE);
process.on('SIGUSR2', () => arm(readFileSync(`${file}.at`, 'utf8')));

function arm(line) {
  const [n, when] = (line ?? '').trim().split(' ');
  wanted = { n: Number(n), when };
  count = { before: 0, during: 0 };
  last = '';
  seen = new Map();
}

/** Notes an effect that is about to be, and dies if that is the one. Whether it is one of those that are counted. */
function effect(what) {
  const same = what === last && what === staged;
  last = what;
  if (same) return false;
  if (file) appendFileSync(`${file}.steps`, `${what}\n`);
  const isCounted = isNew(what);
  if (isCounted) moment('before');
  return isCounted;
}

function isNew(what) {
  const kind = ofEachKind > 1 ? kindAtPlace(what) : kindAtPlace(what).replace(/(\/state|\/bird)\/.*/, '$1');
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
  return seen.get(kind) <= ofEachKind;
}

function kindAtPlace(what) {
  return what.replace(/answer-[a-z-]+/, 'answer').replace(/[^/]+\.conf(?=$|\.)|(wg_|dn42-wg-)\S+/, '');
}

function moment(when) {
  count[when] += 1;
  if (when === wanted.when && count[when] === wanted.n) process.kill(process.pid, 'SIGKILL');
}

function describePath(path) {
  const text = String(path);
  return text.includes(staged) ? staged : text.replace(/[0-9a-f]{16}(\.tmp$|(?=\/|$))/, '*');
}

const changing = [
  'writeFile',
  'rename',
  'unlink',
  'rm',
  'rmdir',
  'mkdir',
  'mkdtemp',
  'symlink',
  'link',
  'chmod',
];
for (const name of changing) {
  const original = files[name];
  files[name] = async (...args) => {
    // The second path is what it is about; the first of a link is what lies there already.
    const path = ['symlink', 'rename', 'link'].includes(name) ? args[1] : args[0];
    if (isIdle(name, path)) return original(...args);
    const text = describePath(path);
    effect(text === staged ? text : `${name} ${text}`);
    return original(...args);
  };
}

/** What is there is not made, and what is not there is not removed. */
function isIdle(name, path) {
  return (name === 'mkdir' && existsSync(path)) || (name === 'rm' && !existsSync(path));
}

const { open } = files;
files.open = async (path, flags, ...rest) => {
  if (/[wa+]/.test(String(flags ?? 'r'))) effect(`open ${describePath(path)}`);
  return open(path, flags, ...rest);
};

const { spawn } = childProcess;
childProcess.spawn = (program, args = [], options = {}) => {
  if (!changes(program, args)) return spawn(program, args, options);
  const isCounted = effect(`run ${program} ${args.filter((word) => !word.startsWith('/')).join(' ')}`);
  const child = spawn(program, args, options);
  // With its input, which is written right after this.
  if (isCounted) setImmediate(() => moment('during'));
  return child;
};

function changes(program, args) {
  if (program === 'ip') return !args.includes('show');
  return program === 'wireguard-go' || (program === 'wg' && args[0] === 'syncconf');
}

const { write } = Socket.prototype;
Socket.prototype.write = function patched(data, ...rest) {
  const text = typeof data === 'string' ? data.split(/\r?\n/, 1)[0] : '';
  if (!/^(POST |configure(?! check)|enable )/.test(text)) return write.call(this, data, ...rest);
  const isCounted = effect(text.replace(/ HTTP.*/, ''));
  const sent = write.call(this, data, ...rest);
  if (isCounted) setImmediate(() => moment('during'));
  return sent;
};

syncBuiltinESMExports();
