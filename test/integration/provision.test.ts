import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { operatorDirectory, type OperatorDirectory } from '@sealwatch/collector/config/operator-directory.js';
import { readIssuedCertificates } from '@sealwatch/collector/provisioning/issued-certificates.js';
import { readIssuedTokens } from '@sealwatch/collector/provisioning/issued-tokens.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { parseToken, tokenHash } from '@sealwatch/shared/trust/enrollment-token.js';
import { openInception } from '@sealwatch/shared/trust/open-inception.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

let cwd: string;
let directory: OperatorDirectory;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sealwatch-provision-'));
  directory = operatorDirectory(cwd);
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

async function sealwatch(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const io = capturedIo({ cwd });
  const status = await runProgram(sealwatchProgram(io), args, io);
  return { status, stdout: io.stdout, stderr: io.stderr };
}

async function mustSealwatch(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await sealwatch(...args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

const HOSTS = ['--host', '172.17.0.7', '--host', 'node-2.example.com=worker'];

async function provisioned(...options: string[]): Promise<void> {
  await mustSealwatch('init', '--mode', 'fips', '--name', 'prod', '--address', '10.0.0.5', ...HOSTS, ...options);
  await mustSealwatch('provision');
}

/** Every file below, by its path from the cluster directory. */
function files(): Map<string, Buffer> {
  const entries = readdirSync(cwd, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(cwd, path), readFileSync(path)]),
  );
}

