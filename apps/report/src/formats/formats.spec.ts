import fc from 'fast-check';
import { tries } from '../../../../tools/test/long';
import { activeInHtml, activeInSvg, hostileNames } from '../../../../tools/test/markup';
import { divergedRuns, exampleDiagram, exampleRuns, studyRun } from '../../test/study-runs';
import { makeReport } from '../report';
import { csv, runsCsv, scoresCsv, testsCsv } from './csv';
import { reportFiles } from './files';
import { latexReport, latexText } from './latex';
import { markdownReport, markdownTable, scoresTable } from './markdown';

const runs = exampleRuns();
const diagrams = new Map(runs.map(({ runId }) => [runId, exampleDiagram(0.05)]));
const source = {
  experiment: 'A & B_1',
  experimentUrl: 'http://h/#/experiments/1/runs?workflowType=machine_learning',
  scored: 'test',
  seeds: null,
  columns: ['accuracy', 'ece', 'nll', 'brier'],
  intervals: false,
} as const;
const report = makeReport(source, runs, diagrams, new Date(Date.UTC(2026, 0, 2, 3, 4)));

describe('makeReport', () => {
  it('has the plots of each block, and ECE over alpha from the trials', () => {
    expect(report.sections[0]!.plots.map(({ file }) => file)).toEqual([
      'accuracy-ece-mnist-simple-dense.svg',
      'reliability-mnist-simple-dense.svg',
    ]);
    expect(report.alphaPlots.map(({ title }) => title)).toEqual([
      'ECE over α: label smoothing (test data)',
      'ECE over α: label relaxation (validation data)',
    ]);
  });

  it('has no overlay where no run has a diagram', () => {
    const { sections } = makeReport(source, runs, new Map(), report.created);
    expect(sections[0]!.plots).toHaveLength(1);
  });

  it('says what is missing where nothing fits', () => {
    expect(() => makeReport(source, [], new Map(), report.created)).toThrow(
      'the experiment "A & B_1" has no finished runs scored on test data that fit',
    );
    const trials = runs.filter(({ scored }) => scored === 'validation');
    expect(() => makeReport(source, trials, new Map(), report.created)).toThrow('only 6 on validation data');
  });
});

describe('Markdown', () => {
  it('is the table of the paper, best marked, missing seeds shown', () => {
    expect(scoresTable(report.sections[0]!).replace(/ +/g, ' ').split('\n')).toEqual([
      '| Loss | Accuracy | ECE | NLL | Brier | Chosen | Seeds |',
      expect.stringMatching(/^(\| -+ )+\|$/),
      '| Cross-entropy | 0.9844 ± 0.0012 | 0.0100 ± 0.0011 | **0.0600 ± 0.0000** | **0.0300 ± 0.0000** | | 0-2, 42 |',
      '| Label smoothing, α = 0.1 | **0.9877** | 0.1067 | **0.0600** | **0.0300** | | 0; missing: 1, 2, 42 |',
      '| Label relaxation, α = 0.1 | 0.9829 ± 0.0013 | **0.0030 ± 0.0004** | **0.0600 ± 0.0000** | **0.0300 ± 0.0000** | | 0-2, 42 |',
      '| Label relaxation, α by accuracy | 0.9850 | 0.0040 | **0.0600** | **0.0300** | 0.2 | 0; missing: 1, 2, 42 |',
    ]);
  });

  it('shows the columns that were asked for, with intervals where they were', () => {
    const wanted = { ...source, columns: ['refinement', 'coverage', 'ece'], intervals: true } as const;
    const calibrated = [0, 1, 2].map((seed) =>
      studyRun({ seed, calibration: 'smatrix', ece: 0.01 * seed, coverage: 0.9, refinement: 0.04 }),
    );
    const text = markdownReport(makeReport(wanted, calibrated, new Map(), report.created)).replace(
      / +/g,
      ' ',
    );
    expect(text).toContain('| Loss | Refinement | Coverage | ECE | Seeds |');
    expect(text).toContain(
      '| Label relaxation, α = 0.1, smatrix | **0.0400 [0.0400, 0.0400]** | 0.9000 [0.9000, 0.9000] | **0.0100 [0.0000, 0.0200]** | 0-2 |',
    );
    expect(text).toContain('mean and its 95% bootstrap interval over seeds');
    expect(text).toContain('Refinement is the NLL that is left after temperature scaling');
    expect(latexReport(makeReport(wanted, calibrated, new Map(), report.created))).toContain(
      'Refinement $\\downarrow$ & Coverage & ECE $\\downarrow$ & Seeds',
    );
  });

  it('lines up as plain text', () => {
    const lines = markdownTable(
      ['a', 'b'],
      [
        ['αβγ', 'x|y'],
        ['longer', ''],
      ],
    ).split('\n');
    expect(lines).toEqual([
      '| a      | b    |',
      '| ------ | ---- |',
      '| αβγ    | x\\|y |',
      '| longer |      |',
    ]);
  });

  it('has tests, pictures and notes', () => {
    const text = markdownReport(report);
    expect(text).toContain('| t-test p (Holm)');
    expect(text).toContain(
      '![Accuracy against ECE: simple_dense on MNIST](plots/accuracy-ece-mnist-simple-dense.svg)',
    );
    expect(text).toContain("adjusted by Holm's method");
    expect(text).toContain('With fewer than 6 common seeds');
  });
});

