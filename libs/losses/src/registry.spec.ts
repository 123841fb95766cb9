import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LossDeclaration } from './declaration';
import { spelled } from './find-loss';
import { losses } from './registry';

const text = readFileSync(join(__dirname, '../../../docs/losses.md'), 'utf8');
const [, , ...rows] = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** A parameter with its example, as the table of docs/losses.md writes it. */
function alphaText({ alpha }: LossDeclaration): string {
  if (alpha === null) return 'none';
  const { meaning, symbol, example } = alpha;
  return `${meaning === symbol ? symbol : `${meaning} ${symbol}`} = ${example}`;
}

describe('docs/losses.md', () => {
  it('has one line for each loss, in the order of tables', () => {
    expect(rows.map(([name]) => name?.replaceAll('`', ''))).toEqual(losses.map(spelled));
  });

  it.each(losses.map((loss: LossDeclaration, i) => [loss.name, loss, rows[i] ?? []] as const))(
    'says what %s declares, its formula, its source and when to take it',
    (_, loss, row) => {
      const [, alpha, formula, labels, ...others] = row;
      expect({ alpha, labels }).toEqual({ alpha: alphaText(loss), labels: loss.labels.join(', ') });
      for (const [name, parameter] of Object.entries(loss.parameters ?? {}))
        expect(formula).toMatch(new RegExp(`\`--${name}\`[^,]* = ${parameter.default}`, 'u'));
      expect([formula, ...others].map((cell) => cell !== undefined && cell !== '')).toEqual([
        true,
        true,
        true,
      ]);
    },
  );
});
