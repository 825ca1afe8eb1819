import { describe, expect, it } from 'vitest';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { separate } from '../../../../src/shell/pass/separate.js';

const node: BirdFile = { path: 'moenet-agent/policy.conf', content: '', owner: { kind: 'node' } };

function session(name: string): BirdFile {
  return { path: `peers/${name}.conf`, content: '', owner: { kind: 'session', uuid: sessionId.parse(name) } };
}

const sessions = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(session);

/** A BIRD that refuses every candidate with one of `bad` in it, and names the file or not. */
function birdThatRefuses(bad: readonly string[], names: boolean) {
  let checks = 0;
  return {
    checks: () => checks,
    check: async (files: readonly BirdFile[]) => {
      checks += 1;
      const found = files.find((file) => bad.includes(file.path));
      return (
        found && { kind: 'rejected' as const, message: 'syntax error', file: names ? found.path : undefined }
      );
    },
  };
}

describe.each([
  ['names the file', true],
  ['does not name the file', false],
])('where BIRD %s', (_, names) => {
  it('leaves out the sessions that it refuses, and no others', async () => {
    const bird = birdThatRefuses(['peers/b.conf', 'peers/f.conf'], names);
    const { good, reasons } = await separate([node, ...sessions], bird.check);
    expect(good?.map((file) => file.path).sort()).toEqual(
      [node, ...sessions]
        .map((file) => file.path)
        .filter((path) => !/[bf].conf/.test(path))
        .sort(),
    );
    expect([...reasons.keys()].sort()).toEqual(['peers/b.conf', 'peers/f.conf']);
  });

  it('loads nothing where a file of the node itself is bad', async () => {
    const { good, reasons } = await separate([node, ...sessions], birdThatRefuses([node.path], names).check);
    expect(good).toBeUndefined();
    expect(reasons.size).toBe(8);
  });

  it('asks once where all is good', async () => {
    const bird = birdThatRefuses([], names);
    await separate([node, ...sessions], bird.check);
    expect(bird.checks()).toBe(1);
  });
});

describe("where BIRD refuses an operator's file", () => {
  const main: BirdFile = { path: 'bird.conf', content: '', owner: { kind: 'node' } };
  const refusing = (file: string, isIncluded: (files: readonly BirdFile[]) => boolean) =>
    separate([main, node, ...sessions], async (files) =>
      isIncluded(files) ? { kind: 'rejected', message: `${file}:3:5 syntax error`, file } : undefined,
    );

  it('leaves out the bird.conf that would include it, and says whose file it is', async () => {
    const { good, reasons } = await refusing('local/more.conf', (files) => files.includes(main));
    expect(good).toEqual([node, ...sessions]);
    expect([...reasons]).toEqual([
      [
        'bird.conf',
        "BIRD refuses the operator's file local/more.conf: local/more.conf:3:5 syntax error. BIRD goes on with its last good configuration; the agent tries again when the file is changed",
      ],
    ]);
  });

  it.each(['local/more.conf', 'local/hooks.conf'])(
    'loads nothing where %s is included already',
    async (file) => {
      const { good, fault } = await refusing(file, () => true);
      expect(good).toBeUndefined();
      expect(fault).toContain(`BIRD refuses the operator's file ${file}`);
    },
  );
});
