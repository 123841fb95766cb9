import { dirname, join } from 'node:path';
import { cacheFolder, places } from './places.cjs';

describe('cacheFolder', () => {
  it("is the user's unless told otherwise", () => {
    expect(cacheFolder({ LABEL_RELAXATION_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/label-relaxation');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache\/label-relaxation$/);
  });
});

describe('places', () => {
  it('keep the addon and our ops where TensorFlow is found from them', () => {
    const { shared, library, addon, native } = places({ LABEL_RELAXATION_CACHE: '/cache' });
    expect(shared).toBe('/cache/tensorflow');
    expect(library).toBe(`/cache/tensorflow/2.21.0-${process.platform}-${process.arch}/deps`);
    expect(join(dirname(addon), '../../deps')).toBe(library);
    expect(places({ LABEL_RELAXATION_CACHE: '/cache', LABEL_RELAXATION_DEVICE: 'cpu' }).library).toBe(
      library,
    );
    for (const { file } of Object.values(native ?? {})) expect(join(dirname(file), '../deps')).toBe(library);
  });
});
