// An esbuild plugin: what shared/src/wire/proto-directory.ts reads from proto/ is in the bundle instead, as the JSON
// descriptors of protobufjs.
import { join } from 'node:path';
import protobuf from 'protobufjs';

/** Of each folder of proto/, what an agent speaks. A folder is one set: its files import each other. */
const FILES = {
  sealwatch: ['agent', 'enrollment', 'query'],
  containerd: ['containers', 'content', 'events', 'images', 'introspection', 'snapshots', 'tasks', 'version'],
};
const FOLDERS = { sealwatch: 'sealwatch/v1', containerd: 'containerd' };

export function protosInside(project) {
  return {
    name: 'protos-inside',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\/.*proto-directory\.js$/ }, () => ({
        path: 'protos',
        namespace: 'protos-inside',
      }));
      build.onLoad({ filter: /.*/, namespace: 'protos-inside' }, () => ({
        contents: moduleText(project),
        resolveDir: join(project, 'shared', 'src', 'wire'),
      }));
    },
  };
}

/** The descriptors are text until they are asked for: most commands need none of them. */
function moduleText(project) {
  const sets = Object.keys(FILES).map((name) => `${name}: ${JSON.stringify(descriptors(project, name))}`);
  return `
    import { fromJSON } from '@grpc/proto-loader';
    const SETS = { ${sets.join(', ')} };
    export function readProtoDirectory(files, options) {
      return fromJSON(JSON.parse(SETS[files[0].split('/')[0]]), options);
    }
  `;
}

function descriptors(project, name) {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(project, 'proto', target);
  root.loadSync(FILES[name].map((file) => `${FOLDERS[name]}/${file}.proto`));
  return JSON.stringify(root.resolveAll().toJSON());
}
