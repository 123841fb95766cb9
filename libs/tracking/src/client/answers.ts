import { any, boolean, id, list, number, object, optional, type Shape, text } from './shape';

/** A number; MLflow writes 64 bits, and what is not finite, as a text. */
const wireNumber = any(
  number,
  (value) =>
    typeof value === 'string' && value.trim() !== '' && (!Number.isNaN(Number(value)) || value === 'NaN'),
);
const keyValue = object({ key: text, value: text });

/** What a run's `info` has. */
export const runInfo = object({
  ...{ run_id: id, experiment_id: id, status: text, artifact_uri: text },
  ...{ run_name: optional(text), lifecycle_stage: optional(text) },
  ...{ start_time: optional(number), end_time: optional(number) },
});

/** A point of a metric. */
export const metric = object({
  key: text,
  value: wireNumber,
  timestamp: wireNumber,
  step: optional(wireNumber),
});

/** A run. */
export const run = object({
  info: runInfo,
  data: optional(
    object({
      metrics: optional(list(metric)),
      params: optional(list(keyValue)),
      tags: optional(list(keyValue)),
    }),
  ),
  inputs: optional(
    object({
      dataset_inputs: optional(
        list(object({ dataset: object({ name: text, digest: text }), tags: optional(list(keyValue)) })),
      ),
      model_inputs: optional(list(object({ model_id: id }))),
    }),
  ),
  outputs: optional(object({ model_outputs: optional(list(object({ model_id: id }))) })),
});

export const experiment = object({ experiment_id: id, name: text, lifecycle_stage: optional(text) });

export const fileInfo = object({ path: text, is_dir: optional(boolean), file_size: optional(number) });

export const loggedModel = object({
  info: object({
    model_id: id,
    experiment_id: id,
    name: text,
    artifact_uri: text,
    tags: optional(list(keyValue)),
  }),
});

export const registeredModel = object({ name: text });

export const modelVersion = object({ name: text, version: any(text, number), source: optional(text) });

/** A page of items. */
export function page(name: string, item: Shape): Shape {
  return object({ [name]: optional(list(item)), next_page_token: optional(text) });
}
