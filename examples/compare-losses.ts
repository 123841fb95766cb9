/**
 * A Parquet file, with several losses in a program of one's own, which needs no server:
 *
 *   node -C @label-relaxation/source -r ./tools/setup/app.cjs examples/compare-losses.ts ./examples/iris.parquet species
 *
 * iris.parquet is Fisher's Iris of 1936, 150 flowers of three species. Each run is in MLflow's journal; `npm run study --
 * sync` sends it to a server.
 */
import { performRun, resolveParameters } from '@label-relaxation/experiments';

const [file = './examples/iris.parquet', column = 'species'] = process.argv.slice(2);
const losses = [
  { loss_name: 'cross_entropy', alpha: 0 },
  { loss_name: 'label_relaxation', alpha: 0.1 },
  { loss_name: 'focal', alpha: 2 },
];

async function main() {
  console.log('loss'.padEnd(20), 'accuracy', 'ECE'.padStart(8), 'NLL'.padStart(8));
  for (const loss of losses) {
    const { parameters } = resolveParameters({
      ...loss,
      ...{ dataset_name: file, label_column: column, stratify: true, test_share: 0.4, test_run: true },
      ...{ model_name: 'simple_dense', epochs: 20, batch_size: 16, initial_lr: 0.01, offline: true },
    });
    const { accuracy, ece, nll } = await performRun(parameters);
    console.log(
      loss.loss_name.padEnd(20),
      ...[accuracy, ece, nll].map((score) => score.toFixed(4).padStart(8)),
    );
  }
}

void main();
