import { enumerate } from '@sealwatch/shared/probe/enumerate.js';
import { enumerateShareGroups } from '@sealwatch/shared/probe/enumerate-groups.js';
import { enumerateSchemes } from '@sealwatch/shared/probe/enumerate-schemes.js';
import { enumerateSuites } from '@sealwatch/shared/probe/enumerate-suites.js';
import { DEFAULT_PROBE_LIMITS, Interview, type ProbeLimits } from '@sealwatch/shared/probe/interview.js';
import { learnParameters } from '@sealwatch/shared/probe/learn-parameters.js';
import { preferenceOf } from '@sealwatch/shared/probe/preference.js';
import { probeTls, type ProbeResult } from '@sealwatch/shared/probe/probe-tls.js';
import { uint, vector } from '@sealwatch/shared/probe/tls-encoding.js';
import { describe, expect, it } from 'vitest';
import {
  alertRecord,
  codesOf,
  ecdheKeyExchange,
  handshake,
  type Offered,
  scriptedDial,
  type ScriptedReply,
  serverHello,
} from '../fakes/scripted-tls.js';

/** A server of TLS 1.2 with an order of its own. */
const preferring =
  (...suites: readonly number[]) =>
  ({ suites: offered, extensions, version }: Offered): ScriptedReply => {
    const chosen = version === 0x0303 && !extensions.has(43) ? suites.find((id) => offered.includes(id)) : undefined;
    return chosen === undefined ? alertRecord(40) : serverHello(0x0303, chosen);
  };

function interviewing(
  reply: (offered: Offered) => ScriptedReply,
  limits: Partial<ProbeLimits> = {},
  monotonic: () => number = () => 0,
): Interview {
  return new Interview({
    dial: scriptedDial(reply),
    limits: { ...DEFAULT_PROBE_LIMITS, ...limits },
    serverName: undefined,
    monotonic,
  });
}

function probing(reply: (offered: Offered) => ScriptedReply, limits: Partial<ProbeLimits> = {}): Promise<ProbeResult> {
  return probeTls({
    dial: scriptedDial(reply),
    handshake: null,
    certificates: { name: null, authorities: [], at: 0 },
    authorities: [],
    serverName: undefined,
    limits,
    monotonic: () => 0,
  });
}

describe('suites', () => {
  it("come in the server's order, one hello each and one more", async () => {
    const interview = interviewing(preferring(0x002f, 0xc030, 0x0005));
    const { chosen } = await enumerateSuites(interview, 'TLS 1.2');
    expect(chosen).toEqual([0x002f, 0xc030, 0x0005]);
    expect(interview.connections).toBe(4);
  });

  it('come in the same order from a server that closes on a long ClientHello', async () => {
    const server = preferring(0x002f, 0x0005, 0xc030, 0xc09d);
    const interview = interviewing((offered) => (offered.length > 512 ? 'closed' : server(offered)));
    const { chosen } = await enumerateSuites(interview, 'TLS 1.2');
    expect(chosen).toEqual([0x002f, 0x0005, 0xc030, 0xc09d]);
  });

  it('also from one that calls it a decoding error, or resets', async () => {
    for (const refusal of [alertRecord(50), 'reset'] as const) {
      const server = preferring(0x0005, 0xc030);
      const interview = interviewing((offered) => (offered.suites.length > 100 ? refusal : server(offered)));
      expect((await enumerateSuites(interview, 'TLS 1.2')).chosen).toEqual([0x0005, 0xc030]);
    }
  });

  it('a clear refusal is asked once', async () => {
    for (const alert of [40, 70, 71]) {
      const interview = interviewing(() => alertRecord(alert));
      expect((await enumerateSuites(interview, 'TLS 1.1')).chosen).toEqual([]);
      expect(interview.connections).toBe(1);
    }
  });

  it('silence is asked twice, not eight times', async () => {
    const interview = interviewing(() => 'timeout');
    await enumerateSuites(interview, 'TLS 1.1');
    expect(interview.connections).toBe(2);
  });

  it('one reset is chance', async () => {
    let asked = 0;
    const server = preferring(0xc030, 0x002f);
    const interview = interviewing((offered) => (asked++ === 1 ? 'reset' : server(offered)));
    expect((await enumerateSuites(interview, 'TLS 1.2')).chosen).toEqual([0xc030, 0x002f]);
  });

  it('an older version instead of the one asked for is a no', async () => {
    const interview = interviewing(() => serverHello(0x0301, 0x002f));
    expect((await enumerateSuites(interview, 'TLS 1.2')).chosen).toEqual([]);
  });
});

describe('a server that chooses what was not offered', () => {
  it('does not keep us, and is reported', async () => {
    const { observation } = await probing(({ version }) =>
      version === 0x0303 ? serverHello(0x0303, 0x002f) : alertRecord(70),
    );
    expect(observation).toMatchObject({ state: 'served', versions: [{ suites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }] });
    expect(observation).toMatchObject({
      unanswered: expect.arrayContaining(['TLS 1.2 suites: it chose what was not offered']) as unknown,
    });
  });
});

