/** A network of the study as the benchmark runs it. */
export interface BenchNetwork {
  /** Height, width and channels of its images. */
  readonly inputShape: readonly [number, number, number];
  /** The name under which the paper's tables have it. */
  readonly title: string;
}

/** The study's networks under their names on the command line. */
export const benchNetworks = {
  simple_dense: { title: 'simple_dense', inputShape: [28, 28, 1] },
  vgg: { title: 'VGG16', inputShape: [32, 32, 3] },
  resnet: { title: 'ResNet56V2', inputShape: [32, 32, 3] },
  densenet: { title: 'DenseNetBC', inputShape: [32, 32, 3] },
} as const satisfies Record<string, BenchNetwork>;

export type NetworkName = keyof typeof benchNetworks;

export const networkNames = Object.keys(benchNetworks) as NetworkName[];
