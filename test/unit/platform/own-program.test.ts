import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { openOwnProgram } from '../../../src/platform/own-program.js';

let directory: string;
let file: string;
let asked: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-own-'));
  file = join(directory, 'program');
  asked = 0;
  await install('1.0.0');
});

afterEach(() => rm(directory, { recursive: true }));

/** As a package manager does. */
async function install(version: string): Promise<void> {
  await writeFile(`${file}.new`, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  await rename(`${file}.new`, file);
}

function open() {
  const counted: typeof run = (...call) => {
    asked++;
    return run(...call);
  };
  // What it was at the start is unknown here, so that the first look asks as well.
  return openOwnProgram({ file, command: [file], running: '1.0.0', identity: '', run: counted });
}

it('says nothing while the same version is installed, and asks for it once', async () => {
  const own = open();
  expect(own.note()).toBeUndefined();
  await vi.waitFor(() => expect(asked).toBe(1));
  expect(own.note()).toBeUndefined();
  expect(own.note()).toBeUndefined();
  expect(asked).toBe(1);
});

it('says which version is installed and which one runs, until that one is back', async () => {
  const own = open();
  own.note();
  await install('1.1.0');
  await vi.waitFor(() =>
    expect(own.note()).toBe(
      'version 1.1.0 of the agent is installed, and version 1.0.0 still runs. To start the installed one, without the loss of a packet: systemctl restart moenet-agent',
    ),
  );
  await install('1.0.0');
  await vi.waitFor(() => expect(own.note()).toBeUndefined());
});

it('says nothing of a program that is not there, or does not say its version', async () => {
  const own = open();
  await writeFile(file, '#!/bin/sh\nexit 1\n');
  expect(own.note()).toBeUndefined();
  await rm(file);
  await vi.waitFor(() => expect(asked).toBe(1));
  expect(own.note()).toBeUndefined();
});
