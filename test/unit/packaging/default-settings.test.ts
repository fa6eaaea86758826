import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgentYaml } from '@sealwatch/agent/config/parse-agent-yaml.js';
import { parseCollectorYaml } from '@sealwatch/collector/config/parse-collector-yaml.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const PACKAGING = join(import.meta.dirname, '..', '..', '..', 'packaging');

describe.each([
  ['agent.yaml', parseAgentYaml],
  ['collector.yaml', parseCollectorYaml],
] as const)('the %s of a package', (name, parseSettings) => {
  const installed = readFileSync(join(PACKAGING, 'config', name), 'utf8');
  const spelledOut = installed.replaceAll(/^# (\s*\w+:.*)$/gm, '$1');
  const defaults = parseSettings(Buffer.alloc(0), name);

  it('changes nothing as it is installed', () => {
    expect(parseSettings(Buffer.from(installed), name)).toEqual(defaults);
  });

  it('shows the default of every setting', () => {
    expect(parseSettings(Buffer.from(spelledOut), name)).toEqual(defaults);
    expect(Object.keys(parse(spelledOut) as object).sort()).toEqual(Object.keys(defaults).sort());
  });

  it('has each setting and its default in its man page', () => {
    const page = readFileSync(join(PACKAGING, 'man', `${name}.man`), 'utf8').replaceAll('\\-', '-');
    const settings = leaves(parse(spelledOut) as Record<string, unknown>);
    expect(settings.length).toBeGreaterThan(5);
    for (const [setting, value] of settings) {
      const paragraph = page.split('.TP\n').find((text) => text.startsWith(`.B ${setting}\n`));
      expect([setting, paragraph?.replaceAll(/\s+/g, ' ')]).toEqual([setting, expect.stringContaining(value)]);
    }
  });
});

function leaves(value: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null
      ? leaves(inner as Record<string, unknown>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, String(inner)] as [string, string]],
  );
}
