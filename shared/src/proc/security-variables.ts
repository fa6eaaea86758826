/** A variable of a process's environment that decides which code runs in it or whether its cryptography is the checked one. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: Buffer;
}

/**
 * `LD_*` and glibc's tunables load and bend code; `GODEBUG=fips140=off` switches Go's module off; `GOFIPS` and
 * `GOLANG_FIPS` do so in the Microsoft and Red Hat toolchains, which `GO_OPENSSL_VERSION_OVERRIDE` points at another
 * library; `OPENSSL_*` names other configuration and modules.
 */
const RELEVANT =
  /^(LD_[A-Z0-9_]+|GLIBC_TUNABLES|GODEBUG|GOFIPS|GOLANG_FIPS|GO_OPENSSL_VERSION_OVERRIDE|OPENSSL_[A-Z0-9_]+)$/;

const MAX_NAME = 256;

/**
 * The security-relevant variables of `/proc/PID/environ`, in order, repeated ones too: libraries disagree on which
 * counts. No other name or value leaves this function. The block is the process's own memory: it can hold anything.
 */
export function securityVariables(environ: Buffer): EnvironmentVariable[] {
  const found: EnvironmentVariable[] = [];
  for (let from = 0; from < environ.length;) {
    const nul = environ.indexOf(0, from);
    const end = nul === -1 ? environ.length : nul;
    const equals = environ.subarray(from, Math.min(end, from + MAX_NAME)).indexOf(EQUALS);
    if (equals > 0) {
      const name = environ.toString('latin1', from, from + equals);
      if (isSecurityVariable(name)) found.push({ name, value: Buffer.from(environ.subarray(from + equals + 1, end)) });
    }
    from = end + 1;
  }
  return found;
}

/** Whether a variable of that name can load code or bend cryptography. */
export function isSecurityVariable(name: string): boolean {
  return RELEVANT.test(name);
}

const EQUALS = 0x3d;
