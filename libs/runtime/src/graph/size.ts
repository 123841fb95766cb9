/** A number that depends on the batch size N: base + factor * N, or base + factor / N where it is inverse. */
export interface BatchNumber {
  readonly base: number;
  readonly factor: number;
  readonly inverse: boolean;
}

/** A plain number, or one that depends on the batch size. */
export type Size = number | BatchNumber;

/** Whether none of some numbers depends on the batch size. */
export function isStatic(sizes: ArrayLike<number> | readonly Size[]): sizes is readonly number[] {
  return ArrayBuffer.isView(sizes) || (sizes as readonly Size[]).every((size) => typeof size === 'number');
}

/** A size as many times as a plain number says. */
export function times(size: Size, count: number): Size {
  if (typeof size === 'number') return size * count;
  return { ...size, base: size.base * count, factor: size.factor * count };
}

/** How many elements a tensor has for each example: the product of the sizes that don't depend on the batch. */
export function staticElements(shape: readonly Size[]): number {
  return shape.reduce<number>((product, size) => (typeof size === 'number' ? product * size : product), 1);
}
