import type { Regression } from './softmax-regression';
import { countedWeight, parametersOfClass, penaltyOf } from './softmax-regression';
import { softmaxRow } from './softmax-row';

/**
 * The Hessian of a regression at a point, [parameters, parameters]: for parameters that multiply features x_a in class i and x_b
 * in class j, the mean of (p_i [i = j] - p_i p_j) x_a x_b, and the penalties on the diagonal. Only the lower triangle is
 * filled.
 */
export function regressionHessian(regression: Regression, parameters: Float64Array): Float64Array {
  const { classes, size, weights, stride } = regression;
  const width = parametersOfClass(regression);
  const count = parameters.length;
  const hessian = new Float64Array(count * count);
  const total = countedWeight(regression);
  const probabilities = new Float64Array(classes);
  const features = new Float64Array(classes * width).fill(1);
  for (let example = 0; example < size; example += stride) {
    readFeatures(regression, example, features);
    for (let i = 0; i < classes; i++) {
      let value = features[i * width + (width === 2 ? 0 : i)] as number;
      for (let a = i * width; a < (i + 1) * width; a++)
        value += (parameters[a] as number) * (features[a] as number);
      probabilities[i] = value;
    }
    softmaxRow(probabilities, 0, classes);
    const weight = (weights === null ? 1 : (weights[example] as number)) / total;
    for (let i = 0; i < classes; i++) {
      for (let j = 0; j <= i; j++) {
        const p = probabilities[i] as number;
        const covariance = weight * p * ((i === j ? 1 : 0) - (probabilities[j] as number));
        for (let a = i * width; a < (i + 1) * width; a++) {
          const factor = covariance * (features[a] as number);
          for (let b = j * width; b < (j + 1) * width; b++) {
            const place = a * count + b;
            hessian[place] = (hessian[place] as number) + factor * (features[b] as number);
          }
        }
      }
    }
  }
  const penalty = penaltyOf(regression);
  for (let i = 0; i < count; i++) {
    hessian[i * (count + 1)] = (hessian[i * (count + 1)] as number) + 2 * (penalty[i] as number);
  }
  return hessian;
}

/** What the parameters of each class multiply in an example; the last of each is 1, and stays it. */
function readFeatures(regression: Regression, example: number, features: Float64Array): void {
  const { logits, scale, classes } = regression;
  const width = parametersOfClass(regression);
  for (let k = 0; k < classes; k++) {
    const value = scale * (logits[example * classes + k] as number);
    if (width === 2) features[2 * k] = value;
    else for (let i = 0; i < classes; i++) features[i * width + k] = value;
  }
}
