"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.guarded = guarded;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const launch_cjs_1 = require("../mlflow/launch.cjs");
const identity_cjs_1 = require("../setup/identity.cjs");
/** Prepares a program for a test; nothing runs before `start`. */
function guarded({ name, command, environment, isReady }) {
    const directory = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), `label-relaxation-${name}-`));
    const logFile = (0, node_path_1.join)(directory, 'log.txt');
    let guard = null;
    const log = () => (0, node_fs_1.readFileSync)(logFile, 'utf8');
    async function start() {
        const output = (0, node_fs_1.openSync)(logFile, 'a');
        guard = (0, node_child_process_1.spawn)(process.execPath, [(0, node_path_1.join)(__dirname, 'guard.cjs'), directory, command.file, ...command.args], {
            cwd: directory,
            env: environment ?? process.env,
            stdio: ['pipe', output, output],
            detached: true,
        });
        (0, node_fs_1.closeSync)(output);
        guard.unref();
        guard.stdin.unref();
        guard.stdin?.on('error', () => undefined);
        const pid = guard.pid ?? 0;
        for (const limit = Date.now() + 120_000; Date.now() < limit && (0, identity_cjs_1.processIdentity)(pid) !== null;) {
            if (await isReady(pid))
                return;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const words = log().trimEnd().split('\n').slice(-15).join('\n');
        await remove();
        throw new Error(`${name} did not start:\n${words}`);
    }
    async function end(signal = 'SIGTERM') {
        if (guard?.pid !== undefined)
            await (0, launch_cjs_1.endGroup)(guard.pid, signal);
        guard = null;
    }
    async function remove() {
        await end();
        (0, node_fs_1.rmSync)(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
    return { directory, log, start, end, remove };
}
//# sourceMappingURL=guarded.js.map