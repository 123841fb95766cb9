/** Whether a value, of whatever came from elsewhere, is what it should be. */
export type Shape = (value: unknown) => boolean;

export const text: Shape = (value) => typeof value === 'string';

export const number: Shape = (value) => typeof value === 'number' && Number.isFinite(value);

/** A whole number of at least 0. */
export const count: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

export const boolean: Shape = (value) => typeof value === 'boolean';

/** An id that can be the name of a file. */
export const id: Shape = (value) =>
  typeof value === 'string' && /^[^/\\]+$/.test(value) && !/^\.\.?$/.test(value);

/** A path that leads to nowhere above the folder that it begins in. */
export const pathBelow: Shape = (value) =>
  typeof value === 'string' &&
  value !== '' &&
  !value.startsWith('/') &&
  !/(^|[/\\])\.\.($|[/\\])/.test(value);

export const any = (...shapes: Shape[]): Shape => {
  return (value) => shapes.some((fits) => fits(value));
};

/** What may be left out. */
export const optional = (shape: Shape): Shape => any((value) => value === undefined || value === null, shape);

export const oneOf = (...words: readonly string[]): Shape => {
  return (value) => words.includes(value as string);
};

export const list = (shape: Shape): Shape => {
  return (value) => Array.isArray(value) && value.every(shape);
};

/** An object of any keys, all with such values. */
export const record = (shape: Shape): Shape => {
  return (value) => isObject(value) && Object.values(value).every(shape);
};

/** An object with these fields, and perhaps others. */
export const object = (fields: Readonly<Record<string, Shape>>): Shape => {
  const checks = Object.entries(fields);
  return (value) => isObject(value) && checks.every(([name, fits]) => fits(value[name]));
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
