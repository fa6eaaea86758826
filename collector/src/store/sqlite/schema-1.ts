/**
 * The first schema. Times are milliseconds since the Unix epoch, digests their 32 raw bytes, envelopes and bodies
 * packed (`stored-envelope.ts`, `packed-bytes.ts`). Small rows live in their key's own tree (WITHOUT ROWID).
 */
const TABLES = `
-- Latest wall-clock time of ours that any record carries.
CREATE TABLE high_water (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO high_water (id, at) VALUES (1, 0);

-- A number for each name any record mentions; enrolled is who has an enrolment. '' is the cluster.
CREATE TABLE hosts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  replace INTEGER NOT NULL CHECK (replace IN (0, 1)),
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE enrollments (
  host INTEGER NOT NULL REFERENCES hosts (id),
  epoch INTEGER NOT NULL CHECK (epoch > 0),
  enrolled_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_by TEXT,
  revoked_reason TEXT,
  PRIMARY KEY (host, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificates (
  id INTEGER PRIMARY KEY,
  serial TEXT NOT NULL UNIQUE,
  purpose TEXT NOT NULL,
  name TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  keyid TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  revoked_at INTEGER,
  der BLOB NOT NULL
) STRICT;
CREATE INDEX certificates_by_keyid ON certificates (keyid);
CREATE INDEX certificates_by_name ON certificates (name, purpose);

CREATE TABLE renewal_nonces (
  host INTEGER NOT NULL REFERENCES hosts (id),
  nonce TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (host, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE inception (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  recorded_at INTEGER NOT NULL,
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE manifests (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  stored_at INTEGER NOT NULL,
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE releases (
  version INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  published_at INTEGER NOT NULL,
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE release_manifests (
  version INTEGER NOT NULL REFERENCES releases (version),
  position INTEGER NOT NULL,
  manifest BLOB NOT NULL REFERENCES manifests (digest),
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL REFERENCES hosts (id),
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  signed_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  findings BLOB,
  envelope BLOB NOT NULL,
  UNIQUE (host, epoch, sequence)
) STRICT;

CREATE TABLE bodies (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- day: of the seal's end, days since the Unix epoch, UTC.
CREATE TABLE seals (
  host INTEGER NOT NULL REFERENCES hosts (id),
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  day INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  envelope BLOB NOT NULL,
  PRIMARY KEY (host, epoch, sequence, day)
) STRICT, WITHOUT ROWID;

-- Where each host stands now; all of it could be computed from reports and seals.
CREATE TABLE host_states (
  host INTEGER PRIMARY KEY REFERENCES hosts (id),
  report INTEGER NOT NULL REFERENCES reports (id),
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  last_received_at INTEGER NOT NULL,
  evidence_at INTEGER NOT NULL
) STRICT;

CREATE TABLE authorities (
  host INTEGER NOT NULL REFERENCES hosts (id),
  aspect TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (host, aspect, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL REFERENCES hosts (id),
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  envelope BLOB
) STRICT;

-- reasons: a JSON array of texts.
CREATE TABLE verdict_changes (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL REFERENCES hosts (id),
  at INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  previous TEXT NOT NULL,
  reasons TEXT NOT NULL
) STRICT;

-- One line per event of a host, in the order of our clock; tie orders what carries one time, as it arrived.
-- ref: the report's id, the seal's day, the gap's last missing sequence, the alarm's or the verdict change's id, of
-- unproven time the host time it begins at.
CREATE TABLE history (
  host INTEGER NOT NULL REFERENCES hosts (id),
  at INTEGER NOT NULL,
  tie INTEGER NOT NULL,
  kind TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  ref INTEGER NOT NULL,
  PRIMARY KEY (host, at, tie)
) STRICT, WITHOUT ROWID;
`;

/** Hygiene, not protection: our own later mistakes fail loudly. Signatures are what protects. */
const APPEND_ONLY = [
  'inception',
  'manifests',
  'releases',
  'release_manifests',
  'reports',
  'alarms',
  'verdict_changes',
  'history',
];

function appendOnly(table: string): string {
  return ['UPDATE', 'DELETE']
    .map(
      (verb) => `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
    )
    .join('\n');
}

export const SCHEMA_1: string = TABLES + APPEND_ONLY.map(appendOnly).join('\n');
