import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { testCrypto } from '@sealwatch/agent/self/crypto-self-test.js';
import { describeSelf } from '@sealwatch/agent/self/describe-self.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { describe, expect, it } from 'vitest';

describe('the cryptography of the runtime', () => {
  it('gives the known answers', () => {
    expect(() => {
      testCrypto();
    }).not.toThrow();
  });

  it.each([
    ['SHA-256', "crypto.createHash = () => ({ update: () => ({ digest: () => '00' }) })"],
    [
      'AES-256-GCM',
      'const d = crypto.createDecipheriv; crypto.createDecipheriv = (...a) => Object.assign(d(...a), { final: () => Buffer.alloc(0) })',
    ],
    ['ECDSA P-256', 'crypto.verify = () => true'],
  ])('that is wrong about %s stops the agent', (algorithm, sabotage) => {
    // a process of its own: modules that were imported before the sabotage keep the right functions
    const program = `
      import crypto, { createRequire } from 'node:module';
      import { syncBuiltinESMExports } from 'node:module';
      const require = createRequire(import.meta.url);
      { const crypto = require('node:crypto'); ${sabotage}; }
      syncBuiltinESMExports();
      const { testCrypto } = await import(${JSON.stringify(join(import.meta.dirname, '..', '..', 'agent', 'dist', 'self', 'crypto-self-test.js'))});
      try { testCrypto(); console.log('passed'); } catch (error) { console.log(error.message); }`.replace(
      'import crypto, { createRequire }',
      'import { createRequire }',
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain(`the self-test of ${algorithm} failed`);
  });
});

describe('what an agent says of itself', () => {
  it('is what it runs, by digest, and how its cryptography behaves', async () => {
    const self = await describeSelf();
    expect(self.runtime).toBe(sha256(readFileSync(realpathSync(process.execPath))));
    expect(self.node).toBe(process.version);
    let md5 = true;
    try {
      createHash('md5');
    } catch {
      md5 = false;
    }
    if (md5) expect(self.refusesUnapproved).toBe(false);
  });
});
