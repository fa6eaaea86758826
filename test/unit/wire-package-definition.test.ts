import { join } from 'node:path';
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { loadProtoDefinition } from '@sealwatch/shared/wire/load-protos.js';
import { describe, expect, it } from 'vitest';

const PROTO = join(import.meta.dirname, '..', '..', 'proto');
const SETS: Readonly<Record<string, readonly string[]>> = {
  sealwatch: ['sealwatch/v1/agent.proto', 'sealwatch/v1/enrollment.proto', 'sealwatch/v1/query.proto'],
  containerd: ['containers', 'content', 'events', 'images', 'introspection', 'snapshots', 'tasks', 'version'].map(
    (name) => `containerd/${name}.proto`,
  ),
};
/** As scripts/generate-wire-types.sh tells the same library. */
const OPTIONS = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [PROTO] };

describe.each(Object.entries(SETS))('the %s protocol, beside what proto-loader makes of the same files', (_, files) => {
  const ours = loadProtoDefinition(files);
  const theirs = loadSync([...files], OPTIONS);
  const services = Object.entries(theirs).filter((entry): entry is [string, ServiceDefinition] => isService(entry[1]));
  const messages = Object.entries(theirs).filter(
    (entry): entry is [string, MessageTypeDefinition<object, object>] => 'deserialize' in entry[1],
  );

  it('has the same services, messages and enums', () => {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(services.length).toBeGreaterThan(0);
    for (const [name, definition] of Object.entries(theirs)) {
      expect(isService(ours[name] ?? {}), name).toBe(isService(definition));
    }
  });

  it('calls every method by the same path, with the same streams', () => {
    for (const [name, service] of services) {
      expect(shape(ours[name] ?? {}), name).toEqual(shape(service));
    }
  });

  it('reads every message that is empty, or has one of anything, as it does, and writes the same bytes', () => {
    expect(messages.length).toBeGreaterThan(20);
    for (const [name, message] of messages) {
      const own = ours[name] as unknown as MessageTypeDefinition<object, object>;
      for (const bytes of [Buffer.alloc(0), ...fieldsOfEveryKind()]) {
        const read = attempt(() => message.deserialize(bytes));
        const ownRead = attempt(() => own.deserialize(bytes));
        expect(ownRead, `${name} ${bytes.toString('hex')}`).toEqual(read);
        if (typeof read === 'object') {
          expect(own.serialize(ownRead as object), name).toEqual(message.serialize(read));
        }
      }
    }
  });
});

function isService(definition: object): definition is ServiceDefinition {
  return !('format' in definition);
}

function shape(service: object): unknown {
  return Object.entries(service as ServiceDefinition).map(([name, method]) => [
    name,
    method.path,
    method.requestStream,
    method.responseStream,
    method.originalName,
  ]);
}

/** Fields 1 to 12: a number beyond 53 bits, two bytes, and an empty message. */
function fieldsOfEveryKind(): Buffer[] {
  return Array.from({ length: 12 }, (_, index) => index + 1).flatMap((field) => [
    Buffer.from([field * 8, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]),
    Buffer.from([field * 8 + 2, 2, 0x41, 0x42]),
    Buffer.from([field * 8 + 2, 0]),
  ]);
}

function attempt(read: () => object): object | string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}
