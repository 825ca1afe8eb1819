import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealOf } from '../../../../src/core/desired/hand-edits.js';
import type { ObservedBird } from '../../../../src/core/model/observed.js';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import { BirdTime } from '../../../bird-times.js';
import {
  end,
  file,
  makeRealBird,
  names,
  type RealBird,
  startDaemon,
  tree,
  until,
} from '../routers/real-bird.js';

/** BIRD's protocols, whose times it works out anew for each answer. */
const timed = (bird: ObservedBird) =>
  bird.running ? bird.protocols.map((each) => ({ ...each, since: new BirdTime(each.since) })) : [];
const operators = 'router id 192.0.2.1;\nprotocol device { }\nprotocol static by_hand { ipv4; }\n';
const main = file(
  'bird.conf',
  'router id 192.0.2.1;\nprotocol device { }\ninclude "moenet-agent/*.conf";\ninclude "peers/*.conf";\n',
);
const policy = file('moenet-agent/policy.conf', 'define dn42_as = 4242420001;\n');
const peer = (name: string, extra = '') =>
  file(`peers/${name}.conf`, `protocol static ${name} { ipv4; route 172.20.0.0/24 blackhole; ${extra} }\n`);

let namespace: Namespace;
let real: RealBird;

beforeEach(async () => {
  namespace = await openNamespace('bird-adapter');
  real = await makeRealBird(namespace);
});

afterEach(async () => {
  await real.close();
  await namespace.close();
});

async function startTakenOver() {
  await real.put('bird.conf', operators);
  await chmod(join(real.configDir, 'bird.conf'), 0o644);
  await real.start();
  const bird = real.open('full');
  expect(await bird.commit([main, policy, peer('one')], [])).toEqual({ kind: 'loaded' });
  return bird;
}

describe('a commit to a running BIRD', () => {
  it('loads a good candidate and leaves no trace beside the files', async () => {
    const bird = await startTakenOver();
    expect(names(await bird.observe())).toEqual(['device1', 'one']);
    expect(Object.keys(await tree(real.configDir)).sort()).toEqual([
      'bird.conf',
      'bird.conf.orig',
      'moenet-agent/policy.conf',
      'peers/one.conf',
    ]);
    const { gid } = await stat(real.configDir);
    const written = await stat(join(real.configDir, 'peers/one.conf'));
    const directory = await stat(join(real.configDir, 'peers'));
    expect([written.mode & 0o777, written.gid]).toEqual([0o640, gid]);
    expect([directory.mode & 0o777, directory.gid]).toEqual([0o750, gid]);
    expect(await bird.readFiles()).toEqual(
      new Map([main, policy, peer('one')].map(({ path, content }) => [path, content])),
    );
    expect(real.programs).toEqual([]);
  });

  it('removes a file and its protocol', async () => {
    const bird = await startTakenOver();
    expect(await bird.commit([peer('two')], ['peers/one.conf'])).toEqual({ kind: 'loaded' });
    expect(names(await bird.observe())).toEqual(['device1', 'two']);
  });

  it('rejects a bad candidate in BIRD’s words and changes no byte and no protocol', async () => {
    const bird = await startTakenOver();
    const bad = peer('two', 'nonsense;');
    const before = await tree(real.configDir);
    const protocols = await bird.observe();
    const aside = join(real.base, 'bad.conf');
    await writeFile(aside, `router id 192.0.2.1;\n${bad.content}`);
    await expect(namespace.run('bird', ['-p', '-c', aside])).rejects.toThrow('syntax error');

    expect(await bird.commit([peer('one', '# touched\n'), bad], ['moenet-agent/policy.conf'])).toEqual({
      kind: 'rejected',
      message: expect.stringMatching(/^peers\/two\.conf:2:\d+ syntax error/),
      file: 'peers/two.conf',
    });
    expect(await tree(real.configDir)).toEqual(before);
    expect(timed(await bird.observe())).toEqual(timed(protocols));
  });

  it('rejects a file whose string would crash BIRD without showing it to BIRD', async () => {
    const bird = await startTakenOver();
    const result = await bird.commit([peer('two', `description "${'x'.repeat(4096)}";`)], []);
    expect(result).toMatchObject({ kind: 'rejected', file: 'peers/two.conf' });
    await real.put('peers/operator.conf', `# "${'x'.repeat(4096)}"\n`);
    expect(await bird.commit([peer('two')], [])).toMatchObject({
      kind: 'rejected',
      file: 'peers/operator.conf',
    });
    expect((await bird.observe()).running).toBe(true);
  });

  it('does not disturb the sessions that it does not change', async () => {
    const session = file(
      'peers/session.conf',
      `protocol bgp dn42_session { local 127.0.0.1 port 1790 as 4242420001; neighbor 127.0.0.2 port 1791 as 4242420002;
  multihop; connect delay time 1; ipv4 { import none; export none; }; }\n`,
    );
    const other = join(real.base, 'other.conf');
    await writeFile(
      other,
      `router id 192.0.2.2;\nprotocol device { }\nprotocol bgp dn42_other { local 127.0.0.2 port 1791 as 4242420002;
  neighbor 127.0.0.1 port 1790 as 4242420001; multihop; connect delay time 1; ipv4 { import none; export none; }; }\n`,
    );
    const bird = await startTakenOver();
    const daemon = startDaemon(namespace, other, join(real.base, 'other.ctl'));
    try {
      await bird.commit([session], []);
      const observed = async () => {
        const state = await bird.observe();
        return state.running ? state.protocols.find(({ name }) => name === 'dn42_session') : undefined;
      };
      await until(async () => (await observed())?.bgp?.state === 'Established');
      const before = await observed();
      expect(await bird.commit([peer('two')], ['peers/one.conf'])).toEqual({ kind: 'loaded' });
      expect(new BirdTime((await observed())?.since ?? '')).toEqual(new BirdTime(before?.since ?? ''));
      expect((await observed())?.bgp?.state).toBe('Established');
    } finally {
      await end(daemon);
    }
  });

  it('does what it is asked at the same time one after another', async () => {
    const bird = await startTakenOver();
    const results = await Promise.all(['two', 'three', 'four'].map((name) => bird.commit([peer(name)], [])));
    expect(results).toEqual([{ kind: 'loaded' }, { kind: 'loaded' }, { kind: 'loaded' }]);
    expect(names(await bird.observe()).toSorted()).toEqual(['device1', 'four', 'one', 'three', 'two']);
  });

  it('undoes its change where BIRD reads another file than the agent writes', async () => {
    const bird = await startTakenOver();
    const before = await tree(real.configDir);
    const elsewhere = join(real.base, 'elsewhere.conf');
    await writeFile(elsewhere, operators);
    await real.stop();
    const daemon = startDaemon(namespace, elsewhere, real.controlSocket);
    try {
      await until(async () => (await bird.observe()).running);
      expect(await bird.commit([peer('two')], ['peers/one.conf'])).toMatchObject({
        kind: 'rejected',
        message: expect.stringContaining(`BIRD reads ${elsewhere}`),
      });
      expect(await tree(real.configDir)).toEqual(before);
    } finally {
      await end(daemon);
    }
  });

  it('is ended by its signal before anything was changed', async () => {
    const bird = await startTakenOver();
    const before = await tree(real.configDir);
    await expect(bird.commit([peer('two')], [], AbortSignal.abort(new Error('stopping')))).rejects.toThrow(
      'stopping',
    );
    expect(await tree(real.configDir)).toEqual(before);
  });
});

