import { DEFAULT_DOOR_LIMITS } from '@sealwatch/collector/api/door-limits.js';
import { parseCollectorYaml } from '@sealwatch/collector/config/parse-collector-yaml.js';
import { describe, expect, it } from 'vitest';

const parse = (text: string): ReturnType<typeof parseCollectorYaml> =>
  parseCollectorYaml(Buffer.from(text), 'collector.yaml');

describe('collector.yaml', () => {
  it('may be empty: every setting has its default', () => {
    expect(parse('')).toEqual({
      listen: '0.0.0.0:7443',
      enrollListen: '0.0.0.0:7444',
      logLevel: 'info',
      limits: DEFAULT_DOOR_LIMITS,
    });
  });

  it('sets what it names and leaves the rest', () => {
    const { listen, limits } = parse('listen: 10.0.0.5:7443\nlimits:\n  callsPerSecond: 3\n  handshakeTimeout: 2s\n');
    expect(listen).toBe('10.0.0.5:7443');
    expect(limits).toEqual({
      ...DEFAULT_DOOR_LIMITS,
      calls: { perSecond: 3, burst: 15 },
      handshakeTimeoutMs: 2000,
    });
  });

  it('is refused with every problem and its line', () => {
    const text = 'listen: nowhere\nlogLevl: info\nlimits:\n  maxConnections: 0\n  handshakeTimeout: 10\n';
    expect(() => parse(text)).toThrow(
      /line 1: listen.*line 2: logLevl: unknown key; did you mean logLevel\?.*line 4: limits\.maxConnections: must be a whole number.*line 5: limits\.handshakeTimeout/s,
    );
  });
});
