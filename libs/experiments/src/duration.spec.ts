import { duration } from './duration';

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [-1, '0 s'],
    [59.4, '59 s'],
    [60, '1 min 00 s'],
    [3599.6, '1 h 00 min'],
    [7505, '2 h 05 min'],
  ])('says %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});
