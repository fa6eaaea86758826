/** Of pods, containers, sandboxes: each is another after a restart. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONG_ID = /^[0-9a-f]{32,64}$/;
const SHORT_ID = /^[0-9a-f]{8}$/;
/** The volume that holds a pod's own credentials (kube-apiserver, ServiceAccount admission). */
const ACCESS = /^(kube-api-access-)[a-z0-9]{5}$/;

/**
 * Where a mount comes from, with `*` for what is another one after each restart of a pod: the ids of pods, sandboxes and
 * containers, and the numbers the kubelet gives to a container's termination log. So a restart changes nothing, and
 * a mount of something else does. Judged is only where it goes.
 */
export function stableMountSource(source: string): string {
  const steps = source.split('/');
  return steps
    .map((step, i) => {
      if (UUID.test(step) || LONG_ID.test(step)) return '*';
      // …/pods/UID/containers/NAME/1a2b3c4d
      if (SHORT_ID.test(step) && steps[i - 2] === 'containers' && steps[i - 4] === 'pods') return '*';
      return step.replace(ACCESS, '$1*');
    })
    .join('/');
}
