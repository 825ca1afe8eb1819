import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import { dialects } from '../../../src/lab/control-plane/dialect.js';
import { commandLine, machine, nothing, some, token } from './command-line.js';

const { cli, configure, path, terminal } = commandLine();

describe('which command', () => {
  const resync = 'resync {"force":false}';
  it.each([
    ['', ['runDaemon']],
    ['run', ['runDaemon']],
    ['--once', [`alone ${resync} info`]],
    ['run --once', [`alone ${resync} info`]],
    ['--log-level debug --once', [`alone ${resync} debug`]],
    ['run --once --log-level debug', [`alone ${resync} debug`]],
    ['--resync', [`ask ${resync}`, `alone ${resync} info`]],
    ['run --resync', [`ask ${resync}`, `alone ${resync} info`]],
    ['resync', [`ask ${resync}`, `alone ${resync} info`]],
    [
      'resync --session wg_24001 --reset',
      [
        'ask resync {"force":false,"reset":"wg_24001"}',
        'alone resync {"force":false,"reset":"wg_24001"} info',
      ],
    ],
    ['resync --force', ['ask resync {"force":true}', 'alone resync {"force":true} info']],
    ['plan', ['makePlan']],
    ['plan --offline', ['makePlan offline']],
    ['plan --diff --sessions list.json', ['makePlan diff list.json']],
  ])('is started by "%s"', async (line, calls) => {
    const result = await cli(line);
    expect(result.calls).toEqual(calls);
    expect(result.exitCode).toBe(0);
  });

  it.each(['-c other.json plan', 'plan -c other.json', 'plan --config other.json'])(
    'takes its configuration from -c wherever it stands: %s',
    async (line) => {
      const result = await cli(line);
      expect(result.exitCode).toBe(78);
      expect(result.err).toContain(path('other.json'));
    },
  );
});

describe('help and version', () => {
  it.each(['-V', '--version', 'version'])('%s prints the version', async (option) => {
    expect(await cli(option)).toMatchObject({ exitCode: 0, out: '1.2.3\n', err: '' });
  });

  it.each(['-h', '--help', 'help'])('%s lists the commands', async (option) => {
    const { exitCode, out, err } = await cli(option);
    expect([exitCode, err]).toEqual([0, '']);
    for (const word of [
      'run',
      'resync',
      'plan',
      'status',
      'maintenance',
      'lab',
      '--config',
      '--json',
      '--log-level',
      '--once',
    ]) {
      expect(out).toContain(word);
    }
  });

  it.each(['plan --help', 'help plan'])(
    'of a command shows its own options and the global ones: %s',
    async (line) => {
      const { exitCode, out } = await cli(line);
      expect(exitCode).toBe(0);
      expect(out).toContain('--offline');
      expect(out).toContain('--config');
    },
  );
});

it('the lab has every dialect of its control plane to choose from', async () => {
  const out = (await cli('lab --help')).out.replace(/\s+/g, ' ');
  expect(out).toContain(
    `(choices: ${dialects.map((name) => `"${name}"`).join(', ')}, default: "documented")`,
  );
});

describe('template', () => {
  it('lists the built-in templates, and prints one as it is in the sources', async () => {
    const { exitCode, out } = await cli('template');
    expect(exitCode).toBe(0);
    const names = out.trimEnd().split('\n');
    const files = readdirSync('templates', { recursive: true, encoding: 'utf8' });
    expect(names).toEqual(files.filter((name) => name.endsWith('.hbs')).sort());
    for (const name of names) {
      const text = readFileSync(`templates/${name}`, 'utf8');
      expect((await cli(`template ${name}`)).out).toBe(text);
      expect(JSON.parse((await cli(`template ${name} --json`)).out)).toEqual({ name, text });
    }
  });
});

