/** A program that contradicts itself. Never leaves this room: whoever analyses a binary makes a value of it. */
export class MalformedBinary extends Error {}
