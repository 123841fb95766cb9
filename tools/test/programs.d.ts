/** Set where every service must be there, so that no test is skipped for want of one. */
export declare const requiredVariable = "LABEL_RELAXATION_ALL_SERVICES";
/**
 * Debian's redis-server, or null where it is not installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
export declare function redisPath(): string | null;
/**
 * A Chromium or Chrome for playwright-core, or null where none is installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
export declare function chromiumPath(): string | null;
/**
 * A Python that has both MLflow and TensorFlow: LABEL_RELAXATION_PYTHON, that of the checkout, or the machine's; null
 * where none has: skip what needs it then.
 */
export declare function pythonWithTensorFlow(): string | null;
//# sourceMappingURL=programs.d.ts.map