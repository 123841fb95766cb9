"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sharedServerVariable = void 0;
exports.startMlflowServer = startMlflowServer;
const launch_cjs_1 = require("../mlflow/launch.cjs");
const port_cjs_1 = require("../mlflow/port.cjs");
const guarded_1 = require("./guarded");
/** The environment variable that tells specs where to ask for the shared server. */
exports.sharedServerVariable = 'LABEL_RELAXATION_SHARED_MLFLOW';
/**
 * Starts an MLflow server and waits until it answers. It takes five to twenty seconds: give `beforeAll` a limit of
 * 120,000 ms. The server ends with the test's process at the latest.
 */
async function startMlflowServer(options = {}) {
    const broker = process.env[exports.sharedServerVariable];
    if (options.shared && broker)
        return askFor(broker);
    const port = await (0, port_cjs_1.freePort)();
    const uri = `http://127.0.0.1:${port}`;
    const program = (0, guarded_1.guarded)({
        name: 'mlflow',
        command: (0, launch_cjs_1.serverCommand)(port, options.args),
        environment: (0, launch_cjs_1.serverEnvironment)(options.environment),
        isReady: async (pid) => (0, port_cjs_1.listens)(pid, port) && (await (0, launch_cjs_1.answersHealth)(uri)),
    });
    await program.start();
    return {
        uri,
        port,
        directory: program.directory,
        log: program.log,
        stop: program.remove,
        kill: () => program.end('SIGKILL'),
        restart: async () => {
            await program.end();
            await program.start();
        },
    };
}
async function askFor(broker) {
    const response = await fetch(broker, { signal: AbortSignal.timeout(180_000) });
    const text = await response.text();
    if (!response.ok)
        throw new Error(text);
    const refuse = () => Promise.reject(new Error('the shared MLflow server must not be ended by a spec'));
    return {
        uri: text,
        port: Number(new URL(text).port),
        directory: '',
        log: () => '',
        stop: () => Promise.resolve(),
        kill: refuse,
        restart: refuse,
    };
}
//# sourceMappingURL=mlflow-service.js.map