describe('the operator’s files', () => {
  it('keeps the main file that it takes over once, with its bytes and its mode', async () => {
    const bird = await startTakenOver();
    const kept = async () => (await tree(real.configDir))['bird.conf.orig'];
    const original = await kept();
    expect(original).toMatch(/^644 /);
    expect(original).toContain(operators);
    await bird.commit([{ ...main, content: `${main.content}# more\n` }], []);
    expect(await kept()).toBe(original);
  });

  it('keeps a second main file of the operator’s beside the first', async () => {
    const bird = await startTakenOver();
    await real.put('bird.conf', `${operators}# restored\n`);
    expect(await bird.commit([main], [])).toEqual({ kind: 'loaded' });
    const files = await tree(real.configDir);
    expect(files['bird.conf.orig']).toContain(operators);
    expect(files['bird.conf.orig.2']).toContain('# restored');
  });

  it('leaves foreign files and their includes as they are; one that is to go is kept beside', async () => {
    const operatorsPeer = 'include "../local/defs.conf";\nprotocol static foreign { ipv4; }\n';
    await real.put('peers/operator.conf', operatorsPeer);
    await real.put('local/defs.conf', `include "${real.configDir}/local/more/*.conf";\ndefine op = 1;\n`);
    await real.put('local/more/a.conf', 'define more = op_base;\n');
    await real.put('ibgp.d/x.conf', '');
    await real.put('moenet-agent/base.conf', 'define op_base = 7;\n');
    await mkdir(join(real.configDir, '.git'));
    await symlink('/nonexistent', join(real.configDir, 'dangling'));
    const before = await tree(join(real.configDir, 'local'));
    const bird = await startTakenOver();
    expect(names(await bird.observe())).toEqual(['device1', 'one', 'foreign']);
    expect(await tree(join(real.configDir, 'local'))).toEqual(before);
    expect(await bird.commit([], ['peers/operator.conf'])).toEqual({ kind: 'loaded' });
    const kept = await readFile(join(real.configDir, 'peers/operator.conf.orig'), 'utf8');
    expect([kept, (await bird.readFiles()).has('peers/operator.conf')]).toEqual([operatorsPeer, false]);
  });

  it('keeps a file of the agent that somebody edited beside it once, and one that nobody edited not at all', async () => {
    const made = (text: string) =>
      file('peers/one.conf', `# Made by moenet-agent.\n${sealOf(`\n${text}\n`)}`);
    const bird = await startTakenOver();
    const [first, second] = [made('define a = 1;'), made('define a = 2;')];
    expect(await bird.commit([first], [])).toEqual({ kind: 'loaded' });
    expect(await bird.commit([second], [])).toEqual({ kind: 'loaded' });
    const copies = async () =>
      Object.entries(await tree(real.configDir)).filter(([path]) => path.includes('edited'));
    expect(await copies()).toEqual([]);
    const edited = `${second.content}# the night shift was here\n`;
    for (const wanted of [first, second]) {
      await real.put('peers/one.conf', edited);
      expect(await bird.commit([wanted], [])).toEqual({ kind: 'loaded' });
      expect(await copies()).toEqual([['peers/one.conf.edited', expect.stringContaining(edited)]]);
    }
  });

  it('lets an absolute include of the agent’s own directory see the candidate, not the running files', async () => {
    const bird = await startTakenOver();
    const absolute = file('bird.conf', `router id 192.0.2.1;\ninclude "${real.configDir}/peers/*.conf";\n`);
    expect(await bird.commit([absolute, peer('bad', 'nonsense;')], [])).toMatchObject({
      kind: 'rejected',
      file: 'peers/bad.conf',
    });
  });

  it('does not read or write through a symbolic link', async () => {
    await mkdir(join(real.base, 'outside'));
    await writeFile(join(real.base, 'outside/secret.conf'), 'secret');
    await real.put('bird.conf', operators);
    await symlink(join(real.base, 'outside'), join(real.configDir, 'peers'));
    const bird = real.open('full');
    expect([...(await bird.readFiles()).keys()]).toEqual(['bird.conf']);
    expect(await bird.commit([main], [])).toMatchObject({ kind: 'rejected', file: 'peers' });
  });
});

