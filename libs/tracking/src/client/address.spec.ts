import { withoutCredentials } from './address';

describe('withoutCredentials', () => {
  it.each([
    ['http://127.0.0.1:5000/base', 'http://127.0.0.1:5000/base'],
    ['http://ann:secret@host:5000/base', 'http://host:5000/base'],
    ['redis://:secret@host:6379/0', 'redis://host:6379/0'],
    ['htp://ann:sec/ret@host', 'htp://host'],
    ['http://ann:sec@ret@host', 'http://host'],
    ['http://ann:sec#ret@host', 'http://...'],
    ['redis://host?password=sec@ret', 'redis://...'],
    ['redis://host:6379?password=secret', 'redis://host:6379'],
    ['ann:secret@host:5000', 'host:5000'],
    ['./mlruns', './mlruns'],
    ['', ''],
  ])('%s is shown as "%s"', (address, shown) => {
    expect(withoutCredentials(address)).toBe(shown);
    expect(shown).not.toMatch(/sec|ret|ann/u);
  });
});
