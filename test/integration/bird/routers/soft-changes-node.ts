import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openRoutingRules } from '../../../../src/adapters/iproute2/rules.js';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { Orders } from '../../../../src/core/desired/input.js';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import type { Change } from '../../../../src/core/model/change.js';
import { diffRules } from '../../../../src/core/plan/diff-rules.js';
import { changesOf } from '../../../../src/core/plan/plan.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import type { Bird, BirdCommit } from '../../../../src/shell/ports/bird.js';
import { makeObserved } from '../../../unit/make.js';
import { bgpConnections } from './bgp-connections.js';
import { desireFrom, filesOf, type NodeAnswers } from './node-answers.js';
import { makeRealBird, type RealBird } from './real-bird.js';
import { join as joinLinks, type LinkEnd, Routers } from './routers.js';
import { askAsBirdc, installedVersion, networksIn, type RunningBird } from './running-bird.js';
import {
  addressOf,
  answersOf,
  type Neighbor,
  neighbors,
  neighborsFile,
  sessionItem,
  settled,
} from './soft-changes-answers.js';

/** A node with a running BIRD that the agent's own adapter commits to, its neighbors, and another node. */
export interface ChangingNode {
  readonly answers: NodeAnswers;
  /** Renders the answers as the agent does, with a look at what BIRD runs, commits them, and remembers them where BIRD loaded them. */
  apply(answers: NodeAnswers): Promise<BirdCommit>;
  /** The same once more, by default with the answers of before. Resolves to the files. */
  applyOver(orders?: Orders, answers?: NodeAnswers): Promise<readonly BirdFile[]>;
  /** What the agent would make of the answers, with a look at what BIRD runs. */
  wanted(answers: NodeAnswers): Promise<Desired>;
  readonly configDir: string;
  /** Runs a program in the node's namespace. */
  readonly run: Namespace['run'];
  /** Makes rules and routes as a pass does: rules that are missing, BIRD's files, rules that are left over. */
  applyWithRules(answers: NodeAnswers): Promise<readonly Change['kind'][]>;
  /** An operator's file in BIRD's directory. */
  put(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  read(path: string): Promise<string>;
  /** The files as the agent wants them now. */
  filesNow(): Promise<readonly BirdFile[]>;
  readonly check: (files: readonly BirdFile[]) => ReturnType<Bird['check']>;
  besides(): Promise<string>;
  /** The permission bits of a file in BIRD's directory. */
  modeOf(path: string): Promise<number>;
  /** Puts files in place that an older version of the agent could have written. */
  putFiles(change: (file: BirdFile) => BirdFile): Promise<void>;
  /** What `birdc` prints. */
  ask(command: string): Promise<string>;
  networks(command: string): Promise<string[]>;
  /** The BIRD at the other end. */
  neighbor(of: Neighbor): RunningBird;
  /** The established sessions by their names here. */
  connections(): Promise<Connections>;
  close(): Promise<void>;
}

/** The TCP connection as both ends see it, and since when the other end has its session: a reset changes all three. */
interface Connection {
  readonly here: string;
  readonly there: string;
  /** Unix time in milliseconds; BIRD makes it anew from its own clock for every answer, so it varies by one or two. */
  readonly upSinceMs: number;
}

export type Connections = Readonly<Record<string, Connection>>;

interface OtherEnd {
  readonly host: Namespace;
  readonly bird: RunningBird;
  /** The session's name in the other end's BIRD, and both addresses. */
  readonly protocol: string;
  readonly theirs: string;
  readonly ours: string;
}

export async function openChangingNode(): Promise<ChangingNode> {
  const routers = new Routers();
  const templates = await loadTemplates();
  const version = await installedVersion();
  const host = await openNode(routers, 1);
  const ends = new Map<string, OtherEnd>([['ibgp_2', await openOtherNode()]]);
  for (const each of neighbors) ends.set(each.protocol, await openNeighbor(routers, host, each));
  const real = await makeRealBird(host);
  await real.put('bird.conf', 'router id 192.0.2.1;\nprotocol device { }\n');
  await real.start();
  const bird = real.open('full');
  const rules = openRoutingRules({ run: host.run });
  let answers = answersOf(
    1,
    settled.map((each) => sessionItem(each)),
  );

  async function openOtherNode(): Promise<OtherEnd> {
    const other = await openNode(routers, 2);
    await joinLinks(meshEnd(host, 1), meshEnd(other, 2));
    const files = filesOf(desireFrom(answersOf(2, []), templates, version));
    const tree = Object.fromEntries(files.map(({ path, content }) => [path, content]));
    const [theirs, ours] = [addressOf.loopbackIpv6(2), addressOf.loopbackIpv6(1)];
    return { host: other, bird: await routers.start(other, tree), protocol: 'ibgp_1', theirs, ours };
  }

  const observe = async ({ surroundings }: NodeAnswers) =>
    makeObserved({
      bird: await bird.observe(),
      birdFiles: await bird.readFiles(),
      localFiles: await bird.readLocalFiles(),
      surroundings,
    });

  async function apply(next: NodeAnswers): Promise<BirdCommit> {
    const files = filesOf(desireFrom(next, templates, version, {}, { observed: await observe(next) }));
    const wanted = new Set(files.map(({ path }) => path));
    const present = [...(await bird.readFiles()).keys()];
    const result = await bird.commit(
      files,
      present.filter((path) => !wanted.has(path)),
    );
    if (result.kind === 'loaded') answers = next;
    return result;
  }

  async function load(files: readonly BirdFile[]): Promise<void> {
    const result = await bird.commit(files, []);
    if (result.kind !== 'loaded') throw new Error(`BIRD does not take the files: ${result.kind}`);
  }

  async function wanted(next: NodeAnswers, orders: Orders = {}): Promise<Desired> {
    return desireFrom(next, templates, version, {}, { observed: await observe(next), orders });
  }

  async function applyOver(orders: Orders = {}, next = answers): Promise<readonly BirdFile[]> {
    const files = filesOf(await wanted(next, orders));
    await load(files);
    answers = next;
    return files;
  }

  async function applyWithRules(next: NodeAnswers): Promise<readonly Change['kind'][]> {
    const changes = diffRules((await wanted(next)).rules, {
      rules: await rules.observe(),
      birdFiles: await bird.readFiles(),
    });
    for (const each of changesOf(changes, 'add-rules')) await rules.add(each.rules);
    await applyOver({}, next);
    for (const each of changesOf(changes, 'remove-rules')) await rules.remove(each.rules);
    return changes.map(({ kind }) => kind);
  }

  const ask = (command: string) => askAsBirdc(real.controlSocket, command);
  return {
    get answers() {
      return answers;
    },
    apply,
    applyOver,
    wanted: (next) => wanted(next),
    configDir: real.configDir,
    run: host.run,
    applyWithRules,
    put: (path, text) => real.put(path, text),
    remove: (path) => rm(join(real.configDir, path)),
    read: (path) => readFile(join(real.configDir, path), 'utf8'),
    filesNow: async () => filesOf(await wanted(answers)),
    check: (files) => bird.check(files, []),
    besides: () => bird.readBesides(),
    modeOf: async (path) => (await stat(join(real.configDir, path))).mode & 0o777,
    putFiles: (change) => load(filesOf(desireFrom(answers, templates, version)).map(change)),
    ask,
    networks: async (command) => networksIn(await ask(command)),
    neighbor: (of) => end(ends, of.protocol).bird,
    connections: () => connectionsOf(host, ends),
    close: () => close(real, routers),
  };
}

async function close(real: RealBird, routers: Routers): Promise<void> {
  await real.close();
  await routers.close();
}

function openNode(routers: Routers, id: number): Promise<Namespace> {
  return routers.open(`node${id}`, [`${addressOf.loopbackIpv4(id)}/32`, `${addressOf.loopbackIpv6(id)}/128`]);
}

function meshEnd(host: Namespace, id: number): LinkEnd {
  return { host, interface: `dn42-wg-igp-${3 - id}`, address: addressOf.linkLocal(id) };
}

async function openNeighbor(routers: Routers, node: Namespace, of: Neighbor): Promise<OtherEnd> {
  const [theirs, ours] = [of.address, addressOf.linkLocal(1)];
  const host = await routers.open(of.name);
  await joinLinks(
    { host: node, interface: of.interface, address: ours },
    { host, interface: 'to_node', address: theirs },
  );
  const bird = await routers.start(host, { 'bird.conf': neighborsFile(of) });
  return { host, bird, protocol: 'node', theirs, ours };
}

function end(ends: ReadonlyMap<string, OtherEnd>, protocol: string): OtherEnd {
  const found = ends.get(protocol);
  if (!found) throw new Error(`nobody is at the other end of ${protocol}`);
  return found;
}

async function connectionsOf(node: Namespace, ends: ReadonlyMap<string, OtherEnd>): Promise<Connections> {
  const all = await bgpConnections(node);
  const found: Record<string, Connection> = {};
  for (const [name, { host, bird, protocol, theirs, ours }] of ends) {
    const [here, there] = [all.get(theirs), (await bgpConnections(host)).get(ours)];
    const upSinceMs = upSince(await bird.ask(`show protocols ${protocol}`));
    if (here !== undefined && there !== undefined && upSinceMs !== undefined) {
      found[name] = { here, there, upSinceMs };
    }
  }
  return found;
}

/** The time in the row of an established session; undefined for one that is not. */
function upSince(answer: string): number | undefined {
  const [, date, time] = /\sup +(\S+) (\S+) +Established/.exec(answer) ?? [];
  return date === undefined ? undefined : Date.parse(`${date}T${time}`);
}
