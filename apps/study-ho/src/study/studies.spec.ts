import { UsageError } from '@label-relaxation/experiments';
import { parseSearch } from './studies';

const names = async (...words: string[]) => {
  const { studies } = await parseSearch(['--model_name', 'simple_dense', ...words], '$0', '');
  return studies.map(({ name }) => name);
};

describe('parseSearch', () => {
  it('makes a study of each combination, the seeds changing fastest', async () => {
    expect(
      await names('--loss_name', 'lr, ce', '--dataset_name=mnist,fashion_mnist', '--seeds', '0-1'),
    ).toEqual([
      'label_relaxation simple_dense mnist seed 0',
      'label_relaxation simple_dense mnist seed 1',
      'label_relaxation simple_dense fashion_mnist seed 0',
      'label_relaxation simple_dense fashion_mnist seed 1',
      'cross_entropy simple_dense mnist seed 0',
      'cross_entropy simple_dense mnist seed 1',
      'cross_entropy simple_dense fashion_mnist seed 0',
      'cross_entropy simple_dense fashion_mnist seed 1',
    ]);
  });

  it('makes the same study once', async () => {
    expect(await names('--dataset_name', 'mnist', '--loss_name', 'lr,label_relaxation,LR')).toHaveLength(1);
  });

  it('lets the last of a list given twice count', async () => {
    expect(await names('--dataset_name', 'mnist', '--loss_name', 'ce,focal', '--loss_name=lr')).toEqual([
      'label_relaxation simple_dense mnist seed 0',
    ]);
  });

  it("gives a loss's parameters to that loss alone", async () => {
    const words = ['--model_name', 'simple_dense', '--dataset_name', 'mnist', '--beta_end', '0.5'];
    const { studies } = await parseSearch([...words, '--loss_name', 'ce,rda'], '$0', '');
    expect(studies.map(({ parameters }) => parameters.beta_end)).toEqual([null, 0.5]);
    await expect(parseSearch([...words, '--loss_name', 'ce,lr'], '$0', '')).rejects.toThrow(
      '--beta_end is no parameter of cross_entropy',
    );
  });

  it.each([
    [['--loss_name', 'lr,hinge'], /^--loss_name takes one of .*, not "hinge"$/u],
    [['--loss_name', 'lr,'], /^--loss_name takes one of .*, not nothing$/u],
    [['--loss_name'], /^--loss_name takes one of .*, not nothing$/u],
    [['--seeds', '0-2', '--seed', '1'], /--seed and --seeds are both given/u],
    [['--resume', 'False'], /a search always goes on where it stopped/u],
    [['--alpha', '0.1'], /^study-ho has no --alpha: it tries those of --alphas$/u],
    [['--offline'], /^study-ho has no --offline: it finds the runs of a search on the server$/u],
    [['--dataset_name', 'mnist', '--model_name', 'vgg,simple_dense'], /vgg needs images/u],
  ])('refuses %j', async (words, message) => {
    const refused = await names(...words).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toMatch(message);
  });

  it('makes no study of a sub-command or a question for help', async () => {
    expect(await parseSearch(['worker', '--redis', 'redis://there'], '$0', '')).toMatchObject({
      words: ['worker'],
      given: { redis: 'redis://there' },
      studies: [],
    });
    expect((await parseSearch(['--help'], '$0', '')).help).toContain('--alphas');
  });
});