describe('LaTeX', () => {
  const text = latexReport(report);

  it('is a booktabs table', () => {
    expect(text).toContain('\\begin{tabular}{lccccll}');
    expect(text).toContain(
      'Label relaxation, $\\alpha$ = 0.1 & $0.9829 \\pm 0.0013$ & $\\mathbf{0.0030 \\pm 0.0004}$',
    );
    expect(text).toContain('1 of 4 (missing 1, 2, 42) \\\\');
    expect(text).toContain('experiment A \\& B\\_1');
  });

  it('opens and closes what belongs together, in characters that LaTeX knows', () => {
    expect(text.match(/\\begin/g)).toHaveLength(text.match(/\\end/g)!.length);
    const body = text.split('\n').filter((line) => !line.startsWith('%'));
    expect(body.join('\n')).not.toMatch(/[^\x20-\x7e\n]/);
    for (const line of body.filter((entry) => entry.includes(' & '))) {
      expect(line.split(/(?<!\\)&/)).toHaveLength(7);
    }
  });

  it('escapes every special character', () => {
    expect(latexText('a_b 5% #1 {x} ~ ^ \\ ± –')).toBe(
      'a\\_b 5\\% \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} $\\pm$ --',
    );
  });
});

describe('CSV', () => {
  it('has unrounded numbers', () => {
    const [head, , , relaxed] = scoresCsv(report).trimEnd().split('\r\n');
    const fields = head!.split(',');
    expect(fields.slice(0, 4)).toEqual(['dataset', 'model', 'loss', 'label']);
    expect(relaxed).toContain('"Label relaxation, α = 0.1",0.1,,,epochs=25,0 1 2 42,,0.98285,');
    expect(runsCsv(report).trimEnd().split('\r\n')).toHaveLength(1 + 10);
    expect(testsCsv(report).trimEnd().split('\r\n')).toHaveLength(1 + 12);
  });

  it('quotes what needs it', () => {
    expect(csv(['a'], [['x"y'], ['1,2'], ['p\nq'], [null], [3], [true]])).toBe(
      'a\r\n"x""y"\r\n"1,2"\r\n"p\nq"\r\n\r\n3\r\ntrue\r\n',
    );
  });
});

it('carries nothing that runs or loads, whatever its experiment, data, networks and losses are called', () => {
  const isInert = fc.property(hostileNames, (name) => {
    const own = [0, 1].map((seed) => studyRun({ dataset: name, model: name, loss: name, seed }));
    const named = makeReport(
      { ...source, experiment: name },
      own,
      new Map(own.map(({ runId }) => [runId, exampleDiagram(0.05)])),
      report.created,
    );
    for (const { path, content } of reportFiles(named, ['markdown', 'html'])) {
      if (path.endsWith('.html')) expect(activeInHtml(content)).toEqual([]);
      if (path.endsWith('.svg')) expect(activeInSvg(content)).toEqual([]);
    }
  });
  fc.assert(isInert, { seed: 20, numRuns: tries(20, 1_000) });
});

describe('scores that diverged', () => {
  const odd = makeReport(source, divergedRuns(), new Map(), report.created);
  const note = 'A score that is not a finite number is said to have diverged';

  it('are said so in every format, and nowhere printed as numbers', () => {
    const files = reportFiles(odd, ['markdown', 'latex', 'csv', 'html']);
    const text = (name: string) => files.find(({ path }) => path === name)!.content;
    expect(text('report.md').replace(/ +/g, ' ')).toContain(
      '| **0.9100 ± 0.0100** | 0.0110 ± 0.0014 (n = 2, 1 diverged) | 0.0100 ± 0.0000 (n = 2, 1 diverged) | diverged |',
    );
    expect(text('report.tex')).toContain(
      '& $0.0110 \\pm 0.0014$ (n = 2, 1 diverged) & $0.0100 \\pm 0.0000$ (n = 2, 1 diverged) & diverged &',
    );
    expect(text('report.html')).toContain(
      '<td>0.0110 <span class="deviation">± 0.0014</span> <span class="missing">n = 2, 1 diverged</span></td>',
    );
    expect(text('report.html')).toContain('<td><span class="missing">diverged</span></td>');
    for (const name of ['report.md', 'report.tex', 'report.html']) {
      expect(text(name)).toContain(note);
      expect(text(name)).not.toMatch(/NaN|Infinity|e\+30/);
    }
    for (const { path, content } of files.filter(({ path }) => path.endsWith('.svg'))) {
      expect([path, content.match(/NaN|Infinity/g)]).toEqual([path, null]);
    }
    expect(latexReport(report)).not.toContain(note);
  });

  it('are counted in the CSV of scores, and there as they are in that of runs', () => {
    const [head, , relaxed] = text(scoresCsv(odd));
    const field = (name: string) => relaxed![head!.indexOf(name)];
    expect(['ece_runs', 'ece_diverged', 'brier_mean', 'brier_runs', 'brier_diverged'].map(field)).toEqual([
      '2',
      '1',
      '',
      '0',
      '3',
    ]);
    const runs = text(runsCsv(odd)).filter((row) => row.includes('label_relaxation'));
    expect(runs.map((row) => row.slice(-8, -5))).toEqual([
      ['0.01', '0.01', '-Infinity'],
      ['NaN', '0.01', '-Infinity'],
      ['0.012', 'Infinity', '-Infinity'],
    ]);

    function text(content: string): string[][] {
      const rows = content.trimEnd().split('\r\n');
      return rows.map((row) => row.replace(/"[^"]*"/g, 'quoted').split(','));
    }
  });
});

describe('reportFiles', () => {
  it('are those of the wanted formats', () => {
    expect(reportFiles(report, ['html', 'latex']).map(({ path }) => path)).toEqual([
      'report.tex',
      'report.html',
    ]);
    expect(reportFiles(report, ['markdown', 'csv']).map(({ path }) => path)).toEqual([
      'report.md',
      ...[...report.sections[0]!.plots, ...report.alphaPlots].map(({ file }) => `plots/${file}`),
      'scores.csv',
      'tests.csv',
      'runs.csv',
    ]);
  });
});
