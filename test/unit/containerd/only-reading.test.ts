import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import { expect, it } from 'vitest';

it('knows no method of containerd that changes anything', () => {
  const methods = Object.values(loadContainerdProtos().services).flatMap(({ v1 }) =>
    Object.values(v1 as Record<string, { service?: Record<string, { path: string }> }>).flatMap(({ service = {} }) =>
      Object.values(service).map(({ path }) => path.replace('/containerd.services.', '')),
    ),
  );
  expect(methods.sort()).toEqual([
    'containers.v1.Containers/Get',
    'containers.v1.Containers/ListStream',
    'content.v1.Content/Info',
    'content.v1.Content/Read',
    'events.v1.Events/Subscribe',
    'images.v1.Images/Get',
    'images.v1.Images/List',
    'introspection.v1.Introspection/Plugins',
    'snapshots.v1.Snapshots/Mounts',
    'snapshots.v1.Snapshots/Stat',
    'tasks.v1.Tasks/Get',
    'tasks.v1.Tasks/List',
    'version.v1.Version/Version',
  ]);
});
