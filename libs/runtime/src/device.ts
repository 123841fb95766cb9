import { nodeBackend } from './binding';

/** Whether TensorFlow computes on a GPU: then it is told nothing that is good for this machine's processor alone. */
export function isOnGpu(): boolean {
  return nodeBackend().binding.isUsingGpuDevice();
}
