// An esbuild plugin: what shared/src/wire/proto-directory.ts reads from proto/ is in the bundle instead, as the JSON
// descriptors of protobufjs. So is the one file that grpc-health-check reads.
import { readFileSync } from 'node:fs';
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
      build.onLoad({ filter: /grpc-health-check\/build\/src\/health\.js$/ }, ({ path }) => ({
        contents: healthText(path),
      }));
    },
  };
}

/** The descriptors are text until they are asked for: most commands need none of them. */
function moduleText(project) {
  const sets = Object.keys(FILES).map((name) => `${name}: ${JSON.stringify(descriptors(project, name))}`);
  return `
    import protobuf from 'protobufjs/light.js';
    const SETS = { ${sets.join(', ')} };
    export function readProtoDirectory(files) {
      return protobuf.Root.fromJSON(JSON.parse(SETS[files[0].split('/')[0]]));
    }
  `;
}

/** The library's own module, with the descriptors where it loads the file beside it. */
function healthText(path) {
  const text = readFileSync(path, 'utf8');
  const loading = "loadSync)('health/v1/health.proto', {";
  if (!text.includes(loading))
    throw new Error(`${path} does not load its protocol as scripts/protos-inside.mjs expects`);
  const found = jsonOf((target) => join(path, '..', '..', '..', 'proto', target), ['health/v1/health.proto']);
  return text.replace(loading, `fromJSON)(${found}, {`).replaceAll('__dirname', "''");
}

function descriptors(project, name) {
  const files = FILES[name].map((file) => `${FOLDERS[name]}/${file}.proto`);
  return jsonOf((target) => join(project, 'proto', target), files);
}

function jsonOf(locate, files) {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => locate(target);
  root.loadSync(files);
  return JSON.stringify(root.resolveAll().toJSON());
}
