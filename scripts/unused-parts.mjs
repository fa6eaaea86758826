// An esbuild plugin: what libraries load at their start and the agent never calls is left out of its bundle, where it would
// be heap: gRPC's server and the balancers of load that only a server can ask for, pino's writing in another thread.
import { sep } from 'node:path';

const BALANCERS = ['load-balancer-outlier-detection', 'load-balancer-weighted-round-robin'];
const GRPC = ['server', 'server-interceptors', 'server-credentials', 'experimental', 'orca', ...BALANCERS];
const UNUSED = [...GRPC.map((name) => `@grpc/grpc-js/build/src/${name}.js`), 'pino/lib/transport.js'];

export function unusedParts() {
  return {
    name: 'unused-parts',
    setup(build) {
      const missing = new Set(UNUSED);
      build.onLoad({ filter: /(grpc-js|pino)[/\\].*\.js$/ }, ({ path }) => {
        const part = UNUSED.find((file) => path.endsWith(`node_modules/${file}`.replaceAll('/', sep)));
        if (part === undefined) return undefined;
        missing.delete(part);
        // its index calls `setup` of each balancer, which makes it known by name
        return { contents: 'exports.setup = () => undefined;' };
      });
      build.onEnd(() => {
        if (missing.size > 0)
          throw new Error(`not where scripts/unused-parts.mjs expects it: ${[...missing].join(', ')}`);
      });
    },
  };
}
