import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openKeyStore } from '../../../src/adapters/wireguard/key-store.js';
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

  it.each([
    ['a FIFO', () => run('mkfifo', [privateKeyPath])],
    ['a directory', () => mkdir(privateKeyPath)],
    ['a device', () => symlink('/dev/zero', privateKeyPath)],
    ['more than', () => writeFile(privateKeyPath, Buffer.alloc(2 * 1024 * 1024))],
  ])('says at once that the private key is %s', async (what, put) => {
    await mkdir(join(directory, 'wireguard'));
    await put();
    await expect(open().read()).rejects.toThrow(
      new RegExp(`${privateKeyPath} \\(wireguard.privateKeyPath\\) cannot be used: it (is|has) ${what}`),
    );
    expect(await readdir(join(directory, 'wireguard'))).toEqual(['private.key']);
  });
});

describe('the public key file', () => {
  const privateKeyOfAnother = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n';

  it.each([
    ['an operator’s file', 'precious\n', 0o644],
    ['a private key of another interface', privateKeyOfAnother, 0o600],
    ['an empty file', '', 0o640],
    ['a long file', 'x'.repeat(2 * 1024 * 1024), 0o644],
  ])('is not written over %s, which keeps its bytes, mode and inode', async (_what, text, mode) => {
    await mkdir(join(directory, 'wireguard'));
    await writeFile(publicKeyPath, text);
    await chmod(publicKeyPath, mode);
    const { ino } = await stat(publicKeyPath);
    for (const pair of [await open().create(), await open().read()]) {
      expect(pair?.problem).toContain(
        `the agent does not write the public key to ${publicKeyPath} (wireguard.publicKeyPath)`,
      );
      expect(pair?.problem).toContain('Move that file away, or set another path in the configuration file');
    }
    expect(await readFile(publicKeyPath, 'utf8')).toBe(text);
    expect([await modeOf(publicKeyPath), (await stat(publicKeyPath)).ino]).toEqual([mode, ino]);
    expect((await readdir(join(directory, 'wireguard'))).sort()).toEqual(['private.key', 'public.key']);
  });

  it.each([
    ['a FIFO', () => run('mkfifo', [publicKeyPath])],
    ['a directory', () => mkdir(publicKeyPath)],
    ['a device', () => symlink('/dev/zero', publicKeyPath)],
    ['a link to nowhere', () => symlink(join(directory, 'elsewhere'), publicKeyPath)],
  ])('is not made where there is %s', async (_what, put) => {
    await mkdir(join(directory, 'wireguard'));
    await put();
    for (const pair of [await open().create(), await open().read()])
      expect(pair?.problem).toContain(publicKeyPath);
    expect(await readdir(directory)).toEqual(['wireguard']);
  });

  it('of a lost pair is replaced by that of the new one', async () => {
    const { publicKey } = await open().create();
    await rm(privateKeyPath);
    const made = await open().create();
    expect(made).toMatchObject({ problem: undefined });
    expect(made.publicKey).not.toBe(publicKey);
    expect(await readFile(publicKeyPath, 'utf8')).toBe(`${made.publicKey}\n`);
  });

  it('that is the private key’s file leaves that as it is', async () => {
    publicKeyPath = privateKeyPath;
    const { privateKey, problem } = await open().create();
    expect(problem).toContain('it may be a private key');
    expect(await readFile(privateKeyPath, 'utf8')).toBe(`${privateKey.reveal()}\n`);
    expect(await modeOf(privateKeyPath)).toBe(0o600);
  });

  it('has its mode whatever the umask is', async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    await open().create();
    expect(await modeOf(publicKeyPath)).toBe(0o644);
  });
});
