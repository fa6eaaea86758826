import { fileSubjects } from '@sealwatch/agent/inventory/file-subjects.js';
import { MAX_SUBJECTS } from '@sealwatch/shared/statement/report.js';
import { HOST_ASPECTS, subjectId } from '@sealwatch/shared/subject/subject.js';
import { expect, it } from 'vitest';
import { component, manifest } from '../fakes/appraisal-world.js';

const next = manifest('2', {
  components: [component('kubelet', { paths: ['/usr/bin/kubelet', '/opt/kubelet'] }), component('runc')],
});

it('lists every path any manifest names, once per component', () => {
  expect(fileSubjects([manifest('1'), next]).map(subjectId)).toEqual([
    'file:containerd:/usr/bin/containerd',
    'file:containerd:/usr/local/bin/containerd',
    'file:kubelet:/opt/kubelet',
    'file:kubelet:/usr/bin/kubelet',
    'file:runc:/usr/bin/runc',
  ]);
});

it('is in the same order whatever the order of the manifests', () => {
  expect(fileSubjects([next, manifest('1')])).toEqual(fileSubjects([manifest('1'), next]));
});

it('lists the same path twice if two components claim it', () => {
  const other = manifest('3', { components: [component('kubeadm', { paths: ['/usr/bin/kubelet'] })] });
  const subjects = fileSubjects([other, manifest('1')]).filter(({ path }) => path === '/usr/bin/kubelet');
  expect(subjects.map((subject) => subject.component)).toEqual(['kubeadm', 'kubelet']);
});

it('never lists more than a report can carry beside the host itself', () => {
  const components = Array.from({ length: 1000 }, (_, i) =>
    component(`c${String(i)}`, { paths: [`/a/${String(i)}`, `/b/${String(i)}`, `/c/${String(i)}`] }),
  );
  expect(fileSubjects([manifest('1', { components })])).toHaveLength(MAX_SUBJECTS - HOST_ASPECTS.length);
});
