import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Room → the rooms whose files it may import, beside its own. A room is a file of `src`, or a folder with all below it that is no
 * room of its own here. Types count as well: a type that two rooms share belongs into a room below both.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'core/model/values': [],
  'core/bird-syntax': ['core/model/values'],
  'core/model': ['core/model/values', 'core/bird-syntax'],
  'core/desired': ['core/model/values', 'core/model', 'core/bird-syntax'],
  'core/render': ['core/model/values', 'core/model', 'core/bird-syntax', 'core/desired'],
  'core/adopt': ['core/model/values', 'core/model', 'core/bird-syntax', 'core/desired', 'core/render'],
  'core/plan': ['core/model/values', 'core/model', 'core/desired'],
  'core/verdict': ['core/model/values', 'core/model', 'core/desired', 'core/plan'],
  'core/lookups': ['core/model/values', 'core/model', 'core/desired', 'core/verdict'],
  'core/history': [],
  // It puts into words what all the others have decided.
  'core/explain': [
    'core/model/values',
    'core/model',
    'core/desired',
    'core/render',
    'core/plan',
    'core/verdict',
    'core/lookups',
  ],
  core: ['core/*'],
  'shell/ports': ['core/*'],
  'shell/pass': ['core', 'core/*', 'shell/ports'],
  'shell/events': ['core', 'core/*', 'shell/ports', 'shell/pass'],
  'shell/history': ['core', 'core/*', 'shell/ports', 'shell/pass'],
  'shell/status': ['core', 'core/*', 'shell/ports', 'shell/pass', 'shell/events'],
  'shell/talk': [
    'core',
    'core/*',
    'shell/ports',
    'shell/pass',
    'shell/events',
    'shell/history',
    'shell/status',
  ],
  'shell/operations': [
    'core',
    'core/*',
    'shell/ports',
    'shell/pass',
    'shell/history',
    'shell/talk',
    'shell/status',
  ],
  shell: ['core', 'core/*', 'shell/*'],
  platform: [],
  redact: [],
  config: ['core/model', 'core/model/values', 'core/desired', 'core/render', 'platform'],
  telemetry: ['core/model', 'redact', 'shell/ports', 'shell/status'],
  adapters: ['core', 'core/*', 'platform', 'redact', 'shell/ports'],
  http: ['core/*', 'platform', 'shell', 'shell/*'],
  // How what the daemon answers is put for people: the terminal and the page say the same. No terminal, no DOM, no Node.
  words: ['core/*', 'shell/events', 'shell/operations', 'shell/status'],
  // It runs in a browser: of the other rooms it has types, and code that needs neither Node nor a package.
  page: [
    'core/explain',
    'core/explain/route',
    'core/model',
    'shell/events',
    'shell/history',
    'shell/status',
    'shell/operations',
    'words',
  ],
  doctor: ['core', 'core/*', 'shell/ports', 'adapters', 'config', 'platform'],
  bundle: ['core/*', 'adapters', 'config', 'doctor', 'platform', 'redact', 'shell', 'shell/*'],
  wire: [
    'bundle',
    'core',
    'core/*',
    'shell',
    'shell/*',
    'adapters',
    'doctor',
    'http',
    'config',
    'telemetry',
    'platform',
  ],
  cli: [
    'bundle',
    'core/*',
    'doctor',
    'shell',
    'shell/events',
    'shell/status',
    'shell/operations',
    'config',
    'telemetry',
    'platform',
    'wire',
    'words',
    'cli/lab.ts',
  ],
  'page/lab': ['page', 'lab/scenario', 'lab/topology', 'lab/story', 'words'],
  // The lab is a program of its own: only its command knows it.
  'cli/lab.ts': ['cli', 'lab', 'lab/*'],
  lab: ['core/model/values', 'core/render', 'adapters', 'http', 'platform', 'lab/*'],
  // The lab on hosts that are made up, in one process with the agents.
  'lab/simulated': [
    'adapters',
    'core',
    'core/*',
    'http',
    'lab',
    'lab/*',
    'platform',
    'shell',
    'shell/*',
    'telemetry',
    'wire',
  ],
  // What the lab's page has as well, in the browser: names, numbers, places and what was told; of the lab itself only types.
  'lab/scenario': ['lab'],
  'lab/topology': ['lab/scenario'],
  'lab/story': ['lab/scenario'],
  '': ['cli', 'wire', 'platform'],
};

/** Packages and parts of Node that only some rooms may use. What is not named here, everybody may. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  undici: ['adapters'],
  'signal-exit': ['platform'],
  commander: ['cli'],
  handlebars: ['core/render'],
  hono: ['http', 'lab'],
  'jsonc-parser': ['config'],
  leven: ['config'],
  'modern-tar': ['bundle'],
  'p-limit': ['shell', 'shell/pass', 'adapters'],
  pino: ['telemetry'],
  preact: ['page', 'page/lab'],
  'prom-client': ['telemetry'],
  'string-width': ['cli'],
  uplot: ['page'],
  'wrap-ansi': ['cli'],
};

const mostInAFolder = 25;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.tsx?$/.test(path),
);
const imports = new Map(files.map((path) => [path, importsOf(path)]));
const rooms = Object.keys(mayImport).sort((a, b) => b.length - a.length);

function importsOf(path: string): readonly string[] {
  const text = readFileSync(posix.join('src', path), 'utf8');
  return [...text.matchAll(/^(?:import|export|\}) .*?from '([^']+)'|\bimport\('([^']+)'\)/gms)].map(
    ([, fixed, dynamic]) => fixed ?? dynamic ?? '',
  );
}

/** What a file has loaded before it runs: neither types nor what it loads later. */
function loadedBy(path: string): readonly string[] {
  const text = readFileSync(posix.join('src', path), 'utf8');
  return [...text.matchAll(/^(?:import (?!type )|export \{|\}).*?from '([^']+)'/gms)].map(
    ([, name]) => name ?? '',
  );
}

