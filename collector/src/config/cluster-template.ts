import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import { MEASURED_EVIDENCE, type Role, ROLES } from '@sealwatch/shared/subject/component.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import type { DeclaredHost } from '@sealwatch/shared/trust/release.js';
import {
  DEFAULT_COMPONENTS,
  DEFAULT_ENROLL_PORT,
  DEFAULT_OPERATORS,
  DEFAULT_POLICY,
  DEFAULT_PORT,
  TLS_PROFILES,
} from './cluster-defaults.js';
import { formatHostPort } from '@sealwatch/shared/runtime/host-port.js';

/** What `init` asks for; everything else in the file is a default with its comment. */
export interface NewCluster {
  readonly name: string;
  readonly mode: Mode;
  readonly adopt: { readonly reason: string } | null;
  /** Name or address at which hosts and operators reach the collector. */
  readonly collectorHost: string;
  readonly hosts: readonly DeclaredHost[];
}

/** The `cluster.yaml` that `init` writes. Read back it gives exactly the defaults. */
export function clusterTemplate(cluster: NewCluster): string {
  return `${[
    HEAD,
    identity(cluster),
    collector(cluster.collectorHost),
    policy(),
    components(),
    services(),
    hosts(cluster.hosts),
    operators(),
    MANIFESTS,
  ].join('\n\n')}\n`;
}

const HEAD = `# What this cluster is and what is wanted of it. Relative file names are relative to this file.
# Durations are text with one unit: ms, s, m, h or d. Nothing here takes effect before: sealwatch deploy`;

function identity({ name, mode, adopt }: NewCluster): string {
  return `# Printed with every check. Fixed by: sealwatch provision
name: ${JSON.stringify(name)}

# ${mode === 'fips' ? 'fips: every host must run in FIPS mode, with the components its publisher signed.' : 'standard: not a FIPS cluster; "sealwatch check fips" always exits 1.'}
# Fixed by: sealwatch provision. It can never be changed: bootstrapping in standard mode uses cryptography that is not
# validated, which taints a cluster for ever.
mode: ${mode}

# For a Kubernetes cluster that is older than this file: you vouch for how it was bootstrapped, and the reason is printed
# with every check, for ever. Fixed by: sealwatch provision. Default: not adopted.
${adopt === null ? '# adopt:\n#   reason: bootstrapped in FIPS mode on 2026-11-01, see change 4711' : `adopt:\n  reason: ${JSON.stringify(adopt.reason)}`}`;
}

function collector(host: string): string {
  const dial = (port: number): string => JSON.stringify(formatHostPort({ host, port }));
  return `collector:
  # host:port that agents and operators dial (mutual TLS). Every host must be able to reach it.
  address: ${dial(DEFAULT_PORT)}
  # host:port that an agent dials once, to enrol.
  enrollAddress: ${dial(DEFAULT_ENROLL_PORT)}
  # Where the collector listens for the two.
  listen: "0.0.0.0:${String(DEFAULT_PORT)}"
  enrollListen: "0.0.0.0:${String(DEFAULT_ENROLL_PORT)}"
  # debug, info, warn, error or silent. Default: info
  logLevel: info`;
}

function policy(): string {
  const { tlsProfile, requireActiveCertificate, heartbeatIntervalMs, staleAfterMs, scanIntervalMs, evidenceMaxAgeMs } =
    DEFAULT_POLICY;
  const lasting = (name: string, ms: number): string =>
    `Default: ${formatDuration(ms)}\n  ${name}: ${formatDuration(ms)}`;
  return `policy:
  # Only for trying Sealwatch out on machines that are no FIPS hosts: a host outside FIPS mode becomes a [WARN].
  # Every output then begins with DEMONSTRATION POLICY. Never on a cluster anybody relies on. Default: false
  # demonstration: true

  # What the TLS services may accept: ${TLS_PROFILES.join(', ')}. Default: ${tlsProfile}
  tlsProfile: ${tlsProfile}

  # true: a crypto module in use without an active certificate fails the cluster; false: it is a [WARN].
  # By the list of certificates below (cmvp). Default: ${String(requireActiveCertificate)}
  requireActiveCertificate: ${String(requireActiveCertificate)}

  # Kinds of evidence every host must give; a host that lacks one is unknown, and the check fails. This version measures
  # ${MEASURED_EVIDENCE.join(', ')}; it refuses to require another. Default: [${DEFAULT_POLICY.require.join(', ')}]
  require: [${DEFAULT_POLICY.require.join(', ')}]

  # How often an agent says that it is alive. ${lasting('heartbeatInterval', heartbeatIntervalMs)}

  # A host not heard of for so long is unknown (for three heartbeats, if that is shorter). ${lasting('staleAfter', staleAfterMs)}

  # How often an agent reads every file again, changed or not. ${lasting('scanInterval', scanIntervalMs)}

  # Signed evidence older than this counts no more (two scans, if that is shorter). ${lasting('evidenceMaxAge', evidenceMaxAgeMs)}

  # Keys whose RPM packages are trusted for the system libraries that a component's process maps: rpm -qa gpg-pubkey*
  # prints them, the last 16 hex digits of their fingerprints. Without any such a library is a [WARN]. Default: none
  libraryKeys: []
    # - 199e2f91fd431d51

  # Other severities (fail, warn or unknown) for findings that leave a choice. Those about integrity, signatures,
  # coverage and FIPS mode leave none. Default: none
  severities: {}
    # host.clock-skew: fail`;
}

