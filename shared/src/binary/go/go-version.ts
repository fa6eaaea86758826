/** What a toolchain says of itself. It is a text in the binary: it can be set, edited, and true without its consequence. */
export interface GoVersion {
  /** As it stands there: `go1.19.8 X:boringcrypto`. */
  readonly text: string;
  /** `go1.19.8`; null for a development version. */
  readonly release: string | null;
  /** `boringcrypto`, … as `X:` lists them, with a space before it up to Go 1.25 and a dash since (go.dev/issue/75953). */
  readonly experiments: readonly string[];
  /** N of `go1.15.3b5`, a release of the branch dev.boringcrypto. */
  readonly boringRelease: number | null;
}

export function parseGoVersion(text: string): GoVersion {
  const numbers = /^go(\d+(?:\.\d+){0,2}(?:(?:rc|beta)\d+)?)(?:b(\d{1,3}))?(?![\w.])/.exec(text);
  const experiments = /(?:^|[ -])X:(\S+)/.exec(text)?.[1]?.split(',') ?? [];
  return {
    text,
    release: numbers?.[1] === undefined ? null : `go${numbers[1]}`,
    experiments: experiments.filter((name) => name !== ''),
    boringRelease: numbers?.[2] === undefined ? null : Number(numbers[2]),
  };
}
