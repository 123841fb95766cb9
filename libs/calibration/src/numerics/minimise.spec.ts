import { minimise } from './minimise';

describe('minimise', () => {
  it('finds the minimum of a badly scaled quadratic', () => {
    const scales = [1, 10, 1000, 1e-2];
    const target = [3, -2, 0.5, 40];
    const found = minimise((point, gradient) => {
      let value = 0;
      scales.forEach((scale, i) => {
        const distance = point[i]! - target[i]!;
        gradient[i] = scale * distance;
        value += 0.5 * scale * distance * distance;
      });
      return value;
    }, new Float64Array(4));
    target.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 3));
  });

  it('needs one step, and one look, with the inverse Hessian at hand', () => {
    let looks = 0;
    const found = minimise(
      (point, gradient) => {
        looks++;
        gradient[0] = 8 * (point[0]! - 5);
        return 4 * (point[0]! - 5) ** 2;
      },
      Float64Array.of(100),
      {
        precondition: (vector) => {
          vector[0] = vector[0]! / 8;
        },
      },
    );
    expect(found[0]).toBeCloseTo(5, 12);
    expect(looks).toBe(2);
  });

  it('shortens a step that leads uphill', () => {
    const found = minimise((point, gradient) => {
      gradient[0] = Math.sinh(point[0]! - 1);
      return Math.cosh(point[0]! - 1);
    }, Float64Array.of(6));
    expect(found[0]).toBeCloseTo(1, 5);
  });
});
