/** Writes protocol buffers: the few field kinds that TensorFlow's graphs need. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** An int64, enum or bool field. */
  int(field: number, value: number | bigint): this {
    return this.#append(varint(field << 3), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.#append(varint((field << 3) | 5), bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#append(varint((field << 3) | 2), varint(value.length), value);
  }

  message(field: number, value: MessageWriter): this {
    this.#append(varint((field << 3) | 2), varint(value.#length));
    for (const part of value.#parts) this.#append(part);
    return this;
  }

  /** An entry of a map from strings to messages. */
  entry(field: number, key: string, value: MessageWriter): this {
    return this.message(field, new MessageWriter().string(1, key).message(2, value));
  }

  /** The message as pieces to be written one after another, so that large ones are never copied together. */
  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }

  #append(...parts: Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && value >= 0 && value < 0x80) return Uint8Array.of(value);
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
