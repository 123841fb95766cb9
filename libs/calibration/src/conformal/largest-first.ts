/** Gives the classes of one example from the most probable on, as far as they are asked for: a heap of the rest. */
export class LargestFirst {
  private readonly heap: Int32Array;
  private left = 0;
  private probabilities: Float64Array = new Float64Array();

  constructor(private readonly classes: number) {
    this.heap = new Int32Array(classes);
  }

  /** Begins with an example's classes of at least a probability. */
  begin(probabilities: Float64Array, least: number): void {
    this.probabilities = probabilities;
    this.left = 0;
    for (let k = 0; k < this.classes; k++)
      if ((probabilities[k] as number) >= least) this.heap[this.left++] = k;
    for (let place = (this.left >> 1) - 1; place >= 0; place--) this.sink(place);
  }

  /** The most probable class that is left, the first of equal ones; -1 after the last. */
  next(): number {
    if (this.left === 0) return -1;
    const first = this.heap[0] as number;
    this.left--;
    this.heap[0] = this.heap[this.left] as number;
    this.sink(0);
    return first;
  }

  private before(a: number, b: number): boolean {
    const p = this.probabilities[a] as number;
    const q = this.probabilities[b] as number;
    return p > q || (p === q && a < b);
  }

  private sink(from: number): void {
    let place = from;
    const moved = this.heap[place] as number;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.left) break;
      if (child + 1 < this.left && this.before(this.heap[child + 1] as number, this.heap[child] as number))
        child++;
      if (!this.before(this.heap[child] as number, moved)) break;
      this.heap[place] = this.heap[child] as number;
      place = child;
    }
    this.heap[place] = moved;
  }
}