describe('SSL 3.0', () => {
  it('is seen where it is still served', async () => {
    const { observation } = await probing(({ version, suites }) =>
      version === 0x0300 && suites.includes(0x0004) ? serverHello(0x0300, 0x0004) : alertRecord(40),
    );
    expect(observation).toMatchObject({
      versions: [{ version: 'SSL 3.0', suites: ['TLS_RSA_WITH_RC4_128_MD5'], preference: 'single' }],
      secureRenegotiation: false,
      extendedMasterSecret: false,
    });
  });
});

describe('the groups of TLS 1.3', () => {
  const chosenGroup = (group: number): Buffer => {
    const extensions = vector(2, Buffer.from([0, 43, 0, 2, 3, 4, 0, 51, 0, 2]), uint(2, group));
    return handshake(2, Buffer.concat([serverHello(0x0303, 0x1301).subarray(9), extensions]));
  };
  const sharesOf = ({ extensions }: Offered): Buffer => extensions.get(51) ?? Buffer.alloc(2);

  it('are found one by one where an offer without key shares is refused', async () => {
    const interview = interviewing((offered) => {
      const shares = sharesOf(offered);
      if (shares.length === 2) return alertRecord(47);
      const group = shares.readUInt16BE(2);
      return [0x11ec, 0x18, 0x101].includes(group) ? chosenGroup(group) : alertRecord(40);
    });
    expect((await enumerateShareGroups(interview, [0x1301])).chosen).toEqual([0x18, 0x101, 0x11ec]);
  });

  it('are named in the order of a server that asks for them', async () => {
    const interview = interviewing(({ extensions }) => {
      const offered = codesOf(extensions.get(10)!.subarray(2));
      const group = [0x11ec, 0x1d, 0x17].find((id) => offered.includes(id));
      return group === undefined ? alertRecord(40) : chosenGroup(group);
    });
    expect((await enumerateShareGroups(interview, [0x1301])).chosen).toEqual([0x11ec, 0x1d, 0x17]);
    expect(interview.connections).toBe(4);
  });
});

describe('SHA-1 forced on a silent client', () => {
  it('is found, though it is chosen by nobody who says what he wants', async () => {
    const { chosen } = await enumerateSchemes(
      interviewing(({ extensions }) => {
        const schemes = extensions.has(13) ? codesOf(extensions.get(13)!.subarray(2)) : [0x0201];
        const scheme = [0x0804, 0x0201].find((id) => schemes.includes(id) && (id !== 0x0201 || schemes.length === 1));
        if (scheme === undefined || (extensions.has(13) && scheme === 0x0201)) return alertRecord(40);
        return Buffer.concat([serverHello(0x0303, 0xc02f), ecdheKeyExchange(scheme)]);
      }),
      [0xc02f],
    );
    expect(chosen).toEqual([0x0804, 0x0201]);
  });

  it('as is any scheme a server signs with though nobody offered it', async () => {
    const { chosen } = await enumerateSchemes(
      interviewing(({ extensions }) =>
        extensions.has(13) ? Buffer.concat([serverHello(0x0303, 0xc02f), ecdheKeyExchange(0x0777)]) : alertRecord(40),
      ),
      [0xc02f],
    );
    expect(chosen).toEqual([0x0777]);
  });
});

describe('groups and signature schemes of TLS 1.2', () => {
  const ORDER = { groups: [0x18, 0x17], schemes: [0x0805, 0x0804, 0x0403] };

  /** A server that shows its choice of both, and signs with ECDSA only for those who know its curve. */
  function exchanging(offered: Offered): ScriptedReply {
    const list = (type: number): number[] => codesOf(offered.extensions.get(type)?.subarray(2) ?? Buffer.alloc(0));
    const group = ORDER.groups.find((id) => list(10).includes(id));
    const scheme = ORDER.schemes.find((id) => list(13).includes(id) && (id !== 0x0403 || list(10).includes(0x17)));
    if (group === undefined || scheme === undefined) return alertRecord(40);
    return Buffer.concat([serverHello(0x0303, 0xc02f), ecdheKeyExchange(scheme, group)]);
  }

  it('are seen two at a time, and to the end', async () => {
    const interview = interviewing(exchanging);
    const found = await learnParameters(interview, 'TLS 1.2', [0xc02f]);
    expect(found).toMatchObject({
      groups: ['P-384', 'P-256'],
      signatureSchemes: ['rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha256', 'ecdsa_secp256r1_sha256'],
      troubles: [],
    });
    // two answers for both, a refusal; groups: a refusal; schemes: one answer, a refusal; a silent client
    expect(interview.connections).toBe(7);
  });
});

