import { DataError } from '../errors';
import { refuseWebPage } from './web-page';

describe('refuseWebPage', () => {
  it.each([
    ['<!DOCTYPE html>\n<html><head><title>\n Sign in\n</title>', 'a web page ("Sign in") and no data'],
    ['\ufeff  <html lang="en"><body>moved', 'a web page and no data'],
  ])('refuses %j', (text, words) => {
    const refused = () => refuseWebPage('/data/file', Buffer.from(text));
    expect(refused).toThrow(DataError);
    expect(refused).toThrow(`/data/file: is ${words}; does a log-in`);
  });

  it.each([Buffer.from([0, 0, 8, 3]), Buffer.from([0x1f, 0x8b]), Buffer.from('<table>'), Buffer.alloc(0)])(
    'takes anything else for data',
    (head) => expect(() => refuseWebPage('/data/file', head)).not.toThrow(),
  );
});
