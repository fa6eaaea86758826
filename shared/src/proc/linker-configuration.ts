/** A line of `ld.so.conf` that means something (ldconfig(8)). */
export type LinkerLine =
  { readonly kind: 'directory'; readonly path: string } | { readonly kind: 'include'; readonly pattern: string };

/** What `/etc/ld.so.conf` or a file it includes says. Lines about capabilities (`hwcap`) name no directory. */
export function parseLinkerConfiguration(bytes: Buffer): LinkerLine[] {
  const lines: LinkerLine[] = [];
  for (const raw of bytes.toString('utf8').split('\n')) {
    const line = raw.replace(/#.*/s, '').trim();
    const include = /^include\s+(.*)$/s.exec(line)?.[1];
    if (include !== undefined) {
      for (const pattern of include.split(/\s+/)) lines.push({ kind: 'include', pattern });
    } else {
      // an old form adds `=libc5` or the like
      const path = line.replace(/\s*=.*/s, '').replace(/\/+$/, '');
      if (path.startsWith('/')) lines.push({ kind: 'directory', path });
    }
  }
  return lines;
}
