// Runs programs inside for the tests outside:
//   node serve.mjs PORT
// PORT is a virtio port. A request is a line of JSON, and so is its answer, with the same `id`; requests do not wait for
// each other. Its `files` are there while the program runs. A request with `log` leaves the program running and writes what it says into that file; one with
// `socketPath` is an HTTP request to a program inside.
import { spawn } from 'node:child_process';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const port = await open(process.argv[2], 'r+');
let written = Promise.resolve();
let rest = Buffer.alloc(0);

for (;;) {
  const { bytesRead, buffer } = await port.read({ buffer: Buffer.alloc(65_536) });
  // Nobody is at the other end now.
  if (bytesRead === 0) await sleep(200);
  rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
  for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
    void serve(JSON.parse(rest.subarray(0, end).toString()));
    rest = rest.subarray(end + 1);
  }
}

async function serve({ id, ...request }) {
  const answer = await answerTo(request).catch((error) => ({ failure: error.code ?? error.message }));
  written = written.then(() => port.appendFile(`${JSON.stringify({ id, ...answer })}\n`));
}

function answerTo(request) {
  if (request.socketPath !== undefined) return ask(request);
  return request.log === undefined ? runWithFiles(request) : leave(request);
}

async function runWithFiles({ files = {}, ...request }) {
  const paths = Object.keys(files);
  try {
    for (const path of paths) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, files[path], { mode: 0o600 });
    }
    return await run(request);
  } finally {
    for (const path of paths) await rm(path, { force: true });
  }
}

function ask({ socketPath, method, path, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const asked = http.request({ socketPath, method, path, timeout: timeoutMs }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.end();
  });
}

function run({ program, args, input, env, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, ...output }));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

async function leave({ program, args, env, log }) {
  const file = await open(log, 'a');
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', file.fd, file.fd],
    detached: true,
  });
  await new Promise((resolve, reject) => {
    child.on('spawn', resolve);
    child.on('error', reject);
  });
  await file.close();
  return { pid: child.pid };
}
