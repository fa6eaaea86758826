import type { Database } from 'better-sqlite3';

export interface HostNumbers {
  /** Undefined for a name no record ever mentioned. */
  find(name: string): number | undefined;
  /** Gives the name a number if it has none. */
  number(name: string): number;
}

/** The small number that stands for a host's name in every row. Not cached: a refused operation takes its numbers back. */
export function hostNumbers(db: Database): HostNumbers {
  const find = db.prepare<[string], number>('SELECT id FROM hosts WHERE name = ?').pluck();
  const add = db.prepare<[string]>('INSERT INTO hosts (name) VALUES (?)');
  return {
    find: (name) => find.get(name),
    number: (name) => find.get(name) ?? Number(add.run(name).lastInsertRowid),
  };
}
