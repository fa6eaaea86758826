import type { Envelope } from '../wire/generated/containerd/services/events/v1/Envelope.js';
import type { ContainerdChange, ContainerdEvent } from './containerd-event.js';
import type { ContainerdProtos } from './load-containerd-protos.js';

/** No name of containerd's is longer: keys and ids have 76 bytes, references at most some hundred (identifiers.go). */
const MAX_NAME = 1024;
const MAX_TOPIC = 64;

/**
 * What an event says has changed; undefined for events that concern nothing that is measured: other namespaces, the end
 * of a process that was added to a container by exec.
 */
export function decodeEvent(
  { namespace, topic, event }: Envelope,
  deps: { readonly bodies: ContainerdProtos['events']; readonly namespace: string },
): ContainerdEvent | undefined {
  if (namespace !== deps.namespace) return undefined;
  let change: ContainerdChange | 'nothing' | undefined;
  try {
    change = changeOf(topic, event?.value ?? Buffer.alloc(0), deps.bodies);
  } catch {
    change = undefined;
  }
  return change === 'nothing' ? undefined : { topic: topic.slice(0, MAX_TOPIC), change };
}

/** By topic, not by the body's type name: that has changed between versions. @throws if the body is no such message */
function changeOf(
  topic: string,
  body: Buffer,
  bodies: ContainerdProtos['events'],
): ContainerdChange | 'nothing' | undefined {
  switch (topic) {
    case '/images/create':
    case '/images/update':
    case '/images/delete':
      return named(bodies.ImageEvent.deserialize(body).name, (name) => ({ kind: 'image', name }));
    case '/containers/create':
    case '/containers/update':
    case '/containers/delete':
      return named(bodies.ContainerEvent.deserialize(body).id, (id) => ({ kind: 'container', id }));
    case '/snapshot/prepare':
    case '/snapshot/commit':
    case '/snapshot/remove':
      return named(bodies.SnapshotEvent.deserialize(body).key, (key) => ({ kind: 'snapshot', key }));
    case '/tasks/create':
      return task(bodies.TaskCreate.deserialize(body));
    case '/tasks/start':
    case '/tasks/delete':
      return task(bodies.TaskEvent.deserialize(body));
    case '/tasks/exit': {
      const exit = bodies.TaskExit.deserialize(body);
      return exit.id === exit.containerId ? task(exit) : 'nothing';
    }
    default:
      return undefined;
  }
}

function task({ containerId, pid }: { containerId: string; pid: number }): ContainerdChange | undefined {
  return named(containerId, () => ({ kind: 'task', containerId, pid }));
}

function named(name: string, change: (name: string) => ContainerdChange): ContainerdChange | undefined {
  return name === '' || name.length > MAX_NAME ? undefined : change(name);
}