function editClusterYaml(from: string, to: string): void {
  const text = readFileSync(directory.clusterYaml, 'utf8');
  expect(text).toContain(from);
  writeFileSync(directory.clusterYaml, text.replace(from, to));
}

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('init', () => {
  it('writes a cluster.yaml with the hosts and says what comes next', async () => {
    const stdout = await mustSealwatch('init', '--mode', 'fips', ...HOSTS);
    expect(stdout).toMatch(/cluster\.yaml written, mode fips[^]*sealwatch provision/);
    expect([...files().keys()]).toEqual(['cluster.yaml']);
    expect(readFileSync(directory.clusterYaml, 'utf8')).toMatch(/name: "node-2.example.com"\n {4}role: worker/);
  });

  it('names a directory that can not be made, and the way out', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { status, stderr } = await sealwatch('init', '--mode', 'fips', '--directory', 'file/below');
    expect(status).toBe(2);
    expect(stderr).toMatch(/the directory .*file\/below can't be made: ENOTDIR.*--directory DIR/);
  });

  it('never overwrites one', async () => {
    await mustSealwatch('init', '--mode', 'fips', '--name', 'prod');
    const before = files();
    const { status, stderr } = await sealwatch('init', '--mode', 'standard', '--name', 'other');
    expect(status).toBe(2);
    expect(stderr).toMatch(/cluster\.yaml exists and is left as it is: edit it, or name another place/);
    expect(files()).toEqual(before);
  });

  it.each([
    [['init'], /--mode/],
    [['init', '--mode', 'fisp'], /fips, standard/],
    [['init', '--mode', 'fips', '--host', 'A'], /NAME=ROLE/],
    [['init', '--mode', 'fips', '--host', 'a=master'], /control-plane or worker/],
    [['init', '--mode', 'fips', '--host', 'a', '--host', 'a=worker'], /a is named twice/],
    [['init', '--mode', 'fips', '--name', ' '], /at most 63 letters/],
    [['init', '--mode', 'fips', '--adopt'], /--adopt takes --reason/],
    [['init', '--mode', 'fips', '--reason', 'x'], /--reason goes with --adopt/],
  ])('refuses %j with exit 2 and writes nothing', async (args, message) => {
    const { status, stderr } = await sealwatch(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(files().size).toBe(0);
  });
});

describe('provision', () => {
  it('makes every file private: directories 0700, files 0600', async () => {
    await provisioned();
    const entries = readdirSync(directory.state, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      expect([path, (statSync(path).mode & 0o777).toString(8)]).toEqual([path, entry.isDirectory() ? '700' : '600']);
    }
    expect((statSync(directory.state).mode & 0o777).toString(8)).toBe('700');
    expect([...files().keys()]).toEqual([
      '.sealwatch/bundles/172.17.0.7.json',
      '.sealwatch/bundles/node-2.example.com.json',
      '.sealwatch/cluster.key',
      '.sealwatch/collector/certificates.json',
      '.sealwatch/collector/collector.yaml',
      '.sealwatch/collector/keys/checkpoint.key',
      '.sealwatch/collector/keys/issuing-ca.key',
      '.sealwatch/collector/keys/issuing-ca.pem',
      '.sealwatch/collector/keys/tls.key',
      '.sealwatch/collector/keys/tls.pem',
      '.sealwatch/collector/tokens.json',
      '.sealwatch/collector/trust/inception.dsse.json',
      '.sealwatch/collector/trust/root.pem',
      '.sealwatch/inception.dsse.json',
      '.sealwatch/operator/admin.key',
      '.sealwatch/operator/admin.pem',
      '.sealwatch/root.pem',
      'cluster.yaml',
    ]);
  });

  it('gives the collector nothing of the cluster key', async () => {
    await provisioned();
    const key = readFileSync(directory.clusterKey, 'latin1').split('\n')[1]!;
    for (const [path, bytes] of files()) {
      if (path !== '.sealwatch/cluster.key') expect([path, bytes.includes(key)]).toEqual([path, false]);
    }
  });

  it('makes chains that OpenSSL verifies strictly', async () => {
    await provisioned();
    const { collector, rootCertificate, operators } = directory;
    const issuing = collector.issuingCertificate;
    const strict = ['verify', '-x509_strict', '-CAfile', rootCertificate];
    expect(openssl(...strict, rootCertificate)).toMatch(/: OK/);
    expect(openssl(...strict, issuing)).toMatch(/: OK/);
    const name = 'collector.sealwatch.internal';
    const server = ['-untrusted', issuing, '-purpose', 'sslserver', '-verify_hostname', name];
    expect(openssl(...strict, ...server, collector.tlsChain)).toMatch(/: OK/);
    const client = ['-untrusted', issuing, '-purpose', 'sslclient'];
    expect(openssl(...strict, ...client, join(operators, 'admin.pem'))).toMatch(/: OK/);
    expect(() => openssl(...strict, ...client, collector.tlsChain)).toThrow();
    const text = openssl('x509', '-in', collector.tlsChain, '-noout', '-text');
    expect(text).toMatch(/ASN1 OID: prime256v1/);
    expect(openssl('x509', '-in', issuing, '-noout', '-text')).toMatch(/CA:TRUE, pathlen:0/);
  });

  it('gives each its identity, its key and its years', async () => {
    await provisioned();
    const root = readCertificate(readFileSync(directory.rootCertificate), 'root');
    const key = publicKeyOf(parsePrivateKey(readFileSync(directory.clusterKey), 'cluster key'));
    expect(root.publicKey.keyid).toBe(key.keyid);
    const record = envelopeFromJson(readFileSync(directory.inception), 'inception');
    const { inception } = openInception(record, key);
    expect(inception).toMatchObject({ clusterName: 'prod', mode: 'fips', adopted: null, clusterKey: key.keyid });
    const first = (file: string): ReturnType<typeof readCertificate> =>
      readCertificate(certificatesFromPem(readFileSync(file, 'latin1'), file)[0]!, file);
    const tls = first(directory.collector.tlsChain);
    const admin = first(join(directory.operators, 'admin.pem'));
    expect(tls.uris).toEqual([`spiffe://${inception.clusterId}/collector/collector`]);
    expect(tls.dnsNames).toEqual(['collector.sealwatch.internal']);
    expect(admin.uris).toEqual([`spiffe://${inception.clusterId}/operator/admin`]);
    expect(tls.publicKey.keyid).toBe(publicKeyOf(parsePrivateKey(readFileSync(directory.collector.tlsKey), '')).keyid);
    const years = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }): number =>
      Math.round((notAfter - notBefore) / (365 * 86_400_000));
    const issuing = first(directory.collector.issuingCertificate);
    expect([root, issuing, tls, admin].map(years)).toEqual([10, 5, 1, 1]);
    const recorded = await readIssuedCertificates(directory.collector.certificates);
    expect(recorded.map(({ purpose, name, serial, der }) => ({ purpose, name, serial, der }))).toEqual([
      { purpose: 'collector-tls', name: 'collector', serial: tls.serial, der: tls.der },
      { purpose: 'operator-tls', name: 'admin', serial: admin.serial, der: admin.der },
    ]);
  });

  it('gives each host a bundle with a token of its own, of which the collector gets the hash', async () => {
    await provisioned();
    const root = readFileSync(directory.rootCertificate, 'utf8');
    const tokens = await readIssuedTokens(directory.collector.tokens);
    expect(tokens).toHaveLength(2);
    for (const host of ['172.17.0.7', 'node-2.example.com']) {
      const bundle = parseBundle(readFileSync(join(directory.bundles, `${host}.json`)), host);
      expect(bundle).toEqual({
        schema: 'sealwatch/enrollment-bundle/v1',
        root,
        address: '10.0.0.5:7443',
        enrollAddress: '10.0.0.5:7444',
        token: expect.any(String) as unknown,
      });
      expect(parseToken(bundle.token).host).toBe(host);
      const token = tokens.find(({ hash }) => hash === tokenHash(bundle.token));
      expect(token).toMatchObject({ host, replace: false });
      expect(Date.parse(token!.expiresAt) - Date.parse(token!.createdAt)).toBe(3_600_000);
      expect(JSON.stringify(tokens)).not.toContain(parseToken(bundle.token).secret);
    }
  });

  it('run again changes nothing', async () => {
    await provisioned();
    const before = files();
    expect(await mustSealwatch('provision')).toMatch(/Everything is there already/);
    expect(files()).toEqual(before);
  });

  it('run again after a change makes what is new and leaves every key', async () => {
    await provisioned();
    const before = files();
    editClusterYaml('role: worker', 'role: worker\n  - name: node-3\n    role: worker');
    editClusterYaml(
      '- name: admin\n    role: admin',
      '- name: admin\n    role: admin\n  - name: eve\n    role: viewer',
    );
    editClusterYaml('"10.0.0.5:7443"', '"10.0.0.6:7443"');
    editClusterYaml('listen: "0.0.0.0:7443"', 'listen: "127.0.0.1:7443"');
    const stdout = await mustSealwatch('provision');
    expect(stdout).toMatch(/made .*node-3\.json/);
    expect(stdout).toMatch(/made .*eve\.key/);
    const after = files();
    for (const [path, bytes] of before) {
      if (path.endsWith('.key') || path.endsWith('.pem') || path.includes('inception')) {
        expect([path, after.get(path)?.equals(bytes)]).toEqual([path, true]);
      }
    }
    const [old, fresh] = [before, after].map((at) => parseBundle(at.get('.sealwatch/bundles/172.17.0.7.json')!, ''));
    expect(fresh).toEqual({ ...old, address: '10.0.0.6:7443' });
    expect(after.get('.sealwatch/collector/collector.yaml')!.toString()).toContain('listen: "127.0.0.1:7443"');
    expect(await readIssuedCertificates(directory.collector.certificates)).toHaveLength(3);
    expect(await readIssuedTokens(directory.collector.tokens)).toHaveLength(3);
  });

  it('--mode fips needs no cluster.yaml', async () => {
    const { status, stderr } = await sealwatch('provision', '--mode', 'fips');
    expect(status).toBe(0);
    expect(stderr).toMatch(/cluster\.yaml written: fips mode/);
    expect(existsSync(directory.inception)).toBe(true);
  });

  it('without cluster.yaml and --mode says how to get one', async () => {
    const { status, stderr } = await sealwatch('provision');
    expect(status).toBe(2);
    expect(stderr).toMatch(/cluster\.yaml does not exist; make it with: sealwatch init --mode fips/);
    expect(files().size).toBe(0);
  });

  it('says which bundles are too old', async () => {
    await provisioned();
    const bundle = join(directory.bundles, '172.17.0.7.json');
    execFileSync('touch', ['-d', '2 hours ago', bundle]);
    const stdout = await mustSealwatch('provision');
    expect(stdout).toMatch(/172\.17\.0\.7\.json expired at .*: sealwatch tokens create --host 172\.17\.0\.7/);
    expect(stdout).not.toMatch(/node-2.*expired/);
  });

  it.each(['cluster.key', 'collector/keys/issuing-ca.key', 'operator/admin.key'])(
    'refuses to go on with a %s that others can read',
    async (file) => {
      await provisioned();
      chmodSync(join(directory.state, file), 0o640);
      const before = files();
      const { status, stderr } = await sealwatch('provision');
      expect(status).toBe(2);
      expect(stderr).toMatch(new RegExp(`${basename(file)} has mode 0640, open to others.*chmod 600 it`));
      expect(files()).toEqual(before);
    },
  );

  it('refuses to go on in a state directory that others can enter', async () => {
    await provisioned();
    chmodSync(directory.collector.keys, 0o755);
    const { status, stderr } = await sealwatch('provision');
    expect(status).toBe(2);
    expect(stderr).toMatch(/keys has mode 0755.*chmod 700 it/);
  });

  it.each([
    ['cluster.key', /cluster\.key is missing although .* is there; restore it/],
    ['collector/keys/issuing-ca.key', /issuing-ca\.key is missing although .*issuing-ca\.pem is there/],
    ['collector/keys/tls.key', /tls\.key is missing although .*tls\.pem is there/],
    ['operator/admin.key', /admin\.key is missing although .*admin\.pem is there/],
    ['inception.dsse.json', /inception\.dsse\.json is missing although .*root\.pem is there/],
  ])('never replaces a lost %s', async (file, message) => {
    await provisioned();
    rmSync(join(directory.state, file));
    const before = files();
    const { status, stderr } = await sealwatch('provision');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(files()).toEqual(before);
  });

  it('notices keys and certificates that do not belong together', async () => {
    await provisioned();
    copyFileSync(directory.collector.checkpointKey, directory.collector.tlsKey);
    const { status, stderr } = await sealwatch('provision');
    expect(status).toBe(2);
    expect(stderr).toMatch(/tls\.pem was made for another key/);
  });

  it('tells a program what it did', async () => {
    await mustSealwatch('init', '--mode', 'standard', '--name', 'prod');
    const document = JSON.parse(await mustSealwatch('provision', '--output', 'json')) as Record<string, unknown>;
    expect(document).toMatchObject({ schema: 'sealwatch/provision/v1', clusterName: 'prod', mode: 'standard' });
    expect(document['made']).toContainEqual(expect.objectContaining({ file: directory.clusterKey }));
  });
});

