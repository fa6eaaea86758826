import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPriorities, writesToJournal } from '@sealwatch/shared/runtime/journal.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { describe, expect, it } from 'vitest';

describe('a line of the log', () => {
  const written = (toJournal: boolean): string[] => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ program: 'test', level: 'debug', destination, toJournal });
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error('e');
    return lines;
  };

  it('begins with its priority for the journal, and is the same line otherwise', () => {
    const lines = written(true);
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['<7>', '<6>', '<4>', '<3>']);
    expect(lines.map((line) => (JSON.parse(line.slice(3)) as { message: string }).message)).toEqual([
      'd',
      'i',
      'w',
      'e',
    ]);
  });

  it('does not elsewhere', () => {
    expect(written(false).every((line) => line.startsWith('{"level":'))).toBe(true);
  });

  it('that is none of ours is of the least importance', () => {
    const lines: string[] = [];
    withPriorities({ write: (line: string) => void lines.push(line) }).write('{"msg":"level":50}\n');
    expect(lines).toEqual(['<7>{"msg":"level":50}\n']);
  });
});

describe('standard error is the journal', () => {
  it('if it is the stream that systemd named', () => {
    const { dev, ino } = fstatSync(2, { bigint: true });
    expect(writesToJournal({ JOURNAL_STREAM: `${String(dev)}:${String(ino)}` })).toBe(true);
  });

  it('but not for a child that writes somewhere else, or without systemd', () => {
    const path = join(tmpdir(), `sealwatch-journal-${String(process.pid)}`);
    const other = openSync(path, 'w');
    const { dev, ino } = fstatSync(other, { bigint: true });
    closeSync(other);
    rmSync(path);
    expect(writesToJournal({ JOURNAL_STREAM: `${String(dev)}:${String(ino)}` })).toBe(false);
    expect(writesToJournal({ JOURNAL_STREAM: '' })).toBe(false);
    expect(writesToJournal({})).toBe(false);
  });
});
