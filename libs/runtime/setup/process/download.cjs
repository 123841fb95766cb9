const { setTimeout: sleep } = require('node:timers/promises');
const { SetupError } = require('../errors.cjs');
const { lastLines } = require('./command.cjs');

/** How often a download begins that broke half-way. */
const mostAttempts = 3;

/** What npm and pip say of a network that is not there; in the first group why. The last one that is said counts. */
const reasons = [
  /npm error (?:\w+: )?(request to \S+ failed, reason: .+)/g,
  /npm error (5\d\d .+ - GET \S+)/g,
  /connection broken by '(.+)': \S+$/gm,
  /^(?:\w+\.)*urllib3\.exceptions\.\w+: (.*(?:timed out|Max retries exceeded).*)$/gm,
];

/**
 * What they say where it was there, and broke. To pip before version 25 half a file is one with another hash; npm takes files
 * from its cache that are damaged for such.
 */
const broken = [
  /npm error code (?:ECONNRESET|EPIPE|ERR_SOCKET_TIMEOUT|EINTEGRITY|Z_BUF_ERROR)/,
  /DO NOT MATCH THE HASHES/,
  /incomplete-download|IncompleteRead|Connection broken:|Read timed out/,
];

/**
 * Why a download failed, if that was the network.
 *
 * @param {string} output
 * @returns {{ reason: string, isBroken: boolean } | null}
 */
function networkFailure(output) {
  if (broken.some((words) => words.test(output))) {
    return {
      reason: 'the connection broke half-way, or what came is not what was published',
      isBroken: true,
    };
  }
  const said = reasons.flatMap((words) => [...output.matchAll(words)].map(([, reason = '']) => reason));
  const last = said.at(-1);
  return last === undefined ? null : { reason: innermost(last), isBroken: false };
}

/**
 * The words of the last of Python's errors that hold each other.
 *
 * @param {string} reason as `ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed'))`
 */
function innermost(reason) {
  const texts = [...reason.matchAll(/'([^']+)'\)*$/g)];
  const text = texts.at(-1)?.[1] ?? reason;
  return text.replace(/^<.* object at 0x[0-9a-f]+>: /, '');
}

/**
 * Runs a program that downloads, again where the network broke and is there again.
 *
 * @param {string} failed what to say if it fails, as `pip could not install mlflow`
 * @param {() => Promise<{ code: number, output: string }>} attempt
 * @param {(output: string) => string} [words] what to say further of any failure but the network's
 * @param {number} [pause] milliseconds before the second attempt; twice as many before the third
 */
async function download(failed, attempt, words = lastLines, pause = 1_000) {
  for (let attempts = 1; ; attempts++) {
    const { code, output } = await attempt();
    if (code === 0) return;
    const failure = networkFailure(output);
    if (failure === null) throw new SetupError(`${failed}:\n${words(output)}`);
    if (!failure.isBroken || attempts === mostAttempts) {
      throw new SetupError(
        `${failed}: ${failure.reason}; try again when there is a network, whose proxy HTTPS_PROXY names if there is one`,
      );
    }
    await sleep(pause * attempts);
  }
}

module.exports = { download };
