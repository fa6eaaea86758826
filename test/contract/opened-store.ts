import { afterEach, beforeEach } from 'vitest';
import type { Store } from '@sealwatch/collector/store/store.js';
import type { TestStore } from '../fakes/test-store.js';

/** A fresh store for each test of the surrounding block. */
export function openedStore(open: () => Promise<TestStore>): { now(): Store; restarted(): Promise<Store> } {
  let opened: TestStore | undefined;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened?.dispose());
  const current = (): TestStore => {
    if (opened === undefined) throw new Error('the store is not open yet');
    return opened;
  };
  return { now: () => current().store, restarted: () => current().reopened() };
}
