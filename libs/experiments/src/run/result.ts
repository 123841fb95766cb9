import type { CalibrationMethod } from '@label-relaxation/calibration';
import type { Parameters } from '../parameters/parameters';
import type { ConformalScores } from './calibration';

/** A part of a split: how many examples, and the SHA-256 of their numbers as little-endian int32, in order. */
export interface PartSummary {
  readonly size: number;
  readonly sha256: string;
}

/** The parts of a split; null for those that a run doesn't have. */
export interface SplitSummary {
  readonly train: PartSummary;
  readonly validation: PartSummary | null;
  readonly scaling: PartSummary | null;
  readonly test: PartSummary;
}

/** What scoring gives, on one part of the data and after calibration. */
export interface Scores {
  readonly accuracy: number;
  /** Expected calibration error over 15 equal-width bins. */
  readonly ece: number;
  /** Mean negative log-likelihood, in nats. */
  readonly nll: number;
  /** Mean multiclass Brier score, in [0, 2]. */
  readonly brier: number;
  /**
   * What no temperature can repair: the NLL after temperature scaling, fitted and taken on different folds of the scored part
   * (Berta et al. 2025); null where there are fewer than 10 examples.
   */
  readonly refinement: number | null;
  /** Smooth calibration error, which has no bins (Błasiok and Nakkiran 2023); null for a run that did not take it. */
  readonly smooth_ece: number | null;
  /** Area under the risk-coverage curve (Geifman and El-Yaniv 2017); null for a run that did not take it. */
  readonly aurc: number | null;
}

/** Scores after what was fitted on a scaling part, and before. */
export interface CalibratedScores extends Scores {
  /** The temperature that the scores are taken at; null without temperature scaling. */
  readonly temperature: number | null;
  /** The method of the calibrator that the scores are taken after; null without one. */
  readonly calibrator: CalibrationMethod | null;
  /** The scores before calibration; null without a calibrator. */
  readonly uncalibrated: Scores | null;
  /** How prediction sets do; null where none were asked for. */
  readonly conformal: ConformalScores | null;
}

/** Where a tracked result is. */
export interface TrackedPlace {
  readonly run_id: string;
  readonly experiment_id: string | null;
  readonly tracking_uri: string | null;
  /** The run's page in the MLflow UI; null for a run that no server knows yet. */
  readonly run_url: string | null;
}

/** What a run does. */
interface RunSetting {
  readonly model_name: Parameters['model_name'];
  readonly dataset_name: Parameters['dataset_name'];
  readonly loss_name: Parameters['loss_name'];
  readonly alpha: number;
  readonly seed: number;
  readonly scored: 'test' | 'validation';
  readonly epochs: number;
  /** The model's parameter count. */
  readonly parameters: number;
  readonly split: SplitSummary;
  /** The share of the training part with other labels than the data set's own; null where the run takes those. */
  readonly changed_labels: number | null;
}

/** The result of a run: what `--json` prints and what the run's `result.json` holds. */
export interface RunResult extends CalibratedScores, TrackedPlace, RunSetting {
  readonly train_seconds: number;
  /** With n labels changed, the share of these among the n that the model finds least plausible; else null. */
  readonly changed_labels_found: number | null;
}

/** What `--dry_run` prints: the run that would be made. */
export interface RunPlan extends RunSetting {
  /** Where the data came from. */
  readonly data_source: string;
  /** Every flag's value. */
  readonly configuration: Partial<Parameters>;
}

/** The result of scoring a file of predictions: what `--json` prints and what the run's `result.json` holds. */
export interface FileScores extends CalibratedScores, TrackedPlace {
  readonly file: string;
  /** SHA-256 of the predictions and labels. */
  readonly sha256: string;
  readonly predictions: 'logits' | 'probabilities';
  readonly classes: number;
  /** How many examples are scored, and on how many others something was fitted. */
  readonly scored_examples: number;
  readonly scaling_examples: number;
}
