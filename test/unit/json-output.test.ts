import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { collectorProgram } from '@sealwatch/collector/cli/collector-program.js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/json-output.md'), 'utf8');

/** Of documents that are signed, stored or read, and that no command prints. */
const NOT_PRINTED = new Set(
  [
    ...['agent-enrollment', 'cmvp', 'enrollment-bundle', 'inception', 'manifest', 'ready', 'release', 'renewal'],
    ...['report', 'seal', 'standard-mode-authorities'],
  ].map((name) => `sealwatch/${name}/v1`),
);

/** How each command is called that can answer programs. */
function withJson(command: Command, words: readonly string[] = [command.name()]): string[] {
  const own = command.options.some(({ argChoices }) => argChoices?.includes('json') === true);
  const inner = command.commands.flatMap((one) => withJson(one, [...words, one.name()]));
  return own ? [words.join(' '), ...inner] : inner;
}

const commands = [sealwatchProgram, collectorProgram, agentProgram].flatMap((program) =>
  withJson(program(capturedIo())),
);

const schemas = ['shared', 'agent', 'collector'].flatMap((workspace) => {
  const source = join(ROOT, workspace, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => readFileSync(join(source, name), 'utf8').match(/'sealwatch\/[a-z-]+\/v\d+'/g) ?? []);
});

describe('the JSON', () => {
  it.each([...new Set(commands)])('of %s is described', (command) => {
    expect(page).toContain(`\`${command}\``);
  });

  it.each([...new Set(schemas)].map((quoted) => quoted.slice(1, -1)).filter((schema) => !NOT_PRINTED.has(schema)))(
    'of schema %s is described',
    (schema) => {
      expect(page).toContain(`\`${schema}\``);
    },
  );

  it('that is described is printed', () => {
    const described = page.match(/`sealwatch\/[a-z-]+\/v\d+`/g) ?? [];
    expect(described.length).toBeGreaterThan(20);
    for (const schema of described) expect(schemas).toContain(schema.replace(/`/g, "'"));
  });
});
