import type { CalendarDate } from './calendar-date.js';
import { type CertificateStatus, certificateStatus, FIPS_140_2_SUNSET } from './certificate-status.js';
import type { CmvpSnapshot } from './cmvp-snapshot.js';

/** Somebody's word that a module is one of a certificate. */
export interface ModuleClaim {
  /** Who says so: `manifest konvoy-1.7.2`. */
  readonly claimant: string;
  /** What the claimant calls the module. */
  readonly module: string;
  /** Null where none is named. */
  readonly certificate: number | null;
}

/** The report's closing paragraph as data: what others say about the modules in use, each with its date. */
export interface ModuleParagraph {
  readonly on: CalendarDate;
  readonly asOf: CalendarDate;
  readonly source: string;
  readonly modules: readonly ModuleStatement[];
  /** The whole paragraph, one sentence each; a URL or a caveat is one by itself. */
  readonly sentences: readonly string[];
}

export interface ModuleStatement extends ModuleClaim {
  /** Null where no certificate is named. */
  readonly validation: CertificateStatus | null;
}

/**
 * What can be said about the given claims on a day. No sentence is a claim of ours about a module: each names who says
 * it and of which day it is, and the last one says what Sealwatch does not do. Empty without a claim.
 */
export function moduleParagraph(
  claims: readonly ModuleClaim[],
  snapshot: CmvpSnapshot,
  on: CalendarDate,
): ModuleParagraph {
  const modules = claims.map((claim) => ({
    ...claim,
    validation: claim.certificate === null ? null : certificateStatus(snapshot, claim.certificate, on),
  }));
  const sentences = modules.flatMap((module) => sentencesOf(module, snapshot, on));
  if (modules.length > 0) {
    if (modules.some(({ validation }) => validation?.stale === true)) {
      sentences.push(`The list of certificates was last read on ${snapshot.asOf}; check it anew before relying on it.`);
    }
    sentences.push(
      'Sealwatch does not validate cryptographic modules; whether their use meets a requirement is decided by the operator and the assessor.',
    );
  }
  return { on, asOf: snapshot.asOf, source: snapshot.source, modules, sentences: [...new Set(sentences)] };
}

function sentencesOf(
  { claimant, module, validation, certificate: number }: ModuleStatement,
  snapshot: CmvpSnapshot,
  on: CalendarDate,
): string[] {
  if (number === null || validation === null)
    return [`According to ${claimant} the module is ${module}, of no certificate.`];
  const claim = `According to ${claimant} the module is ${module}, certificate ${String(number)}.`;
  const { certificate } = validation;
  if (certificate === null) {
    return [
      claim,
      `Certificate ${String(number)} is not in the list at hand (${snapshot.source}, ${snapshot.asOf}): its status is not known.`,
    ];
  }
  const [first = ''] = certificate.validated;
  return [
    claim,
    `Certificate ${String(number)} was given to ${certificate.vendor} for ${certificate.module} under ${certificate.standard} Level ${String(certificate.level)} on ${first}, as NIST CMVP lists it (${snapshot.asOf}).`,
    statusSentence(number, validation, on),
    ...(certificate.caveat === null ? [] : [`Its caveat: "${certificate.caveat}"`]),
    certificate.url,
  ];
}

function statusSentence(number: number, { status, because, since, asOf }: CertificateStatus, on: CalendarDate): string {
  const subject = `Certificate ${String(number)}`;
  const from = since === null ? '' : ` since ${since}`;
  switch (because) {
    case 'listed':
      return `${subject} was ${WORDS[status]} in the list of ${asOf}${on === asOf ? '' : `, which is what is known for ${on}`}.`;
    case 'fips-140-2-transition':
      return `${subject} is Historical on ${on}${from}: every FIPS 140-2 certificate is after ${FIPS_140_2_SUNSET}.`;
    case 'sunset':
      return `${subject} is Historical on ${on}${from}, the day after its sunset.`;
    case 'not-yet-validated':
      return `${subject} had not been given on ${on}.`;
    case 'before-the-list':
      return `${subject} was ${WORDS[status]} on ${on}: the list of ${asOf} does not say since when it is as it is there.`;
    case 'not-listed':
      return `${subject} is not in the list of ${asOf}: its status is not known.`;
  }
}

const WORDS: Readonly<Record<CertificateStatus['status'], string>> = {
  active: 'Active',
  historical: 'Historical',
  revoked: 'Revoked',
  unknown: 'of unknown status',
};
