import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../../fakes/captured-io.js';
import { buildElf } from '../../fakes/elf-builder.js';
import { framed, inlineBuildInfo } from '../../fakes/go-data.js';
import { moduleSymbols, moduleText } from '../../fakes/module-text.js';

let directory: string;
const text = moduleText(0x401000);

function program(version: string, module = ''): Buffer {
  const data = inlineBuildInfo(version, module === '' ? Buffer.alloc(0) : framed(module));
  return buildElf({
    segments: [
      { flags: 'rx', address: 0x401000, bytes: text.bytes },
      { flags: 'rw', address: 0x600000, bytes: data },
    ],
    symbols: moduleSymbols(text),
  });
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-inspect-'));
  const whole = program('go1.15.3b5', 'path\tk8s.io/kubernetes/cmd/kubelet\nbuild\tCGO_ENABLED=1\n');
  const corrupt = Buffer.from(whole);
  corrupt[8192] = corrupt[8192]! ^ 1;
  const files: Record<string, Buffer | string> = {
    kubelet: whole,
    '4711': whole,
    corrupt,
    liar: buildElf({
      segments: [{ flags: 'rw', address: 0x600000, bytes: inlineBuildInfo('go1.19.8 X:boringcrypto') }],
    }),
    hostile: program('go1.19\u001b[2J\u202e X:a', 'path\t\u001b]0;owned\u0007\n'),
    script: '#!/bin/sh\n',
    empty: '',
    truncated: whole.subarray(0, 4096),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
  execFileSync('mkfifo', [join(directory, 'fifo')]);
  symlinkSync('/dev/zero', join(directory, 'zero'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function inspect(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const io = capturedIo({ cwd: directory });
  const status = await runProgram(agentProgram(io), ['inspect', ...args], io);
  return { status, stdout: io.stdout, stderr: io.stderr };
}

describe('sealwatch-agent inspect', () => {
  it('says what a binary is, each fact with what it shows and what it does not', async () => {
    const { status, stdout } = await inspect('kubelet');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Binary: kubelet\nFormat: ELF, 64 bits, little-endian, amd64, executable\n/);
    expect(stdout).toContain('Module: self-consistent, of no known build (300000 bytes, HMAC-SHA512)');
    expect(stdout).toContain('Certificate: none to name');
    expect(stdout).toContain('Operating environment: not examined');
    expect(stdout).toContain('Claims: version go1.15.3b5, of BoringCrypto 66005f41');
    expect(stdout).toContain('Package: k8s.io/kubernetes/cmd/kubelet\n');
    expect(stdout).toContain('Build setting: CGO_ENABLED=1\n');
    const facts = stdout.match(/^ {4}shows: /gm)?.length;
    expect(facts).toBe(13);
    expect(stdout.match(/^ {4}does not show: /gm)?.length).toBe(facts);
  });

  it.each(['kubelet', 'corrupt', 'liar', 'hostile'])(
    'never calls %s certified, validated or compliant',
    async (name) => {
      for (const output of ['text', 'json']) {
        expect((await inspect(name, '--output', output)).stdout).not.toMatch(/certified|validated|complian|conform/i);
      }
    },
  );

  it('answers in JSON, with the same bytes each time', async () => {
    const { status, stdout } = await inspect('kubelet', '--output', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'sealwatch/inspect/v1',
      subject: { kind: 'file', path: 'kubelet' },
      passes: true,
      conclusion: {
        backend: 'boringcrypto',
        integrity: 'whole',
        module: { state: 'unknown-build', hash: text.hash, length: 300_000 },
        certificateStatus: 'not-judged',
        operatingEnvironment: 'not-examined',
      },
      observation: { state: 'program', facts: { boring: { by: 'symbols', hash: text.hash } } },
    });
    expect((await inspect('kubelet', '--output', 'json')).stdout).toBe(stdout);
  });

  it('a module that is corrupt or absent although claimed is a no', async () => {
    const corrupt = await inspect('corrupt');
    expect(corrupt.stdout).toContain('Integrity: corrupt: its bytes do not give the hash it keeps');
    expect(corrupt.status).toBe(1);
    const liar = await inspect('liar');
    expect(liar.stdout).toContain('Module: absent, although the binary claims one');
    expect(liar.status).toBe(1);
  });

  it.each([
    ['script', 'a script; inspect its interpreter'],
    ['empty', 'it is empty'],
    ['truncated', 'Malformed: '],
    ['missing', 'Unreadable: cannot be read (ENOENT)'],
    ['.', 'Unreadable: not a regular file (directory)'],
    ['fifo', 'Unreadable: not a regular file (fifo)'],
    ['zero', 'Unreadable: not a regular file (character-device)'],
    ['4711999999', 'Unreadable: there is no such process'],
  ])('what can not be inspected ends with 2: %s', async (target, words) => {
    const { status, stdout } = await inspect(target);
    expect(stdout).toContain(words);
    expect(status).toBe(2);
    expect(JSON.parse((await inspect(target, '--output', 'json')).stdout)).toMatchObject({
      passes: false,
      conclusion: null,
    });
  });

  it('a number is a process, and ./NUMBER a file', async () => {
    expect((await inspect('./4711')).stdout).toContain('Binary: ./4711\n');
    const own = await inspect(String(process.pid), '--output', 'json');
    expect(own.status).toBe(0);
    expect(JSON.parse(own.stdout)).toMatchObject({
      subject: { kind: 'process', pid: process.pid, path: process.execPath },
      conclusion: { backend: 'not-known', module: { state: 'none' } },
    });
  });

  it('prints nothing that moves the cursor', async () => {
    const { stdout } = await inspect('hostile');
    expect(stdout).toContain('go1.19\\x1b[2J\\u202e');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it.each([[], ['kubelet', 'liar'], ['kubelet', '--output', 'yaml']])('wrong usage: %j', async (...args) => {
    expect(await inspect(...args)).toMatchObject({ status: 2, stdout: '' });
  });
});
