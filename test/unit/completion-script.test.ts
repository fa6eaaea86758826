import { execFileSync } from 'node:child_process';
import { completionScript } from '@sealwatch/collector/cli/completion-script.js';
import { completionWords } from '@sealwatch/collector/cli/completion-words.js';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';

const program = new Command('sealwatch')
  .version('1.0.0')
  .addCommand(new Command('check').addCommand(new Command('fips').option('--host <name>').option('--cached')))
  .addCommand(new Command('status').option('--output <form>'));

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', 'sealwatch', completionWords(program))}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${String(words.length - 1)}
_sealwatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-eu', '-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('the completion script', () => {
  it.each([
    [
      ['sealwatch', ''],
      ['check', 'status', '--version', '--help'],
    ],
    [['sealwatch', 'st'], ['status']],
    [
      ['sealwatch', 'check', ''],
      ['fips', '--help'],
    ],
    [
      ['sealwatch', 'check', 'fips', '--h'],
      ['--host', '--help'],
    ],
    [['sealwatch', 'check', 'fips', '--host', 'status', '--c'], ['--cached']],
    [['sealwatch', '--unknown', 'check', 'f'], ['fips']],
  ])('offers after %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('is the same for zsh, behind its emulation of bash', () => {
    const words = completionWords(program);
    expect(completionScript('zsh', 'sealwatch', words)).toBe(
      `autoload -U +X bashcompinit && bashcompinit\n${completionScript('bash', 'sealwatch', words)}`,
    );
  });

  it('tells fish commands and flags apart', () => {
    const script = completionScript('fish', 'sealwatch', completionWords(program));
    expect(script).toContain(`complete -c sealwatch -n 'test (__sealwatch_path) = "sealwatch check"' -f -a 'fips'\n`);
    expect(script).toContain(`-n 'test (__sealwatch_path) = "sealwatch check fips"' -l cached\n`);
  });
});
