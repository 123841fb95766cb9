const [digit0, digit9, letterE] = [48, 57, 101];
const [plus, minus, point] = [43, 45, 46];

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** Digits that are added up; those after them move the exponent alone. */
const mostDigits = 19;

/** More than what adding up digits and two divisions can be off by, as a share. */
const slack = 2 ** -48;

/**
 * Reads decimal numbers out of bytes of ASCII as float32, exactly as `Math.fround(Number(text))`: by one pass over the digits,
 * many times as fast as making a text of each. `next` is where the number ends.
 */
export class FloatText {
  next = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The number that begins at `start`; NaN where none does, or its last bit cannot be told without making a text of it. */
  read(start: number): number {
    const { bytes } = this;
    let at = start;
    const sign = bytes[at] === minus ? -1 : 1;
    if (bytes[at] === minus || bytes[at] === plus) at++;
    const first = at;
    let mantissa = 0;
    let byte = bytes[at]!;
    for (; byte >= digit0 && byte <= digit9; byte = bytes[++at]!) mantissa = 10 * mantissa + byte - digit0;
    let digits = at - first;
    let decimals = 0;
    if (byte === point) {
      const before = at;
      byte = bytes[++at]!;
      for (; byte >= digit0 && byte <= digit9; byte = bytes[++at]!) mantissa = 10 * mantissa + byte - digit0;
      decimals = at - before - 1;
      digits += decimals;
    }
    if (digits === 0 || digits > 15 || (byte | 32) === letterE) return this.readLong(first, sign);
    // Both numbers are exact, and their quotient is rounded as any number of a text is.
    this.next = at;
    return sign * Math.fround(mantissa / powersOfTen[decimals]!);
  }

  /** A number of many digits, or with an exponent. */
  private readLong(start: number, sign: number): number {
    const { bytes } = this;
    let at = start;
    let mantissa = 0;
    let digits = 0;
    let exponent = 0;
    let seen = 0;
    let isFraction = false;
    for (; ; at++) {
      const digit = bytes[at]! - digit0;
      if (digit >= 0 && digit <= 9) {
        seen++;
        if (digits < mostDigits) {
          mantissa = 10 * mantissa + digit;
          if (mantissa > 0) digits++;
          if (isFraction) exponent--;
        } else if (!isFraction) exponent++;
      } else if (bytes[at] === point && !isFraction) isFraction = true;
      else break;
    }
    if (seen === 0) return NaN;
    if ((bytes[at]! | 32) === letterE) {
      const end = this.exponentEnd(at + 1);
      if (end < 0) return NaN;
      exponent += this.exponent;
      at = end;
    }
    this.next = at;
    if (mantissa === 0) return sign * 0;
    const value = scaled(mantissa, exponent);
    const rounded = Math.fround(value * (1 - slack));
    return rounded === Math.fround(value * (1 + slack)) ? sign * rounded : NaN;
  }

  private exponent = 0;

  /** Reads an exponent; gives its end, or -1 where there is none. */
  private exponentEnd(start: number): number {
    const { bytes } = this;
    let at = start;
    const sign = bytes[at] === minus ? -1 : 1;
    if (bytes[at] === minus || bytes[at] === plus) at++;
    const first = at;
    let value = 0;
    for (let digit = bytes[at]! - digit0; digit >= 0 && digit <= 9; digit = bytes[++at]! - digit0) {
      value = Math.min(10 * value + digit, 9999);
    }
    this.exponent = sign * value;
    return at === first ? -1 : at;
  }
}

/** m * 10^e up to a few units in the last place; NaN beyond what two exact powers of ten give. */
function scaled(mantissa: number, exponent: number): number {
  const size = Math.abs(exponent);
  if (size > 44) return NaN;
  const [first, second] = [powersOfTen[Math.min(size, 22)]!, powersOfTen[Math.max(size - 22, 0)]!];
  return exponent < 0 ? mantissa / first / second : mantissa * first * second;
}