/** The files of `src` that are loaded with `path`, itself among them, and the packages and parts of Node. */
function loadedWith(path: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  for (const name of loadedBy(path)) {
    if (/^\..*\.js$/.test(name)) loadedWith(fileOf(name, path), loaded);
    else if (!name.endsWith('?raw')) loaded.add(name);
  }
  return loaded;
}

/** The files of `src` that a file imports; not those whose text is put into the program (`?raw`). */
function neighborsOf(path: string): readonly string[] {
  return (imports.get(path) ?? [])
    .filter((name) => /^\..*\.js$/.test(name))
    .map((name) => fileOf(name, path));
}

function fileOf(name: string, from: string): string {
  const path = posix.join(posix.dirname(from), name.replace(/\.js$/, '.ts'));
  return imports.has(path) ? path : `${path}x`;
}

function roomOf(path: string): string {
  const folder = posix.dirname(path);
  return rooms.find((room) => path === room || folder === room || folder.startsWith(`${room}/`)) ?? '';
}

function allows(from: string, to: string): boolean {
  const above = posix.dirname(to);
  return (
    from === to ||
    (mayImport[from] ?? []).some(
      (room) =>
        room === to || room === `${above}/*` || (room.endsWith('/*') && to.startsWith(room.slice(0, -1))),
    )
  );
}

describe('the house', () => {
  it('finds every import', () => {
    const unknown = files.flatMap((path) => neighborsOf(path).filter((each) => !imports.has(each)));
    expect(unknown).toEqual([]);
    expect(files.length).toBeGreaterThan(300);
  });

  it('has no file that imports from a room that it does not know', () => {
    const wrong = files.flatMap((path) =>
      neighborsOf(path)
        .filter((each) => !allows(roomOf(path), roomOf(each)))
        .map((each) => `${path} imports ${each}`),
    );
    expect(wrong).toEqual([]);
  });

  it('lets only desire.ts know what was there before the agent', () => {
    const entering = files.filter(
      (path) =>
        roomOf(path) !== 'core/adopt' && neighborsOf(path).some((each) => roomOf(each) === 'core/adopt'),
    );
    expect(entering).toEqual(['core/desire.ts']);
  });

  it('has no file that uses a package that belongs to another room', () => {
    const wrong = files.flatMap((path) =>
      (imports.get(path) ?? [])
        .filter((name) => !(onlyIn[name] ?? [roomOf(path)]).includes(roomOf(path)))
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('starts with the definitions of the commands and loads the code of the one that runs', () => {
    const packages = (path: string) =>
      [...loadedWith(path)].filter((name) => !/\.ts$|^node:/.test(name)).sort();
    expect(packages('main.ts')).toEqual([]);
    expect(packages('start.ts')).toEqual(['commander', 'leven']);
    expect([...loadedWith('start.ts')].filter((path) => path.endsWith('.ts')).length).toBeLessThan(25);
    // `status`: its own code, its tables, the configuration and the control socket's client.
    const needed = ['ipaddr.js', 'jsonc-parser', 'leven', 'string-width', 'wrap-ansi', 'zod'];
    for (const path of ['cli/status/status.ts', 'config/load.ts', 'http/client.ts'])
      expect(packages(path).filter((name) => !needed.includes(name))).toEqual([]);
  });

  it('loads the lab for the command lab alone', () => {
    for (const path of files.filter((each) => !['lab', 'lab/simulated', 'cli/lab.ts'].includes(roomOf(each))))
      expect([...loadedWith(path)].filter((each) => ['lab', 'lab/simulated'].includes(roomOf(each)))).toEqual(
        [],
      );
  });

  it('loads the simulated hosts of the lab for `lab --simulate` alone', () => {
    const simulated = [...loadedWith('cli/lab.ts')].filter((each) => roomOf(each) === 'lab/simulated');
    expect(simulated).toEqual([]);
  });

  it('has no circle', () => {
    expect(circleIn(files)).toBeUndefined();
  });

  it(`has no folder of more than ${mostInAFolder} files`, () => {
    const counts = new Map<string, number>();
    for (const root of ['src', 'test'])
      for (const entry of readdirSync(root, { recursive: true, withFileTypes: true }))
        if (entry.isFile()) counts.set(entry.parentPath, (counts.get(entry.parentPath) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > mostInAFolder)).toEqual([]);
  });
});

/** The files of one circle of imports; undefined where there is none. */
function circleIn(paths: readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  function visit(path: string, way: readonly string[]): readonly string[] | undefined {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const each of neighborsOf(path)) {
      const circle = visit(each, [...way, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  }
  for (const path of paths) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}
