import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { cacheFolder } from './cache-folder';

describe('cacheFolder', () => {
  it('is in the home folder', () => {
    expect(cacheFolder({})).toBe(`${homedir()}/.cache/label-relaxation`);
  });

  it('is in XDG_CACHE_HOME if that is absolute', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/label-relaxation');
    expect(cacheFolder({ XDG_CACHE_HOME: 'caches' })).toBe(`${homedir()}/.cache/label-relaxation`);
    expect(cacheFolder({ XDG_CACHE_HOME: '' })).toBe(`${homedir()}/.cache/label-relaxation`);
  });

  it('is LABEL_RELAXATION_CACHE before all', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', LABEL_RELAXATION_CACHE: '/data' })).toBe('/data');
    expect(cacheFolder({ LABEL_RELAXATION_CACHE: 'here' })).toBe(resolve('here'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', LABEL_RELAXATION_CACHE: '' })).toBe(
      '/caches/label-relaxation',
    );
  });
});
