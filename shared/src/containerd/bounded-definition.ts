import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '../wire/package-definition.js';

/** More images, tasks or mounts than any host has. */
const MAX_FIELDS = 20_000;

/**
 * The same definition, with answers refused that hold too many things. The length of a message is bounded by the
 * channel, but two bytes on the wire become an object of hundreds in memory.
 */
export function boundedDefinition(definition: PackageDefinition): PackageDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, entry]) => [name, isService(entry) ? boundedService(entry) : entry]),
  );
}

/** Services have neither of the fields that every message and enum has. */
function isService(entry: PackageDefinition[string]): entry is ServiceDefinition {
  return !('format' in entry);
}

function boundedService(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries<MethodDefinition<object, object>>(service).map(([name, method]) => [name, boundedMethod(method)]),
  );
}

function boundedMethod(method: MethodDefinition<object, object>): MethodDefinition<object, object> {
  return {
    ...method,
    responseDeserialize: (bytes) => {
      if (fieldsIn(bytes) > MAX_FIELDS) throw new Error(`more than ${String(MAX_FIELDS)} fields`);
      return method.responseDeserialize(bytes);
    },
  };
}

/**
 * Counts the fields of a message without looking into them (protobuf.dev, "Encoding").
 * @throws Error if it is cut off or has groups, which proto3 has not and the decoder takes for something else
 */
function fieldsIn(bytes: Buffer): number {
  let at = 0;
  let fields = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    fields += 1;
    const wireType = varint() % 8;
    if (wireType === 0) varint();
    else if (wireType === 1) at += 8;
    else if (wireType === 2) {
      const length = varint();
      at += length;
    } else if (wireType === 5) at += 4;
    else throw new Error('no proto3 message');
  }
  if (at > bytes.length) throw new Error('a message that is cut off');
  return fields;
}
