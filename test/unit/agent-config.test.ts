import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentConfig } from '@sealwatch/agent/config/agent-config.js';
import { loadAgentConfig } from '@sealwatch/agent/config/load-agent-config.js';
import { parseAgentYaml } from '@sealwatch/agent/config/parse-agent-yaml.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-config-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const FULL = `
# all there is
stateDir: /srv/agent
hostRoot: /
containerdSocket: /run/k3s/containerd/containerd.sock
logLevel: debug
outbox:
  maxEntries: 10
  maxBytes: 8388608
budget:
  cpu: 25%
  read: 200MiB
`;

const parse = (text: string): AgentConfig => parseAgentYaml(Buffer.from(text), 'agent.yaml');

describe("an agent's configuration", () => {
  it('has defaults for everything', async () => {
    writeFileSync(join(directory, 'agent.yaml'), '');
    expect(await loadAgentConfig({ config: 'agent.yaml' }, directory)).toEqual({
      stateDir: '/var/lib/sealwatch-agent',
      hostRoot: '/proc/1/root',
      containerdSocket: '/run/containerd/containerd.sock',
      logLevel: 'info',
      outbox: { maxEntries: 1000, maxBytes: 67_108_864 },
      budget: { cpuShare: 0.1, bytesPerSecond: 52_428_800 },
    });
  });

  it('is what the file says, and above that what the flags say', async () => {
    writeFileSync(join(directory, 'agent.yaml'), FULL);
    const config = await loadAgentConfig({ config: 'agent.yaml', stateDir: 'here', logLevel: 'warn' }, directory);
    expect(config).toEqual({
      stateDir: join(directory, 'here'),
      hostRoot: '/',
      containerdSocket: '/run/k3s/containerd/containerd.sock',
      logLevel: 'warn',
      outbox: { maxEntries: 10, maxBytes: 8_388_608 },
      budget: { cpuShare: 0.25, bytesPerSecond: 209_715_200 },
    });
  });

  it('may name only a part of the outbox', () => {
    expect(parse('outbox: { maxEntries: 5 }').outbox).toEqual({ maxEntries: 5, maxBytes: 67_108_864 });
    expect(parse('outbox:').outbox).toEqual({ maxEntries: 1000, maxBytes: 67_108_864 });
  });

  it('may name only a part of the budget', () => {
    expect(parse('budget: { cpu: 100% }').budget).toEqual({ cpuShare: 1, bytesPerSecond: 52_428_800 });
    expect(parse('budget: { cpu: 2.5%, read: 1GiB }').budget).toEqual({ cpuShare: 0.025, bytesPerSecond: 2 ** 30 });
    expect(parse('budget: { read: 1024KiB }').budget).toEqual({ cpuShare: 0.1, bytesPerSecond: 2 ** 20 });
    expect(parse('budget:').budget).toEqual({ cpuShare: 0.1, bytesPerSecond: 52_428_800 });
  });

  it.each([
    'budget: { cpu: 10 }',
    'budget: { cpu: 0% }',
    'budget: { cpu: 0.9% }',
    'budget: { cpu: 101% }',
    'budget: { cpu: -5% }',
    'budget: { cpu: ten% }',
    'budget: { cpu: 0.1 }',
  ])('refuses the share %s, and says which is right', (text) => {
    expect(() => parse(text)).toThrow(/line 1: budget\.cpu: must be from 1% to 100%, with the sign, such as 10%/);
  });

  it.each([
    'budget: { read: 50 }',
    'budget: { read: 50MB }',
    'budget: { read: 50 MiB/s }',
    'budget: { read: 0MiB }',
    'budget: { read: 1023KiB }',
    'budget: { read: 101GiB }',
    'budget: { read: 1.5GiB }',
  ])('refuses the rate %s, and says which is right', (text) => {
    expect(() => parse(text)).toThrow(/line 1: budget\.read: must be from 1MiB to .* with its unit .*such as 50MiB/);
  });

  it('must be there when it was asked for', async () => {
    await expect(loadAgentConfig({ config: 'none.yaml' }, directory)).rejects.toMatchObject({ code: 'config.missing' });
  });

  it.each([
    ['an unknown key', 'stateDir: /a\nstate-dir: /b\n', /line 2: state-dir: unknown key; did you mean stateDir\?/],
    ['an unknown key inside', 'outbox:\n  maxEntries: 1\n  max: 2\n', /line 3: outbox\.max: unknown key/],
    ['an unknown part of the budget', 'budget:\n  cpus: 5%\n', /line 2: budget\.cpus: unknown key; did you mean cpu\?/],
    ['what looks like a prototype', '__proto__: x\nconstructor: y\n', /line 1: __proto__: unknown key/],
    ['a number for text', 'stateDir: 5\n', /line 1: stateDir: must be an absolute path; put it in quotes/],
    ['text for a number', 'outbox:\n  maxBytes: "64 MiB"\n', /line 2: outbox\.maxBytes: must be a whole number/],
    ['a list', '- stateDir\n', /line 1: must be a mapping/],
    ['a key twice', 'logLevel: info\nlogLevel: warn\n', /line 2: logLevel: is there twice/],
    ['what is no YAML', 'stateDir: [\n', /line 2: /],
  ])('refuses %s, with its line', (_, text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringMatching(message) as string }) as Error,
    );
  });

  it('refuses values that cannot be, all at once', async () => {
    writeFileSync(
      join(directory, 'agent.yaml'),
      'stateDir: here\nhostRoot: there\nlogLevel: loud\noutbox: { maxEntries: 0, maxBytes: 1.5 }\n',
    );
    await expect(loadAgentConfig({ config: 'agent.yaml' }, directory)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(
        /stateDir: .*\n.*hostRoot: .*\n.*logLevel: .*\n.*outbox\.maxEntries: .*\n.*outbox\.maxBytes: /,
      ) as string,
    });
  });
});