describe('include mode', () => {
  const agent = file('moenet-agent.conf', 'include "peers/*.conf";\n');

  const line = 'include "moenet-agent.conf";';

  it('has its files in place before it asks for the line that the main file lacks', async () => {
    await real.put('bird.conf', `${operators}# ${line}\n`);
    await real.start();
    const bird = real.open('include');
    expect(await bird.commit([agent, peer('one')], [])).toEqual({
      kind: 'not-included',
      reason: `${real.configDir}/bird.conf does not include the agent's file: the agent's files are in place, but BIRD does not read them; add the line ${line} to ${real.configDir}/bird.conf`,
    });
    expect(names(await bird.observe())).toEqual(['device1', 'by_hand']);
    expect(await readFile(join(real.configDir, 'bird.conf'), 'utf8')).toBe(`${operators}# ${line}\n`);

    await real.put('bird.conf', `${operators}${line}\n`);
    expect(await bird.commit([], [])).toEqual({ kind: 'loaded' });
    expect(names(await bird.observe())).toEqual(['device1', 'by_hand', 'one']);
    await real.stop();
    await real.start();
    expect(names(await bird.observe())).toEqual(['device1', 'by_hand', 'one']);
  });

  it('asks for the line also if there is no main file yet, and BIRD can start with that line', async () => {
    const bird = real.open('include');
    expect(await bird.commit([agent, peer('one')], [])).toMatchObject({
      kind: 'not-included',
      reason: expect.stringContaining(`there is no ${real.configDir}/bird.conf`),
    });
    await real.put('bird.conf', `${operators}${line}\n`);
    await real.start();
    expect(names(await bird.observe())).toEqual(['device1', 'by_hand', 'one']);
  });

  it('lets BIRD check the files with the missing line, and writes none that BIRD refuses', async () => {
    await real.put('bird.conf', operators);
    const before = await tree(real.configDir);
    const bird = real.open('include');
    const expectRefused = async () => {
      const refused = await bird.commit([agent, peer('one'), peer('two', 'nonsense;')], []);
      expect(refused).toMatchObject({ kind: 'rejected', file: 'peers/two.conf' });
      expect(await tree(real.configDir)).toEqual(before);
    };
    await expectRefused();
    await real.start();
    await expectRefused();
    expect(await bird.commit([agent, peer('by_hand')], [])).toMatchObject({ kind: 'rejected' });
  });

  it('loads its files through the operator’s main file, which it leaves as it is', async () => {
    const text = `${operators}include "moenet-agent.conf";\n`;
    await real.put('moenet-agent.conf', '');
    await real.put('bird.conf', text);
    await real.start();
    const bird = real.open('include');
    expect(await bird.commit([agent, peer('one')], [])).toEqual({ kind: 'loaded' });
    expect(names(await bird.observe())).toEqual(['device1', 'by_hand', 'one']);
    expect(await readFile(join(real.configDir, 'bird.conf'), 'utf8')).toBe(text);
    expect(await bird.commit([main], [])).toMatchObject({ kind: 'rejected', file: 'bird.conf' });
  });
});

