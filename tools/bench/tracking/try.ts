import { benchTracking } from './bench-tracking';
void benchTracking({
  trackingUri: process.argv[2]!,
  python: '/work/scratch/mlflow-venv/bin/python',
  rounds: Number(process.argv[3]),
  say: console.error,
}).then((rows) => {
  for (const r of rows) console.log(JSON.stringify(r));
});
