/**
 * Text that reports, seals and measurements have in common. Deflate starts with it in its window, which makes a seal
 * of 470 bytes 140. FROZEN: what was packed with it can only be read with it. For a better one, add a second
 * dictionary and a second method in `packed-bytes.ts`; never edit this one.
 */
export const PACKING_DICTIONARY_1: Buffer = Buffer.from(
  [
    '["file.digest-mismatch","file.missing","file.not-regular","file.redirected","file.unreadable",',
    '"component.unlisted","evidence.missing","host.fips-disabled","host.fips-unreadable","host.clock-skew",',
    '"cluster.tainted","cluster.taint-unknown","appraisal.mismatch","manifest.expired"]',
    '{"observed":{"fipsEnabled":"1","state":"fips"},"subject":{"aspect":"fips","kind":"host"}}',
    '{"observed":{"state":"absent"},"subject":{"reason":"ENOENT","state":"unreadable"}}',
    '{"observed":{"digest":"sha256:","notBefore":"2026-01-01T00:00:00.000Z","seenUnderStandard":null,',
    '"state":"authority"},"subject":{"aspect":"kubernetes-ca","kind":"host"}}{"aspect":"etcd-ca"}',
    '{"observed":{"digest":"sha256:","gid":0,"mode":"0755","realPath":"/usr/bin/kubelet","size":"123456789",',
    '"state":"present","uid":0},"subject":{"component":"kubelet","kind":"file","path":"/usr/bin/kubelet"}}',
    'application/vnd.sealwatch.seal.v1+json',
    '{"schema":"sealwatch/seal/v1","clusterId":"","host":"","epoch":1,"sequence":1,"reportDigest":"sha256:',
    '","since":"2026-01-01T00:00:00.000Z","until":"2026-01-01T00:00:00.000Z","observations":96,',
    '"longestGapMs":900000,"deepestCheckAt":"2026-01-01T00:00:00.000Z","nonce":null,"bootId":"","instance":""}',
    'application/vnd.sealwatch.report.v1+json',
    '{"schema":"sealwatch/report/v1","clusterId":"","host":"","epoch":1,"sequence":1,"previous":"sha256:',
    '","inception":"sha256:","release":{"version":1,"digest":"sha256:"},"ruleset":1,"reason":"start"periodic"nonce"',
    '"reason":"change","nonce":null,"bootId":"","instance":"","agentVersion":"0.1.0","hostRoot":"/proc/1/root",',
    '"at":"2026-01-01T00:00:00.000Z","monotonicMs":123456789,"subjects":[',
    '{"id":"file:kube-apiserver:/usr/bin/kube-apiserver","measurement":"sha256:',
    '"},{"id":"file:etcd:/usr/bin/etcd","measurement":"sha256:"},{"id":"file:runc:/usr/bin/runc","measurement":"sha256:',
    '"},{"id":"file:kubeadm:/usr/bin/kubeadm","measurement":"sha256:',
    '"},{"id":"file:kubelet:/usr/bin/kubelet","measurement":"sha256:',
    '"},{"id":"file:containerd:/usr/bin/containerd","measurement":"sha256:',
    '"},{"id":"host:fips","measurement":"sha256:"},{"id":"host:kubernetes-ca","measurement":"sha256:',
    '"},{"id":"host:etcd-ca","measurement":"sha256:"}],"findings":[{"code":"file.digest-mismatch","subject":"file:',
    '","expected":"sha256:","observed":"sha256:"}],"notMeasured":["image","process","module","service"],',
    '"folded":null,"accounting":{"cycleMs":123,"cpuMs":4567,"rssBytes":52428800,"bytesRead":123456789}}',
  ].join(''),
  'utf8',
);
