import { firstLine, MlflowError } from './errors';

it('has one line, whatever an answer held', () => {
  expect(new MlflowError('kept at x\r\ny, which \u2028 is nowhere').message).toBe(
    'kept at x y, which   is nowhere',
  );
});

describe('firstLine', () => {
  it('takes the first line that says something', () => {
    expect(firstLine('\n  \nInvalid Host header\nmore')).toBe('Invalid Host header');
  });

  it('reads a page as what it shows', () => {
    const page =
      '<!doctype html><html><head><style>p { color: red }</style><title>502 Bad Gateway</title></head><body><h1>x</h1></body></html>';
    expect(firstLine(page)).toBe('502 Bad Gateway');
  });

  it('cuts long lines', () => {
    expect(firstLine('x'.repeat(1000))).toBe(`${'x'.repeat(300)}...`);
  });
});
