import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBird } from '../../../../src/adapters/bird/open-bird.js';
import { run } from '../../../../src/platform/exec.js';
import { startBirdDaemon } from '../../../fakes/bird-daemon.js';
import { watchFiles } from '../../../fakes/watched-files.js';
import { file, tree } from '../routers/real-bird.js';

let directory: string;
let configDir: string;

const main = file(
  'bird.conf',
  'router id 192.0.2.1;\nprotocol device { }\ninclude "moenet-agent/*.conf";\ninclude "peers/*.conf";\n',
);
const policy = file('moenet-agent/policy.conf', 'function wanted() { return true; }\n');
const peer = file(
  'peers/one.conf',
  'protocol static one { ipv4 { import where wanted(); }; route 172.20.0.0/24 blackhole; }\n',
);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'put-back-'));
  configDir = join(directory, 'etc');
  await mkdir(configDir);
  await writeFile(join(configDir, 'bird.conf'), 'router id 192.0.2.1;\nprotocol device { }\n');
});

afterEach(() => rm(directory, { recursive: true }));

/** Makes a change that is taken back, in a process that dies n steps after `from`. */
async function dieAt(n: number, from: 'configure "' | 'configure confirm'): Promise<string | undefined> {
  const controlSocket = join(directory, `bird-${n}.ctl`);
  const replies = { 'configure confirm': '0019 Nothing to do\n' };
  const daemon = await startBirdDaemon(controlSocket, { replies });
  const watched = watchFiles(configDir);
  let left = Number.POSITIVE_INFINITY;
  let died: string | undefined;
  watched.before = (step) => {
    if (step.startsWith(`tell ${from}`)) left = n;
    // What a BIRD without files is told changes nothing here.
    if (step.startsWith('tell ')) return;
    if (left <= 0) {
      died ??= step;
      throw new Error('killed');
    }
    left -= 1;
  };
  const bird = openBird({ configDir, controlSocket, mode: 'full', run });
  await bird.commit([peer, main, policy], []).catch(() => undefined);
  watched.end();
  await daemon.close();
  return died;
}

it.each(['configure "', 'configure confirm'] as const)(
  'a BIRD that is started while the files go in place, or back, can read them: after %s',
  async (from) => {
    for (let n = 0; ; n += 1) {
      const died = await dieAt(n, from);
      await run('bird', ['-p', '-c', join(configDir, 'bird.conf')]).catch((error) => {
        throw new Error(`killed before ${died}, with ${error.message}`);
      });
      const next = openBird({ configDir, controlSocket: join(directory, 'none.ctl'), mode: 'full', run });
      await next.recover();
      await next.endRecovery();
      // What was half written goes with the next change.
      const left = Object.keys(await tree(configDir)).filter((path) => !path.endsWith('.tmp'));
      expect(left, died).toEqual(['bird.conf']);
      if (died === undefined) return expect(n).toBeGreaterThan(5);
    }
  },
);
