import { afterEach, describe, expect, it, vi } from 'vitest';
import { needsNamespaces, skippedFile, whyNotHere, whySkipped } from '../setup/needs-namespaces.js';

afterEach(() => vi.unstubAllEnvs());

describe('a machine that cannot run real programs in namespaces', () => {
  const why = whyNotHere('/no/such/tun') ?? '';

  it('says why', () => {
    expect(why).toMatch(/^it (opens no \/no\/such\/tun|makes no namespaces|has no unshare)/);
  });

  it('skips the files that need them, each with the reason', () => {
    vi.stubEnv('CI', undefined);
    const { transform } = needsNamespaces(() => whySkipped(why));
    const replace = transform as unknown as (code: string, id: string) => unknown;
    expect(replace('', '/test/e2e/agent.test.ts')).toEqual({ code: skippedFile(why), map: null });
    expect(replace('', '/test/e2e/agent-node.ts')).toBeUndefined();
    expect(replace('', '/test/e2e/lab/lab-simulated.anywhere.test.ts')).toBeUndefined();
    expect(skippedFile(why)).toContain(`not proved on this machine: ${why}`);
  });

  it('is a failure in CI', () => {
    vi.stubEnv('CI', 'true');
    expect(() => whySkipped(why)).toThrow(`cannot run on this machine: ${why}. CI has to prove them.`);
  });
});
