type Confusion = readonly (readonly [from: string, to: string])[];

/** Each of some classes is taken for the next one, the last for the first. */
function circle(names: string): Confusion {
  const classes = names.split(' ');
  return classes.map((name, i) => [name, classes[(i + 1) % classes.length]!] as const);
}

/**
 * Which classes asymmetric noise takes for which, by data set: digits and things that look alike (Patrini et al., CVPR
 * 2017), and in CIFAR-100 the next class of the same superclass.
 */
export const confusions: Readonly<Record<string, Confusion>> = {
  mnist: [['2', '7'], ['3', '8'], ...circle('5 6'), ['7', '1']],
  cifar10: [['truck', 'automobile'], ['bird', 'airplane'], ['deer', 'horse'], ...circle('cat dog')],
  cifar100: [
    'beaver dolphin otter seal whale',
    'aquarium_fish flatfish ray shark trout',
    'orchid poppy rose sunflower tulip',
    'bottle bowl can cup plate',
    'apple mushroom orange pear sweet_pepper',
    'clock keyboard lamp telephone television',
    'bed chair couch table wardrobe',
    'bee beetle butterfly caterpillar cockroach',
    'bear leopard lion tiger wolf',
    'bridge castle house road skyscraper',
    'cloud forest mountain plain sea',
    'camel cattle chimpanzee elephant kangaroo',
    'fox porcupine possum raccoon skunk',
    'crab lobster snail spider worm',
    'baby boy girl man woman',
    'crocodile dinosaur lizard snake turtle',
    'hamster mouse rabbit shrew squirrel',
    'maple_tree oak_tree palm_tree pine_tree willow_tree',
    'bicycle bus motorcycle pickup_truck train',
    'lawn_mower rocket streetcar tank tractor',
  ].flatMap(circle),
};
