import './prepare';

/** The tfjs-node namespace, the only door to it in this workspace: both the values and the types of `tf`. */
export * as tf from '@tensorflow/tfjs-node';
