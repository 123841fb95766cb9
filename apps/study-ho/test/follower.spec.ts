import { EventEmitter } from 'node:events';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { resolveStudy } from '../src/study/study';
import { LinesView } from '../src/views/lines';
import { Follower, type QueueNews } from '../src/queue/follower';
import { isStudyJob } from '../src/queue/queue';

const study = resolveStudy({ model_name: 'simple_dense', dataset_name: 'mnist', alphas: [0.1] });
const scores = { accuracy: 0.9, ece: 0.1, nll: 0.3, brier: 0.2, refinement: null };
const epoch = { type: 'epoch', epoch: 1, epochs: 4, metrics: { accuracy: 0.5 }, seconds: 1, secondsLeft: 2 };

/** What the view shows of some news of the queue. */
function shown(...news: readonly (readonly [event: string, values: object])[]): string {
  let text = '';
  const events = new EventEmitter();
  const follower = new Follower(events as QueueNews, new LinesView((line) => (text += line)));
  follower.add('job', study, 0.1);
  for (const [event, values] of news) events.emit(event, { jobId: 'job', ...values });
  return text;
}

it("shows what a study's jobs tell, and of others nothing", () => {
  const lines = shown(
    ['active', {}],
    ['progress', { data: epoch }],
    ['progress', { data: { ...epoch, metrics: null } }],
    ['completed', { returnvalue: JSON.stringify(scores) }],
    ['failed', { jobId: 'another', failedReason: 'x' }],
  );
  expect(lines.split('\n').map((line) => line.replace(/^.*?alpha/u, 'alpha'))).toEqual([
    'alpha 0.1: running',
    expect.stringMatching(/^alpha 0\.1: epoch 2\/4 {2}training accuracy 0\.5000/u),
    'alpha 0.1: finished  accuracy 0.9000  ECE 0.1000',
    '',
  ]);
});

it('passes over what Redis has in place of news and jobs', async () => {
  const job = { study, place: { experimentId: '1', parentRunId: 'a' }, trackingUri: 'http://a', part: 0.1 };
  expect(isStudyJob(JSON.parse(JSON.stringify(job)))).toBe(true);
  const { taken } = await fuzz({
    inputs: jsonDamage,
    runs: tries(200, 10_000),
    refusals: [],
    read: (changes) => {
      const data = damagedJson(epoch, changes);
      const returnvalue = damagedJson(scores, changes);
      const texts = shown(
        ['progress', { data }],
        ['completed', { returnvalue }],
        ['completed', { returnvalue: JSON.stringify(returnvalue)?.slice(0, -1) }],
        ['failed', { failedReason: data }],
      );
      return { texts, isJob: isStudyJob(damagedJson(job, changes)) };
    },
    check: ({ texts, isJob }) => expect([typeof texts, typeof isJob]).toEqual(['string', 'boolean']),
  });
  expect(taken).toBeGreaterThan(0);
});
