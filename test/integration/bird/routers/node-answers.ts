import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseConfig } from '../../../../src/adapters/control-plane/parse/parse-config.js';
import { parseMesh } from '../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { parseSessions } from '../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { desire } from '../../../../src/core/desire.js';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { DesireMemory } from '../../../../src/core/desired/input.js';
import type { NodeSettings } from '../../../../src/core/desired/settings.js';
import type { DesireInput } from '../../../../src/core/finish.js';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import type { Surroundings } from '../../../../src/core/model/observed.js';
import type { Templates } from '../../../../src/core/render/templates.js';
import { makeObserved, noDesireMemory, nodeSettings, ownKey } from '../../../unit/make.js';

/** What the control plane answers a node, before anything of it was parsed, and what the node remembers itself. */
export interface NodeAnswers {
  readonly config: object;
  readonly birdConfig: object;
  readonly mesh: object;
  readonly sessions: object;
  readonly memory: Partial<DesireMemory>;
  /** What the operator's file says besides. */
  readonly settings?: Partial<NodeSettings>;
  /** What the node depends on, as it sees that itself. */
  readonly surroundings?: Surroundings;
}

const settings: NodeSettings = { ...nodeSettings, loopbackInterface: 'lo' };

/** The way of all answers: as JSON over the wire, through the parsers, to the whole node as it should be. */
export function desireFrom(
  answers: NodeAnswers,
  templates: Templates,
  birdVersion: string,
  changes: Partial<NodeSettings> = {},
  seen: Partial<Pick<DesireInput, 'observed' | 'orders'>> = {},
): Desired {
  return desire({
    snapshot: {
      config: parseConfig(overTheWire(answers.config)),
      birdConfig: parseBirdConfig(overTheWire(answers.birdConfig)),
      mesh: parseMesh(overTheWire(answers.mesh)),
      sessions: parseSessions(overTheWire(answers.sessions), documented),
    },
    settings: { ...settings, ...answers.settings, ...changes },
    key: { publicKey: ownKey },
    observed: makeObserved({ surroundings: answers.surroundings }),
    creating: [],
    birdVersion,
    templates,
    memory: { ...noDesireMemory, ...answers.memory },
    orders: {},
    ...seen,
  });
}

/** The files that BIRD gets. Throws, with the reasons, where there are none. */
export function filesOf(desired: Desired): readonly BirdFile[] {
  if (desired.files === undefined) throw new Error(`no files: ${desired.problems.join('; ')}`);
  return desired.files;
}

function overTheWire(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer));
}
