import { createRequire } from 'node:module';
import type SqliteDatabase from 'better-sqlite3';

type Driver = typeof SqliteDatabase;

/**
 * better-sqlite3, in the release that suits this Node: 13 (Node-API) needs Node 22; 12 runs from Node 20 on, but
 * Node 24.19 and later abort in it (nodejs/node#65446).
 */
export const Sqlite: Driver = loadDriver(Number(process.versions.node.split('.')[0]));

function loadDriver(nodeMajor: number): Driver {
  const require = createRequire(import.meta.url);
  return require(nodeMajor >= 22 ? 'better-sqlite3-napi' : 'better-sqlite3') as Driver;
}
