import type { MappedFileFacts } from '../proc/process-facts.js';
import { type Finding, finding } from './finding.js';
import type { ProcessReference } from './process-reference.js';

/** One file of which a process may execute a part: its memory for all of them, whose it is for libraries. */
export function appraiseMapping(subject: string, file: MappedFileFacts, reference: ProcessReference): Finding[] {
  return [
    ...appraiseText(subject, file),
    ...(file.role === 'library' ? appraiseLibrary(subject, file, reference) : []),
  ];
}

function appraiseText(subject: string, { path, text, writable }: MappedFileFacts): Finding[] {
  const findings: Finding[] = [];
  switch (text.state) {
    case 'equal':
      if (text.privatePages !== null && text.privatePages > 0) {
        findings.push(finding('process.text-private', subject, path, `${String(text.privatePages)} pages written`));
      }
      break;
    case 'different': {
      const observed = `${String(text.pages)} pages differ, from offset ${text.firstOffset} on`;
      findings.push(finding('process.text-modified', subject, path, observed));
      break;
    }
    case 'unreadable':
      findings.push(finding('process.unreadable', subject, `the code of ${path}`, text.reason));
      break;
  }
  if (writable) findings.push(finding('process.code-writable', subject, path, 'writable and executable'));
  return findings;
}

function appraiseLibrary(subject: string, file: MappedFileFacts, reference: ProcessReference): Finding[] {
  const { path, digest, onDisk, package: packaged } = file;
  if (onDisk.state === 'memory') return [finding('process.from-memory', subject, 'a file', path)];
  if (digest?.state !== 'known') {
    return [finding('process.unreadable', subject, path, digest?.reason ?? 'memory without a path')];
  }
  const isStale = onDisk.state === 'replaced' || onDisk.state === 'deleted';
  const stale = isStale ? [finding('process.library-stale', subject, path, onDisk.state)] : [];
  if (reference.libraries.has(digest.value) || reference.programs.has(digest.value)) return stale;
  switch (packaged?.state) {
    case 'owned': {
      if (reference.libraryKeys.size === 0) return [...stale, ...unvouched(subject, file)];
      if (packaged.signer === null || !reference.libraryKeys.has(packaged.signer)) {
        const observed = `${packaged.name}, signed by ${packaged.signer ?? 'nobody'}`;
        return [finding('process.library-untrusted', subject, `${path} of a trusted package`, observed)];
      }
      if (packaged.digest === digest.value) return stale;
      // updated on disk: the file there is its package's, the mapped one was the version before
      if (onDisk.state === 'replaced' && onDisk.digest === packaged.digest) return stale;
      const expected = packaged.digest === null ? 'a digest in its package' : packaged.digest;
      return [finding('process.library-untrusted', subject, `${path} ${expected}`, digest.value)];
    }
    case 'unreadable':
      return [finding('process.unreadable', subject, `the package of ${path}`, packaged.reason)];
    case 'unowned':
    case 'no-database':
    case undefined:
      return [...stale, ...unvouched(subject, file)];
  }
}

function unvouched(subject: string, { path, digest, systemDirectory, preloaded }: MappedFileFacts): Finding[] {
  const code = systemDirectory && !preloaded ? 'process.library-unlisted' : 'process.library-foreign';
  const observed = digest?.state === 'known' ? `${path} ${digest.value}` : path;
  return [finding(code, subject, 'a listed library', observed)];
}
