import { SettingError } from '../errors';

/** The variable that switches passes off, to measure what they give. */
export const passesOffVariable = 'LABEL_RELAXATION_PASSES_OFF';

/**
 * The names in LABEL_RELAXATION_PASSES_OFF, between commas.
 *
 * @throws SettingError for one that is no pass
 */
export function passesOff(
  passes: readonly { readonly name: string }[],
  setting = process.env[passesOffVariable] ?? '',
): ReadonlySet<string> {
  const names = setting.split(',').map((name) => name.trim());
  const off = new Set(names.filter((name) => name !== ''));
  const known = passes.map(({ name }) => name);
  for (const name of off) {
    if (!known.includes(name)) {
      throw new SettingError(`${passesOffVariable} names no pass "${name}": there are ${known.join(', ')}.`);
    }
  }
  return off;
}
