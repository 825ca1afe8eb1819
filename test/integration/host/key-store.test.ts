import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyStore } from '../../../src/adapters/wireguard-tools/key-store.js';
import { run } from '../../../src/platform/exec.js';

let directory: string;
let privateKeyPath: string;
let publicKeyPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-keys-'));
  privateKeyPath = join(directory, 'wireguard', 'private.key');
  publicKeyPath = join(directory, 'wireguard', 'public.key');
});
afterEach(() => rm(directory, { recursive: true }));

const open = () => openKeyStore({ privateKeyPath, publicKeyPath, run });
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('openKeyStore', () => {
  it('has no pair before one is made', async () => {
    expect(await open().read()).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });

  it('makes a pair that only its owner can read, and reads it back', async () => {
    const made = await open().create();
    expect(await modeOf(join(directory, 'wireguard'))).toBe(0o700);
    expect(await modeOf(privateKeyPath)).toBe(0o600);
    expect(await modeOf(publicKeyPath)).toBe(0o644);
    expect((await readdir(join(directory, 'wireguard'))).sort()).toEqual(['private.key', 'public.key']);
    const derived = await run('wg', ['pubkey'], { input: await readFile(privateKeyPath, 'utf8') });
    expect(made.publicKey).toBe(derived.stdout.trim());
    expect((await readFile(publicKeyPath, 'utf8')).trim()).toBe(made.publicKey);
    const read = await open().read();
    expect(read?.privateKey.reveal()).toBe(made.privateKey.reveal());
    expect(read?.publicKey).toBe(made.publicKey);
  });

  it('never overwrites a private key', async () => {
    await open().create();
    const before = [await readFile(privateKeyPath, 'utf8'), await readFile(publicKeyPath, 'utf8')];
    await expect(open().create()).rejects.toThrow(/EEXIST/);
    expect([await readFile(privateKeyPath, 'utf8'), await readFile(publicKeyPath, 'utf8')]).toEqual(before);
    expect((await readdir(join(directory, 'wireguard'))).sort()).toEqual(['private.key', 'public.key']);
  });

  it('makes a public key file that is missing', async () => {
    const { publicKey } = await open().create();
    await rm(publicKeyPath);
    await open().read();
    expect(await readFile(publicKeyPath, 'utf8')).toBe(`${publicKey}\n`);
    expect(await modeOf(publicKeyPath)).toBe(0o644);
  });

  it('throws where the file holds no key, with the path and without the text', async () => {
    await mkdir(join(directory, 'wireguard'));
    await writeFile(privateKeyPath, 'not-a-key');
    await expect(open().read()).rejects.toThrow(`${privateKeyPath} holds no WireGuard private key`);
    await expect(open().read()).rejects.not.toThrow(/not-a-key/);
  });
});
