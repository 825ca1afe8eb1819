import { openArchive } from '../../../../src/adapters/control-plane/archive.js';
import { createClient } from '../../../../src/adapters/control-plane/client.js';
import type { DialectName } from '../../../../src/adapters/control-plane/dialects/dialect.js';
import { placeOf } from '../../../../src/adapters/control-plane/dialects/dialects.js';
import type { Drift } from '../../../../src/adapters/control-plane/drift.js';
import type { SessionReport } from '../../../../src/core/model/session-report.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { StateStore } from '../../../../src/shell/ports/host.js';
import type { FakeServer } from './fake-server.js';

/** What is on disk, which outlives clients. */
export function memoryState(): StateStore & { readonly documents: Map<string, unknown> } {
  const documents = new Map<string, unknown>();
  return {
    documents,
    problem: undefined,
    read: async (name) => documents.get(name),
    write: async (name, document) => void documents.set(name, document),
  };
}

/** A client that is to find out the dialect, with a clock of its own. */
export function speakingClient(
  server: FakeServer,
  options: { state?: StateStore; dialect?: DialectName | 'auto'; apiUrl?: string } = {},
) {
  const { state = memoryState(), dialect = 'auto', apiUrl = 'http://cp.example' } = options;
  const said: string[] = [];
  const drifts: (Drift & { readonly call: string })[] = [];
  const clock = { ms: 0 };
  const client = createClient({
    transport: server.transport,
    dialects: placeOf(apiUrl, dialect).dialects,
    nodeName: 'jp1',
    token: new Secret('secret-token'),
    archive: openArchive(state),
    onDialect: (found, before) => void said.push(before === undefined ? found : `${before} → ${found}`),
    onDrift: (call, found) => void drifts.push(...found.map((drift) => ({ ...drift, call }))),
    now: () => 1_700_000_000_000,
    monotonic: () => clock.ms,
  });
  return { client, said, drifts, clock };
}

/** A session that runs. */
export const active: SessionReport = {
  uuid: sessionId.parse('abc-123'),
  status: 'active',
  interface: 'wg_24001',
  error: undefined,
};