describe('a usage error', () => {
  it.each([
    ['--onec', "unknown option '--onec' (Did you mean --once?)"],
    ['bogus', "unknown command 'bogus'"],
    ['statsu', "unknown command 'statsu' (Did you mean status?)"],
    ['plan extra', "too many arguments for 'plan'"],
    ['status --once', "unknown option '--once'"],
    [
      '--log-level loud',
      "--log-level: 'loud' is not one of: fatal, error, warn, info, debug, trace, silent. Try",
    ],
    ['-c', "option '-c, --config <file>' argument missing"],
    ['--once --resync', "option '--once' cannot be used with option '--resync'"],
    ['status --watch --json', "option '--watch' cannot be used with option '--json'"],
    ['maintenance', "missing required argument 'on|off|status'"],
    ['maintenance maybe', "'maybe' is not one of: on, off, status. Try"],
    ['bird', "'bird' needs a command: restart. Try"],
    ['bird restrat', "unknown command 'restrat' (Did you mean restart?)"],
    ['help plans', "unknown command 'plans'"],
    ['maintenance on now', "too many arguments for 'maintenance'"],
    ['lab --nodes many', "argument 'many' is invalid"],
    ['lab --simulate --keep', '--keep is for looking inside, and a simulation has no inside'],
  ])('exits 64 with one line and a hint: %s', async (line, message) => {
    const { exitCode, out, err, calls } = await cli(line);
    expect(exitCode).toBe(64);
    expect([out, calls]).toEqual(['', []]);
    expect(err).toContain(message);
    expect(err).toMatch(/^moenet-agent: [^\n]*Try 'moenet-agent (?:[a-z]+ )?--help'\.\n$/);
    const command = ['plan', 'status', 'maintenance', 'lab', 'bird'].find((name) => line.startsWith(name));
    expect(err).toContain(`Try 'moenet-agent ${command === undefined ? '' : `${command} `}--help'`);
  });
});

describe('a configuration error', () => {
  it('exits 78 with every problem and its path', async () => {
    await configure({ server: { listen: 1 }, intervals: { mesh: 'x' } });
    const { exitCode, err, calls } = await cli('run');
    expect([exitCode, calls]).toEqual([78, []]);
    expect(err).toContain('  server.listen: 1 is not an address');
    expect(err).toContain('  intervals.mesh: "x" is not a number of seconds');
    expect(err).not.toContain(token);
  });

  it('is a document under --json', async () => {
    await configure({ stateDir: 5 });
    const { exitCode, out } = await cli('plan --json');
    expect(exitCode).toBe(78);
    expect(JSON.parse(out).problems).toEqual([{ path: 'stateDir', message: '5 is not a path' }]);
  });
});

describe('a warning of the configuration', () => {
  beforeEach(() => configure({ sever: {} }));

  it('is said on standard error', async () => {
    expect((await cli('plan')).err).toBe('warning: sever is not a known key; did you mean server?\n');
  });

  it('is handed to the daemon for its log', async () => {
    const { err, seen } = await cli('run');
    expect(err).toBe('');
    expect(seen.daemonOptions?.warnings).toHaveLength(1);
  });
});

it('lets the daemon read its configuration again', async () => {
  const { seen } = await cli('run');
  await configure({ stateDir: '/changed' });
  expect((await seen.daemonOptions?.reload())?.config.stateDir).toBe('/changed');
});

describe('--once', () => {
  it('prints what was done, and what was not on standard error', async () => {
    const { exitCode, out, err } = await cli('--once', { once: some });
    expect(exitCode).toBe(1);
    expect(out).toBe('made 2 changes\n  create tunnel wg_24001: it is not there\n  reload BIRD\n');
    expect(err).toBe('moenet-agent: session b2: [2Jno route\n');
  });

  it('says that nothing was to be done', async () => {
    expect(await cli('--once')).toMatchObject({ exitCode: 0, out: 'nothing to change\n', err: '' });
  });

  it('prints one document under --json', async () => {
    const { out } = await cli('--once --json', { once: nothing });
    expect(JSON.parse(out)).toEqual(nothing);
  });
});

it('says what went wrong where a command throws', async () => {
  const io = terminal();
  const { commands } = machine();
  const failing = {
    ...commands,
    makePlan: () => Promise.reject(new Error('the control plane refused the token')),
  };
  expect(await runCli(['plan', '--json'], '1.2.3', io, failing)).toBe(1);
  expect(io.err()).toBe('moenet-agent: the control plane refused the token\n');
  expect(JSON.parse(io.out())).toEqual({ error: 'the control plane refused the token' });
});
