"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.requiredVariable = void 0;
exports.redisPath = redisPath;
exports.chromiumPath = chromiumPath;
exports.pythonWithTensorFlow = pythonWithTensorFlow;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const paths_cjs_1 = require("../setup/paths.cjs");
const requirements_cjs_1 = require("../setup/requirements.cjs");
/** Set where every service must be there, so that no test is skipped for want of one. */
exports.requiredVariable = 'LABEL_RELAXATION_ALL_SERVICES';
/**
 * Debian's redis-server, or null where it is not installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
function redisPath() {
    return find(['redis-server'], 'redis-server');
}
/**
 * A Chromium or Chrome for playwright-core, or null where none is installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
function chromiumPath() {
    return find(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], 'chromium');
}
/**
 * A Python that has both MLflow and TensorFlow: LABEL_RELAXATION_PYTHON, that of the checkout, or the machine's; null
 * where none has: skip what needs it then.
 */
function pythonWithTensorFlow() {
    const find = 'import importlib.util as u, sys; sys.exit(not (u.find_spec("mlflow") and u.find_spec("tensorflow")))';
    for (const candidate of [
        process.env['LABEL_RELAXATION_PYTHON'],
        (0, node_path_1.join)(paths_cjs_1.root, '.venv/bin/python'),
        'python3',
    ]) {
        if (candidate === undefined)
            continue;
        try {
            (0, node_child_process_1.execFileSync)(candidate, ['-c', find], { stdio: 'ignore' });
            return candidate;
        }
        catch {
            // It is not there, or has not both.
        }
    }
    return null;
}
function find(names, debianPackage) {
    for (const name of names) {
        const file = (0, requirements_cjs_1.which)(name);
        if (file !== null)
            return file;
    }
    if (process.env[exports.requiredVariable]) {
        throw new Error(`${names[0]} is missing: install it with sudo apt-get install -y ${debianPackage}`);
    }
    return null;
}
//# sourceMappingURL=programs.js.map