function components(): string {
  return `# What must be on a host of each role, and as what: file or image. A role that is left out has the default, which is
# what stands here; a role that is listed has exactly what is listed. A file is looked for at
# the paths its manifest names, an image in containerd.
components:
${ROLES.map(roleComponents).join('\n')}`;
}

function roleComponents(role: Role): string {
  const lines = Object.entries(DEFAULT_COMPONENTS[role]).map(([name, kind]) => `    ${name}: ${kind}`);
  return `  ${role}:\n${lines.join('\n')}`;
}

function services(): string {
  return `# TLS endpoints, host:port as seen from the host itself. Each is asked what it accepts, and judged by the policy's
# tlsProfile. Beside these, kubelet (10250), kube-controller-manager (10257), kube-scheduler (10259), etcd's peers (2380)
# or anything else can stand here.
#   component   whose signed program has to answer there. Default: the service's name
#   ca          a file on the host: the authorities (PEM) its certificate must lead to. Default: any certificate will do
#   serverName  the name its certificate must be for. Default: any
#   outside     true: the collector probes it too, at the host's name, and compares. Default: false
services:
${DEFAULT_POLICY.services.map(service).join('\n')}`;
}

function service({ name, address, roles, ca, serverName }: ServicePolicy): string {
  return [
    `  - name: ${name}`,
    `    address: ${address}`,
    `    roles: [${roles.join(', ')}]`,
    ...(ca === null ? [] : [`    ca: ${ca}`]),
    ...(serverName === null ? [] : [`    serverName: ${serverName}`]),
  ].join('\n');
}

function hosts(declared: readonly DeclaredHost[]): string {
  const about = `# Every machine of the cluster, by the name it is printed under (a DNS name or an address), with its role:
# ${ROLES.join(' or ')}. A host that is not here is not part of any answer. Default: none`;
  if (declared.length === 0) {
    return `${about}\nhosts: []\n  # - name: node-1.example.com\n  #   role: control-plane`;
  }
  return `${about}\nhosts:\n${declared.map(({ name, role }) => `  - name: ${JSON.stringify(name)}\n    role: ${role}`).join('\n')}`;
}

function operators(): string {
  return `# Who may ask and decide: viewer (look), operator (also tokens) or admin (also deploy and revoke).
# "sealwatch provision" makes a key and a certificate for each. Default: one admin
operators:
${DEFAULT_OPERATORS.map(({ name, role }) => `  - name: ${name}\n    role: ${role}`).join('\n')}`;
}

const MANIFESTS = `# The publisher's public keys (RSA-4096, PEM): only manifests they signed count. Default: none
publisherKeys: []
  # - publisher.pub
  # - file: old-publisher.pub
  #   revokedAt: 2026-11-23T09:30:00Z        # nothing it signed counts any more
  #   compromisedAt: 2026-11-20T00:00:00Z    # since when it was in wrong hands, if known

# The publisher's signed manifests. Without from and until a manifest counts from the deploy that brings it until the
# deploy that takes it out; two that overlap make a change window. Default: none
manifests: []
  # - manifests/konvoy-1.7.0.dsse.json
  # - file: manifests/konvoy-1.7.1.dsse.json
  #   from: 2026-12-01T00:00:00Z
  #   until: 2027-06-01T00:00:00Z

# A list of NIST CMVP certificates, newer than the one that comes with Sealwatch: docs/check-output.md has its fields.
# One that is older than the list in force is refused. Default: the one that comes with Sealwatch
# cmvp: cmvp-2026-11-23.json`;