describe('what BIRD reads besides the agent’s files', () => {
  it.each(['full', 'include'] as const)(
    'is another text where any of it changes, in %s mode',
    async (mode) => {
      const own = mode === 'full' ? main : file('moenet-agent.conf', 'include "peers/*.conf";\n');
      await real.put(
        'bird.conf',
        mode === 'full' ? main.content : `${operators}include "moenet-agent.conf";\n`,
      );
      await real.put(own.path, own.content);
      await real.put(policy.path, policy.content);
      await real.put('peers/one.conf', peer('one').content);
      await real.start();
      const bird = real.open(mode);
      const seen = [await bird.readBesides()];
      const expectChange = async (isChanged: boolean) => {
        const now = await bird.readBesides();
        expect(seen.includes(now)).toBe(!isChanged);
        seen.push(now);
      };
      await expectChange(false);
      await real.put('peers/one.conf', peer('one', '# another\n').content);
      await real.put('peers/two.conf', peer('two').content);
      await expectChange(false);
      await real.put('peers/mine.conf', 'protocol static mine { ipv4; };\n');
      await expectChange(true);
      await real.put('peers/mine.conf', 'protocol static mine { ipv4; }\n');
      await expectChange(true);
      await real.stop();
      await expectChange(true);
      await real.start();
      await expectChange(true);
    },
  );
});

describe('where BIRD is not running', () => {
  it('checks the candidate with bird -p, writes it and says why it is not loaded', async () => {
    await real.put('bird.conf', operators);
    const bird = real.open('full');
    expect(await bird.commit([main, policy, peer('one')], [])).toEqual({
      kind: 'written-not-loaded',
      reason: `BIRD does not answer on ${real.controlSocket}: no such file (is bird running?)`,
    });
    expect(real.programs).toEqual(['bird']);
    await real.start();
    expect(names(await bird.observe())).toEqual(['device1', 'one']);
  });

  it('rejects what bird -p rejects and writes nothing', async () => {
    await real.put('bird.conf', operators);
    const before = await tree(real.configDir);
    expect(await real.open('full').commit([main, policy, peer('one', 'nonsense;')], [])).toEqual({
      kind: 'rejected',
      message: expect.stringMatching(/^peers\/one\.conf:2:\d+ syntax error/),
      file: 'peers/one.conf',
    });
    expect(await tree(real.configDir)).toEqual(before);
  });
});

describe('a protocol switched off by hand', () => {
  it('shows as disabled until it is enabled', async () => {
    const bird = await startTakenOver();
    await namespace.run('birdc', ['-s', real.controlSocket, 'disable', 'one']);
    const disabled = async () => {
      const state = await bird.observe();
      return state.running && state.protocols.filter((protocol) => protocol.disabled).map(({ name }) => name);
    };
    // BIRD 3 answers before its threads have done it.
    await expect.poll(disabled).toEqual(['one']);
    await bird.enable('one');
    await expect.poll(disabled).toEqual([]);
    await expect(bird.enable('nobody')).rejects.toThrow('enable nobody: BIRD says 8003 No protocols match');
    await expect(bird.enable('all')).rejects.toThrow('8003');
  });
});

it('an agent killed in the middle leaves traces that the next commit clears away', async () => {
  const bird = await startTakenOver();
  const before = await tree(real.configDir);
  await real.put('.moenet-agent.staged/bird.conf', 'half');
  await real.put('.moenet-agent.previous/bird.conf', 'half');
  await real.put('peers/.one.conf.0123456789abcdef.tmp', 'half');
  await real.put('peers/.foreign.0123456789abcdef.tmp', 'somebody else’s');
  await chmod(join(real.configDir, 'peers'), 0o750);
  expect(await bird.commit([], [])).toEqual({ kind: 'loaded' });
  expect(Object.keys(await tree(real.configDir)).sort()).toEqual(
    [...Object.keys(before), 'peers/.foreign.0123456789abcdef.tmp'].sort(),
  );
});