describe('several at a time', () => {
  async function most(limits: Partial<ProbeLimits>): Promise<number> {
    let open = 0;
    let peak = 0;
    const dial = scriptedDial(preferring(0xc030, 0x002f, 0x0005));
    await probeTls({
      dial: async (exchange) => {
        peak = Math.max(peak, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return dial(exchange);
      },
      handshake: null,
      certificates: { name: null, authorities: [], at: 0 },
      authorities: [],
      serverName: undefined,
      limits,
      monotonic: () => 0,
    });
    return peak;
  }

  it('as many as allowed, one if there has to be a pause', async () => {
    expect(await most({})).toBe(4);
    expect(await most({ parallel: 2 })).toBe(2);
    expect(await most({ pauseMs: 1 })).toBe(1);
  });
});

describe('compression', () => {
  it('is found also behind a server that refuses unknown application protocols', async () => {
    const done = handshake(14, Buffer.alloc(0));
    const { observation } = await probing(({ version, suites, extensions, compression }) => {
      if (version !== 0x0303 || !suites.includes(0x002f)) return alertRecord(40);
      if (extensions.has(16)) return alertRecord(120);
      return Buffer.concat([serverHello(0x0303, 0x002f, compression[0]), done]);
    });
    expect(observation).toMatchObject({ compression: true, unanswered: [] });
  });
});

describe('preference', () => {
  it.each([
    ['server', preferring(0xc02f, 0xc030, 0x002f), [0xc02f, 0xc030, 0x002f]],
    ['client', ({ suites }: Offered) => serverHello(0x0303, suites[0]!), [0xc030, 0xc02f, 0x002f]],
    [
      'hints',
      ({ suites }: Offered) => serverHello(0x0303, suites[0] === 0x002f ? 0xc02f : 0xc030),
      [0xc030, 0xc02f, 0x002f],
    ],
    ['single', preferring(0xc02f), [0xc02f]],
    ['unknown', () => alertRecord(40), [0xc02f, 0x002f]],
  ] as const)('%s', async (expected, reply, accepted) => {
    expect(await preferenceOf(interviewing(reply), 'TLS 1.2', accepted)).toBe(expected);
  });
});

describe('enumerate', () => {
  it('asks once more with the accepted ones last, if it may', async () => {
    // takes 2 only from those who also offer 1
    const choose = (
      offered: readonly number[],
    ): Promise<{ chosen: number } | { chosen: null; answer: { kind: 'closed' } }> =>
      Promise.resolve(
        offered[0] === 1 || !offered.includes(1)
          ? offered.includes(1)
            ? { chosen: 1 }
            : { chosen: null, answer: { kind: 'closed' } }
          : { chosen: offered[0]! },
      );
    expect((await enumerate([1, 2, 3], choose)).chosen).toEqual([1]);
    expect((await enumerate([1, 2, 3], choose, { keepAccepted: true })).chosen).toEqual([1, 2, 3]);
  });
});

describe('limits', () => {
  it('of connections end the probe with a value', async () => {
    const { observation, connections } = await probing(preferring(0xc030, 0x002f, 0x0005), { maxConnections: 3 });
    expect(connections).toBe(3);
    expect(observation).toMatchObject({
      state: 'served',
      unanswered: expect.arrayContaining(['TLS 1.2 suites: too many connections']) as unknown,
    });
    expect((await probing(() => alertRecord(40), { maxConnections: 0 })).observation).toEqual({
      state: 'stopped',
      reason: 'too many connections',
    });
  });

  it('of time end it too', async () => {
    let now = 0;
    const interview = interviewing(preferring(0xc030, 0x002f, 0x0005), { totalMs: 2 }, () => now++);
    const { chosen, ending } = await enumerateSuites(interview, 'TLS 1.2');
    expect(chosen.length).toBeLessThan(3);
    expect(ending).toEqual({ kind: 'stopped', reason: 'the time for the probe is over' });
  });

  it('of bytes end one answer', async () => {
    const interview = interviewing(
      () => Buffer.concat(Array<Buffer>(30_000).fill(Buffer.from('14030300010116', 'hex').subarray(0, 6))),
      {
        maxBytes: 1000,
      },
    );
    expect((await interview.ask({ version: 'TLS 1.2', suites: [1] })).kind).toBe('too-much');
  });
});

describe('what stands at the address, if not TLS', () => {
  it.each<[ScriptedReply, object]>([
    ['timeout', { state: 'timeout', reason: 'no answer in time' }],
    ['closed', { state: 'refused', reason: 'the connection was closed' }],
    [alertRecord(70), { state: 'refused', reason: 'the alert protocol_version' }],
    [Buffer.from('HTTP/1.1 400 Bad Request'), { state: 'not-tls', reason: 'it speaks HTTP without TLS' }],
  ])('%s', async (reply, expected) => {
    expect((await probing(() => reply)).observation).toEqual(expected);
  });
});
