/** The part of node-forge used here: its DER codec. Byte strings are "binary strings", one char per byte. */
declare module 'node-forge/lib/asn1.js' {
  interface ForgeNode {
    readonly tagClass: number;
    readonly type: number;
    readonly constructed: boolean;
    readonly value: string | ForgeNode[];
  }

  const asn1: {
    create(tagClass: number, type: number, constructed: boolean, value: string | readonly unknown[]): ForgeNode;
    fromDer(
      bytes: string,
      options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean; maxDepth: number },
    ): ForgeNode;
    toDer(node: ForgeNode): { getBytes(): string };
    oidToDer(oid: string): { getBytes(): string };
    derToOid(bytes: string): string;
  };
  export default asn1;
}
