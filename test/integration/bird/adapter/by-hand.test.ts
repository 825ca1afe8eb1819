import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDisabledByHand } from '../../../../src/core/desired/disabled/disabled.js';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import type { Bird } from '../../../../src/shell/ports/bird.js';
import { file, makeRealBird, type RealBird, tree } from '../routers/real-bird.js';

const main = file(
  'bird.conf',
  'router id 192.0.2.1;\nprotocol device { }\ninclude "moenet-agent/*.conf";\ninclude "peers/*.conf";\n',
);
const session = (name: string, text = '') =>
  file(
    `peers/${name}.conf`,
    `protocol bgp ${name} from moenet_ebgp {\n${text}    neighbor 127.0.0.${name.length} as 4242420002; ipv4 { import all; export all; };\n}\n`,
  );
const templates = file(
  'moenet-agent/bgp.conf',
  'template bgp moenet_ebgp { local as 4242420001; multihop; }\n',
);
const off = '    disabled yes;\n';

let namespace: Namespace;
let real: RealBird;
let bird: Bird;

beforeEach(async () => {
  namespace = await openNamespace('bird-hand');
  real = await makeRealBird(namespace);
  await real.put('bird.conf', 'router id 192.0.2.1;\nprotocol device { }\n');
  await real.start();
  bird = real.open('full');
  expect(await bird.commit([main, templates, session('one'), session('second')], [])).toEqual({
    kind: 'loaded',
  });
});

afterEach(async () => {
  await real.close();
  await namespace.close();
});

async function birdc(...words: string[]): Promise<string> {
  const options = { okExitCodes: [0, 1] };
  return (await namespace.run('birdc', ['-s', real.controlSocket, ...words], options)).stdout;
}

async function disabled(): Promise<string[]> {
  const seen = await bird.observe();
  return seen.running ? seen.protocols.filter(isDisabledByHand).map(({ name }) => name) : [];
}

async function messageOf(wanted: string): Promise<string | undefined> {
  const seen = await bird.observe();
  return seen.running ? seen.protocols.find(({ name }) => name === wanted)?.message : undefined;
}

describe('a session that birdc disabled', () => {
  beforeEach(async () => {
    await birdc('disable', 'one', '"moves to another rack"');
    // BIRD 3 answers before it has done it.
    await expect.poll(disabled).toEqual(['one']);
  });

  it('is observed with the operator’s words', async () => {
    expect(await messageOf('one')).toBe('moves to another rack');
  });

  it('stays disabled over the load of a change, one that is undone, and one that is recovered', async () => {
    expect(await bird.commit([session('third')], [])).toEqual({ kind: 'loaded' });
    await expect.poll(disabled).toEqual(['one']);
    const fault = async () => 'the control plane is silent';
    expect(await bird.commit([], ['peers/third.conf'], undefined, { gate: fault })).toMatchObject({
      undone: true,
    });
    await expect.poll(disabled).toEqual(['one']);
    const endless = bird.commit([], ['peers/third.conf'], undefined, {
      gate: () => new Promise(() => undefined),
    });
    endless.catch(() => undefined);
    await sleep(500);
    const next = real.open('full');
    expect(await next.recover()).toEqual(['peers/third.conf']);
    await expect.poll(disabled).toEqual(['one']);
  });

  it('stays disabled over a restart of BIRD once its file says it, and no load of that touches the other one', async () => {
    expect(await bird.commit([session('one', off)], [])).toEqual({ kind: 'loaded' });
    await expect.poll(disabled).toEqual(['one']);
    await real.stop();
    await real.start();
    await expect.poll(disabled).toEqual(['one']);
    expect(await bird.commit([session('one')], [], undefined, { returning: ['one'] })).toEqual({
      kind: 'loaded',
    });
    await expect.poll(disabled).toEqual([]);
  });

  it('is enabled and disabled by its name', async () => {
    await bird.enable('one');
    await expect.poll(disabled).toEqual([]);
    await bird.disable('one');
    await bird.disable('one');
    await expect.poll(disabled).toEqual(['one']);
    await expect(bird.disable('nobody')).rejects.toThrow('disable nobody: BIRD says 8003 No protocols match');
  });
});

describe("an operator's configuration on trial", () => {
  const timer = async () => /undo in (\d+)/.exec(await birdc('configure', 'status'))?.[1];

  it('is seen, and no load takes its timer away', async () => {
    const before = await tree(real.configDir);
    await birdc('configure', 'timeout', '250');
    expect(await bird.observe()).toMatchObject({ undoSeconds: expect.closeTo(245, -1) });
    expect(await bird.commit([session('third')], [])).toMatchObject({ kind: 'on-trial' });
    expect(Number(await timer())).toBeGreaterThan(200);
    expect(await tree(real.configDir)).toEqual(before);
    await birdc('configure', 'undo');
    expect(await bird.observe()).toMatchObject({ undoSeconds: undefined });
    expect(await bird.commit([session('third')], [])).toEqual({ kind: 'loaded' });
  });

  it.each([
    ['nothing is wrong', undefined],
    ['something is wrong', 'one went down with it'],
  ])(
    'that begins during a trial of the agent is neither confirmed nor undone, where %s',
    async (_, fault) => {
      const before = await tree(real.configDir);
      const gate = async () => {
        await birdc('configure', 'timeout', '250');
        return fault;
      };
      expect(await bird.commit([session('third')], [], undefined, { gate })).toMatchObject({
        kind: 'on-trial',
      });
      expect(Number(await timer())).toBeGreaterThan(200);
      expect(await tree(real.configDir)).toEqual(before);
      await birdc('configure', 'confirm');
      expect(await bird.commit([session('third')], [])).toEqual({ kind: 'loaded' });
    },
  );
});
