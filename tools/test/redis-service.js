"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startRedisServer = startRedisServer;
const node_net_1 = require("node:net");
const port_cjs_1 = require("../mlflow/port.cjs");
const guarded_1 = require("./guarded");
const programs_1 = require("./programs");
/** Starts a Redis server and waits until it answers. It ends with the test's process at the latest. */
async function startRedisServer(options = {}) {
    const file = (0, programs_1.redisPath)();
    if (file === null)
        throw new Error('redis-server is missing: install it with sudo apt-get install -y redis-server');
    const port = await (0, port_cjs_1.freePort)();
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
    const program = (0, guarded_1.guarded)({
        name: 'redis',
        command: { file, args: [...args, ...(options.args ?? [])] },
        isReady: () => answersPing(port),
    });
    await program.start();
    return {
        host: '127.0.0.1',
        port,
        url: `redis://127.0.0.1:${port}`,
        log: program.log,
        stop: program.remove,
        kill: () => program.end('SIGKILL'),
        restart: async () => {
            await program.end();
            await program.start();
        },
    };
}
function answersPing(port) {
    return new Promise((resolve) => {
        const socket = (0, node_net_1.connect)({ host: '127.0.0.1', port });
        const finish = (answer) => {
            socket.destroy();
            resolve(answer);
        };
        socket.setTimeout(1_000, () => finish(false));
        socket.on('error', () => finish(false));
        socket.on('data', (data) => finish(data.toString().startsWith('+PONG')));
        socket.write('PING\r\n');
    });
}
//# sourceMappingURL=redis-service.js.map