import { afterEach, describe, expect, it } from 'vitest';
import { Routers } from '../integration/bird/routers/routers.js';
import { installedVersion } from '../integration/bird/routers/running-bird.js';
import { releaseNamed } from './releases.js';

const release = releaseNamed(process.env['MOENET_BIRD'] ?? '');
const routers = new Routers();

afterEach(() => routers.close());

describe(`the BIRD of ${release.name}`, () => {
  it('is the one that the tests check files with, and of the line that its package names', async () => {
    expect(await installedVersion()).toMatch(new RegExp(`^${release.major}\\.\\d+`));
  });

  it('is the one that runs in a namespace and that the tests ask', async () => {
    const tree = { 'bird.conf': 'router id 192.0.2.1;\nprotocol device { }\n' };
    const bird = await routers.start(await routers.open('node'), tree);
    expect(await bird.ask('show status')).toContain(`BIRD ${await installedVersion()}\n`);
  });
});
