const { existsSync } = require('node:fs');
const { SetupError } = require('./errors.cjs');

/**
 * What a library of TensorFlow can compute on; that for a GPU also computes on the processor.
 *
 * @typedef {'cpu' | 'gpu'} Device
 */

/** Where an NVIDIA driver shows itself: on Linux and in its containers, and in Windows' Linux. */
const driverFiles = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1'];

/** Whether this machine has an NVIDIA driver. */
function hasDriver() {
  return driverFiles.some((file) => existsSync(file));
}

/**
 * Which library is taken. LABEL_RELAXATION_DEVICE asks for `cpu`; for `gpu`, which is that for the processor where there is no
 * NVIDIA driver; or for `force-gpu`, which is not, as for an image that is to run elsewhere. Without it that for a GPU is taken
 * where it has been set up.
 *
 * @param {string | undefined} wanted
 * @param {{ platform: string, isSetUp: boolean, hasDriver: () => boolean }} machine `isSetUp` tells of the library for a GPU
 * @returns {{ device: Device, fallback: string | null }} `fallback` is the line that says why there is no GPU's
 */
function chooseDevice(wanted, { platform, isSetUp, hasDriver }) {
  if (!wanted) return { device: isSetUp ? 'gpu' : 'cpu', fallback: null };
  if (!['cpu', 'gpu', 'force-gpu'].includes(wanted)) {
    throw new SetupError(`LABEL_RELAXATION_DEVICE is "${wanted}": give cpu, gpu or force-gpu`);
  }
  if (wanted === 'cpu') return { device: 'cpu', fallback: null };
  if (platform !== 'linux-x64') {
    const words = `TensorFlow for a GPU is not available for ${platform}`;
    if (wanted === 'force-gpu') throw new SetupError(`${words}: give cpu as LABEL_RELAXATION_DEVICE`);
    return { device: 'cpu', fallback: `${words}: the processor is taken.` };
  }
  if (wanted === 'force-gpu' || isSetUp || hasDriver()) return { device: 'gpu', fallback: null };
  const words = 'There is no NVIDIA driver here: TensorFlow for the processor is taken';
  return { device: 'cpu', fallback: `${words} (LABEL_RELAXATION_DEVICE=force-gpu takes that for a GPU).` };
}

module.exports = { chooseDevice, hasDriver };
