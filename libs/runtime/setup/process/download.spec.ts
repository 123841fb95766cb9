import { download } from './download.cjs';

const advice = 'try again when there is a network, whose proxy HTTPS_PROXY names if there is one';

/** What programs said, in the versions of npm and pip that come with Node 20 to 24 and Python 3.10 to 3.14. */
const unreachable: readonly [name: string, output: string, reason: string][] = [
  [
    'npm without a proxy',
    `npm error code ECONNREFUSED
npm error errno ECONNREFUSED
npm error FetchError: request to https://registry.invalid/x failed, reason: connect ECONNREFUSED 127.0.0.1:9
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/index.js:130:14)`,
    'request to https://registry.invalid/x failed, reason: connect ECONNREFUSED 127.0.0.1:9',
  ],
  [
    'npm with a proxy that refuses',
    'npm error code E502\nnpm error 502 Bad Gateway - GET https://registry.invalid/x',
    '502 Bad Gateway - GET https://registry.invalid/x',
  ],
  [
    'pip 23 with a proxy that refuses',
    `WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 502 Bad Gateway'))': /simple/x/
ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)`,
    'Tunnel connection failed: 502 Bad Gateway',
  ],
  [
    'pip without a proxy',
    `WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f1f7d377610>: Failed to establish a new connection: [Errno 111] Connection refused'))': /simple/x/
ERROR: No matching distribution found for x==1`,
    'Failed to establish a new connection: [Errno 111] Connection refused',
  ],
];

const broken: readonly [name: string, output: string][] = [
  ['npm', 'npm error code ECONNRESET\nnpm error network aborted\nnpm error network This is a problem'],
  [
    'pip 23',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated ...\n    x==1:\n',
  ],
  ['pip 26', 'error: incomplete-download\n\n× Download failed after 6 attempts because not enough bytes'],
];

describe('download', () => {
  const outcomes = (...outputs: string[]) => {
    const left = [...outputs];
    return jest.fn(async () => {
      const output = left.length > 1 ? left.shift()! : left[0]!;
      return { code: output === '' ? 0 : 1, output };
    });
  };

  it.each(unreachable)('says in one line that there is no network: %s', async (_, output, reason) => {
    const attempt = outcomes(output);
    await expect(download('x failed', attempt)).rejects.toThrow(`x failed: ${reason}; ${advice}`);
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it.each(broken)('begins again where the network broke: %s', async (_, output) => {
    const attempt = outcomes(output, '');
    await download('x failed', attempt, undefined, 1);
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('says in one line that the network breaks each time', async () => {
    const attempt = outcomes(broken[1]![1]);
    await expect(download('x failed', attempt, undefined, 1)).rejects.toThrow(
      `x failed: the connection broke half-way, or what came is not what was published; ${advice}`,
    );
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  it('tells of any other failure what the program said', async () => {
    const attempt = outcomes('no space left');
    await expect(download('x failed', attempt)).rejects.toThrow('x failed:\nno space left');
    await expect(download('x failed', attempt, () => 'short')).rejects.toThrow('x failed:\nshort');
  });
});