describe('before inception', () => {
  it.each(['provision', 'up'])(
    '%s with a --mode that is not the one of cluster.yaml makes nothing',
    async (command) => {
      await mustSealwatch('init', '--mode', 'fips', '--name', 'prod', ...HOSTS);
      const before = files();
      const { status, stderr } = await sealwatch(command, '--mode', 'standard');
      expect(status).toBe(2);
      expect(stderr).toMatch(/says mode: fips, and --mode says standard; the mode is fixed for ever by provision/);
      expect(stderr).not.toContain("can't become");
      expect(files()).toEqual(before);
    },
  );
});

describe('what inception fixed', () => {
  const REFUSAL =
    /this cluster's mode is standard and can't become fips[^]*no flag, file or edit changes it[^]*taints a cluster for ever/;

  beforeEach(async () => {
    await mustSealwatch('init', '--mode', 'standard', '--name', 'prod', ...HOSTS);
    await mustSealwatch('provision');
  });

  it.each(['provision', 'deploy', 'up'])('%s --mode fips does not change the mode', async (command) => {
    const before = files();
    const { status, stderr } = await sealwatch(command, '--mode', 'fips');
    expect(status).toBe(2);
    expect(stderr).toMatch(REFUSAL);
    expect(files()).toEqual(before);
  });

  it.each(['provision', 'deploy', 'up'])('an edit of cluster.yaml does not change the mode: %s', async (command) => {
    editClusterYaml('\nmode: standard', '\nmode: fips');
    const before = files();
    for (const flags of [[], ['--mode', 'fips']]) {
      const { status, stderr } = await sealwatch(command, ...flags);
      expect(status).toBe(2);
      expect(stderr).toMatch(REFUSAL);
    }
    expect(files()).toEqual(before);
  });

  it('says what to put right: the flag where the flag is wrong, the file where the file is', async () => {
    expect((await sealwatch('provision', '--mode', 'fips')).stderr).toContain('Either leave --mode fips out');
    editClusterYaml('\nmode: standard', '\nmode: fips');
    for (const flags of [[], ['--mode', 'standard']]) {
      const { status, stderr } = await sealwatch('provision', ...flags);
      expect(status).toBe(2);
      expect(stderr).toContain('put mode: standard back in cluster.yaml');
    }
  });

  it.each(['init', 'provision', 'deploy', 'up'])('a new cluster.yaml does not change the mode: %s', async (command) => {
    rmSync(directory.clusterYaml);
    const before = files();
    const { status, stderr } = await sealwatch(command, '--mode', 'fips');
    expect(status).toBe(2);
    expect(stderr).toMatch(REFUSAL);
    expect(files()).toEqual(before);
  });

  it('taking the inception record away does not change the mode', async () => {
    editClusterYaml('\nmode: standard', '\nmode: fips');
    rmSync(directory.inception);
    expect((await sealwatch('provision')).stderr).toMatch(/inception record for ever: restore it/);
    rmSync(directory.rootCertificate);
    expect((await sealwatch('provision')).stderr).toMatch(/inception record for ever: restore it/);
    expect(existsSync(directory.inception)).toBe(false);
  });

  it('an inception record of another key does not change the mode', async () => {
    const other = mkdtempSync(join(tmpdir(), 'sealwatch-other-'));
    const io = capturedIo({ cwd: other });
    expect(await runProgram(sealwatchProgram(io), ['provision', '--mode', 'fips'], io)).toBe(0);
    renameSync(operatorDirectory(other).inception, directory.inception);
    editClusterYaml('\nmode: standard', '\nmode: fips');
    const { status, stderr } = await sealwatch('provision');
    expect(status).toBe(1);
    expect(stderr).toMatch(/inception record is signed by .*, which is no key trusted for this/);
    rmSync(other, { recursive: true });
  });

  it('a record edited by hand is found out', async () => {
    const record = JSON.parse(readFileSync(directory.inception, 'utf8')) as { payload: string };
    const payload = Buffer.from(record.payload, 'base64').toString().replace('"standard"', '"fips"');
    const forged = JSON.stringify({ ...record, payload: Buffer.from(payload).toString('base64') });
    writeFileSync(directory.inception, forged);
    editClusterYaml('\nmode: standard', '\nmode: fips');
    const { status, stderr } = await sealwatch('provision');
    expect(status).toBe(1);
    expect(stderr).toMatch(/signature .* does not hold/);
  });

  it('neither name nor adoption can be changed later', async () => {
    const before = readFileSync(directory.clusterYaml, 'utf8');
    editClusterYaml('name: "prod"', 'name: "test"');
    expect((await sealwatch('provision')).stderr).toMatch(/calls the cluster test, but its inception record says prod/);
    writeFileSync(directory.clusterYaml, before.replace('# adopt:\n#   reason:', 'adopt:\n  reason:'));
    expect((await sealwatch('provision')).stderr).toMatch(/adopt in cluster.yaml differs .*no adoption/);
  });
});
