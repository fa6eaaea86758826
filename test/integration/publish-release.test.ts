import { afterEach, beforeEach, expect, it } from 'vitest';
import { IngestWorld } from '../fakes/ingest-world.js';

let world: IngestWorld;
beforeEach(async () => {
  world = await IngestWorld.create();
});
afterEach(async () => {
  await world.dispose();
});

it('no release comes into force whose manifest has expired', async () => {
  const before = world.releases.current()?.digest;
  world.clock.setWall('2027-11-01T00:00:00.000Z');
  await expect(world.deploy(['alpha', 'beta'])).rejects.toMatchObject({ code: 'manifest.expired' });
  expect(world.releases.current()?.digest).toBe(before);
  expect((await world.store.currentRelease())?.digest).toBe(before);
});
