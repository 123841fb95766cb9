import type { Ink } from './centre-digit';

/** A stroke's width as a share of the pad's side: about that of a pen in MNIST. */
const strokeWidth = 0.075;

/** A canvas that is drawn on with a mouse, a pen or a finger. */
export class DrawPad {
  readonly #context: CanvasRenderingContext2D;
  #last: readonly [x: number, y: number] | null = null;

  /**
   * @param onStroke called after each piece of a stroke, and with `true` at its end
   */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onStroke: (isEnd: boolean) => void,
  ) {
    this.#context = canvas.getContext('2d', { willReadFrequently: true })!;
    canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    canvas.addEventListener('pointermove', (event) => this.#go(event));
    for (const type of ['pointerup', 'pointercancel'] as const)
      canvas.addEventListener(type, () => this.#end());
  }

  /** The strokes, whatever they look like. */
  ink(): Ink {
    const { width, height } = this.canvas;
    const { data } = this.#context.getImageData(0, 0, width, height);
    return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i + 3]!) };
  }

  clear(): void {
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#last = this.#placeOf(event);
    this.#lineTo(this.#last);
    this.onStroke(false);
  }

  #go(event: PointerEvent): void {
    if (this.#last === null) return;
    const events = event.getCoalescedEvents();
    for (const one of events.length > 0 ? events : [event]) this.#lineTo(this.#placeOf(one));
    this.onStroke(false);
  }

  #end(): void {
    if (this.#last === null) return;
    this.#last = null;
    this.onStroke(true);
  }

  #lineTo(to: readonly [number, number]): void {
    const context = this.#context;
    Object.assign(context, { lineCap: 'round', lineJoin: 'round', strokeStyle: '#fff' });
    context.lineWidth = strokeWidth * this.canvas.width;
    context.beginPath();
    context.moveTo(...(this.#last as [number, number]));
    context.lineTo(...(to as [number, number]));
    context.stroke();
    this.#last = to;
  }

  #placeOf({ clientX, clientY }: PointerEvent): readonly [number, number] {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * this.canvas.width, ((clientY - top) / height) * this.canvas.height];
  }
}
