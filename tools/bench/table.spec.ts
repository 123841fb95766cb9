import { figure, markdownTable } from './table';

describe('markdownTable', () => {
  it('lines columns up, figures to the right', () => {
    const table = markdownTable(
      [{ title: 'model' }, { title: 'ms', figures: true }],
      [
        ['vgg', '1,250'],
        ['simple_dense', '2.70'],
      ],
    );
    expect(table.split('\n')).toEqual([
      '| model        |    ms |',
      '| ------------ | ----: |',
      '| vgg          | 1,250 |',
      '| simple_dense |  2.70 |',
    ]);
  });

  it('leaves missing cells empty', () => {
    expect(markdownTable([{ title: 'a' }, { title: 'b' }], [['x']]).split('\n')[2]).toBe('| x   |     |');
  });
});

describe('figure', () => {
  it.each([
    [2.714, '2.71'],
    [33.33, '33.3'],
    [1249.6, '1,250'],
    [0, '0.00'],
    [null, '-'],
  ])('writes %p as %p', (value, text) => expect(figure(value)).toBe(text));
});
