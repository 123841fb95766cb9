import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';

/** How a command of an app ended, and whether it asked for a server to be started. */
interface Ended {
  readonly status: number | null;
  readonly stderr: string;
  readonly askedForServer: boolean;
}

/** Runs an app as npm does, but that there is no tracking server, and that the one which it asks for does not start. */
export function runWithoutServer(app: string, flags: readonly string[]): Ended {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-app-'));
  const [asked, server, other] = ['asked', 'server.cjs', 'other-server.cjs'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  try {
    writeFileSync(
      server,
      `require('node:fs').writeFileSync(${JSON.stringify(asked)}, '');\nprocess.exit(1);\n`,
    );
    writeFileSync(other, `process.env.LABEL_RELAXATION_SERVER = ${JSON.stringify(server)};\n`);
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_'));
    const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs'), '-r', other];
    const main = join(root, 'apps', app, 'src/main.ts');
    const { status, stderr } = spawnSync(process.execPath, [...words, main, ...flags], {
      cwd: folder,
      encoding: 'utf8',
      env: Object.fromEntries(environment),
    });
    return { status, stderr, askedForServer: existsSync(asked) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
