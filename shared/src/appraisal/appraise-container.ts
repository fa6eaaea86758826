import { commandsOf } from '../manifest/components-of-kind.js';
import type { ImageComponent } from '../manifest/manifest-component.js';
import type { RunningContainer, UnpackedFile } from '../measurement/image-measurement.js';
import { appraiseSettings } from './appraise-settings.js';
import { type Finding, finding } from './finding.js';

/** A running container against the image it runs from: that it is listed, its files, its settings, its first process. */
export function appraiseContainer(
  subject: string,
  container: RunningContainer,
  listed: readonly ImageComponent[],
): Finding[] {
  const { image, config, unpacked, settings, commandPath, process } = container;
  if (config === null) return [finding('image.unreadable', subject, 'the image of a container', image)];
  const entry = listed.find(({ digest }) => digest === config);
  if (entry === undefined) {
    const expected = listed.map(({ digest }) => digest).join(' or ');
    return [finding('image.unlisted', subject, expected, `${image}: ${config}`)];
  }
  return [
    ...appraiseUnpacked(subject, unpacked, entry),
    ...appraiseSettings(subject, settings, [entry], `container of ${image}`, commandPath),
    ...appraiseProcess(subject, process, entry),
  ];
}

function appraiseUnpacked(
  subject: string,
  unpacked: RunningContainer['unpacked'],
  { executables }: ImageComponent,
): Finding[] {
  if (unpacked === null) {
    return [finding('evidence.missing', subject, 'the unpacked executables', 'none')];
  }
  if (!('length' in unpacked)) {
    return [finding('image.unpacked-unreadable', subject, 'the unpacked executables', unpacked.reason)];
  }
  const found = new Map(unpacked.map((file) => [file.path, file]));
  const signed = new Set<string>(executables.map(({ digest }) => digest));
  return executables.flatMap(({ path, digest }) => appraiseFile(subject, found.get(path), { path, digest, signed }));
}

/** A link that was pointed to another signed executable of the same image is no finding. */
function appraiseFile(
  subject: string,
  file: UnpackedFile | undefined,
  { path, digest, signed }: { path: string; digest: string; signed: ReadonlySet<string> },
): Finding[] {
  const expected = `${path} ${digest}`;
  if (file === undefined) return [finding('evidence.missing', subject, expected, 'none')];
  if ('problem' in file) {
    const code = file.problem === ABSENT ? 'image.file-missing' : 'image.unpacked-unreadable';
    return [finding(code, subject, expected, file.problem)];
  }
  if (!signed.has(file.digest)) return [finding('image.file-mismatch', subject, expected, file.digest)];
  if (file.shadowing) return [finding('image.file-shadowed', subject, expected, file.digest)];
  return [];
}

/** The problem of a file that is not there. */
export const ABSENT = 'absent';

function appraiseProcess(subject: string, process: RunningContainer['process'], entry: ImageComponent): Finding[] {
  // a container that has ended is not reported at all: this one runs, and nobody saw what
  if (process === null || 'reason' in process) {
    const found = process?.reason ?? 'no such process in /proc';
    return [finding('container.process-unreadable', subject, entry.commands.join(' or '), found)];
  }
  if (commandsOf(entry).some(({ digest }) => digest === process.digest)) return [];
  const observed = `${process.executable}, ${process.digest}`;
  return [finding('container.process', subject, entry.commands.join(' or '), observed)];
}
