import { CalibrationError } from './errors';

/** A JSON text as the value that it is of; anything but a text as it is. */
export function parsedJson(json: unknown, what: string): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch {
    throw new CalibrationError(`${what} is not JSON`);
  }
}

/** Reads the fields of a JSON object that should be of a known shape. */
export class JsonReader {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** @param what what the object is, for messages */
  constructor(
    value: unknown,
    private readonly what: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new CalibrationError(`${what} is not a JSON object`);
    }
    this.fields = value as Record<string, unknown>;
  }

  /** A finite number. */
  number(name: string, fits: (value: number) => boolean = () => true): number {
    const value = this.fields[name];
    if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return value;
    return this.refuse(name);
  }

  /** A whole number of at least `least`. */
  count(name: string, least = 0): number {
    return this.number(name, (value) => Number.isSafeInteger(value) && value >= least);
  }

  /** Finite numbers, so many of them if a length is given. */
  numbers(name: string, length?: number): number[] {
    const value = this.fields[name];
    const fits = Array.isArray(value) && value.every((entry) => Number.isFinite(entry));
    if (!fits || (length !== undefined && value.length !== length)) return this.refuse(name);
    return value as number[];
  }

  /** Finite numbers of which none is less than the one before. */
  ascending(name: string): number[] {
    const values = this.numbers(name);
    return values.every((value, i) => i === 0 || value >= (values[i - 1] as number))
      ? values
      : this.refuse(name);
  }

  /** True or false. */
  boolean(name: string): boolean {
    const value = this.fields[name];
    return typeof value === 'boolean' ? value : this.refuse(name);
  }

  /** Finite numbers or nulls, of a length that fits. */
  numbersOrNull(name: string, fits: (length: number) => boolean): (number | null)[] {
    const value = this.fields[name];
    const good = Array.isArray(value) && value.every((entry) => entry === null || Number.isFinite(entry));
    return good && fits(value.length) ? (value as (number | null)[]) : this.refuse(name);
  }

  /** One of some words. */
  word<T extends string>(name: string, words: readonly T[]): T {
    const value = this.fields[name];
    return words.includes(value as T) ? (value as T) : this.refuse(name);
  }

  /** Objects, so many of them, each read by `read`. */
  objects<T>(name: string, length: number, read: (json: JsonReader) => T): T[] {
    const value = this.fields[name];
    if (!Array.isArray(value) || value.length !== length) return this.refuse(name);
    return value.map((entry, i) => read(new JsonReader(entry, `${name}[${i}] of ${this.what}`)));
  }

  /** A whole number of at least 1 that says how the rest is to be read, no later than `latest`. */
  version(latest: number): number {
    const value = this.number('version', (version) => Number.isInteger(version) && version >= 1);
    if (value <= latest) return value;
    throw new CalibrationError(
      `${this.what} is of version ${value}: this version of the library reads up to ${latest}`,
    );
  }

  private refuse(name: string): never {
    const value = Object.hasOwn(this.fields, name) ? 'is not what it should be' : 'is missing';
    throw new CalibrationError(`${this.what} cannot be read: its field "${name}" ${value}`);
  }
}
