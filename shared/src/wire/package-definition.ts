import type { loadPackageDefinition, MethodDefinition } from '@grpc/grpc-js';
// `light`: descriptors only, no parser; a bundle has nothing to parse
import protobuf, { type IConversionOptions, type Method, type Root, type Type } from 'protobufjs/light.js';

export type PackageDefinition = Parameters<typeof loadPackageDefinition>[0];

/** The generated types hold only under these: scripts/generate-wire-types.sh says the same. */
const CONVERSION: IConversionOptions = { longs: String, enums: String, defaults: true, oneofs: true };

/** gRPC wants them of messages and enums, for server reflection, which nobody here serves. */
const NO_REFLECTION = { type: {}, fileDescriptorProtos: [] };

/**
 * What gRPC needs to speak the services of these descriptors, and every message's codec by its full name. `proto-loader`
 * would make the same with each descriptor encoded beside it, which costs an agent more memory than the codecs.
 */
export function packageDefinition(root: Root): PackageDefinition {
  root.resolveAll();
  return Object.fromEntries(definitionsIn(root));
}

function definitionsIn(namespace: protobuf.NamespaceBase): [string, PackageDefinition[string]][] {
  return namespace.nestedArray.flatMap((entry): [string, PackageDefinition[string]][] => {
    const name = entry.fullName.slice(1);
    if (entry instanceof protobuf.Service) {
      return [[name, Object.fromEntries(entry.methodsArray.map((method) => [method.name, methodDefinition(method)]))]];
    }
    // messages inside of messages are reached through these
    if (entry instanceof protobuf.Type) return [[name, messageDefinition(entry)]];
    if (entry instanceof protobuf.Enum) return [[name, { format: 'enum', ...NO_REFLECTION }]];
    return entry instanceof protobuf.Namespace ? definitionsIn(entry) : [];
  });
}

function methodDefinition(method: Method): MethodDefinition<object, object> {
  const [request, response] = [codec(method.resolvedRequestType), codec(method.resolvedResponseType)];
  const { name, parent, requestStream, responseStream } = method;
  return {
    path: `/${parent?.fullName.slice(1) ?? ''}/${name}`,
    requestStream: requestStream === true,
    responseStream: responseStream === true,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
    // the client's method; the server's stands under the name itself
    originalName: name.charAt(0).toLowerCase() + name.slice(1),
  };
}

function messageDefinition(type: Type): PackageDefinition[string] & ReturnType<typeof codec> {
  return { format: 'message', ...NO_REFLECTION, ...codec(type) };
}

/** protobufjs makes the codec of a message when it is first asked for. */
function codec(type: Type | null): { serialize: (value: object) => Buffer; deserialize: (bytes: Buffer) => object } {
  if (type === null) throw new Error('a method without its messages: descriptors were not resolved');
  return {
    serialize: (value) => type.encode(type.fromObject(value)).finish() as Buffer,
    deserialize: (bytes) => type.toObject(type.decode(bytes), CONVERSION),
  };
}
