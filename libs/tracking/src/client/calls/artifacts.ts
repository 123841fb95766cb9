import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { downloadFile, uploadBytes, uploadFile, type TransferOptions } from '../artifacts';
import { endpoints } from '../endpoints';
import { MlflowError } from '../errors';
import type { CallOptions } from '../http';
import { collect, pages } from '../pages';
import type { FileInfo } from '../types';
import { checkArtifactPath } from '../validation';
import { ModelCalls } from './models';

/** The longest path of an artifact, so that folders in folders have an end. */
const LONGEST_PATH = 4096;

/** The calls about the artifacts of runs, those of the models that they logged among them. */
export class ArtifactCalls extends ModelCalls {
  /**
   * GET artifacts/list: what lies directly in a folder of a run; also the models that it logged, which MLflow keeps elsewhere, as folders by
   * their names.
   */
  async listArtifacts(runId: string, path?: string, options: CallOptions = {}): Promise<FileInfo[]> {
    const own = await this.listOwnArtifacts(runId, path, options);
    if (path !== undefined && own.length > 0) return own;
    const models = await this.runModels(runId, options);
    if (path === undefined) {
      const names = new Set(models.map(({ info }) => info.name));
      for (const file of own) names.delete(file.path);
      return [...own, ...Array.from(names, (name) => ({ path: name, is_dir: true }))];
    }
    const [name = '', ...rest] = path.split('/');
    const model = models.find(({ info }) => info.name === name);
    if (model === undefined) return [];
    const files = await this.listLoggedModelArtifacts(model.info.model_id, rest.join('/'), options);
    return files.map((file) => ({ ...file, path: `${name}/${file.path}` }));
  }

  private listOwnArtifacts(
    runId: string,
    path: string | undefined,
    options: CallOptions,
  ): Promise<FileInfo[]> {
    const request = { run_id: runId, ...(path === undefined ? {} : { path }) };
    return collect(pages(this.http, endpoints.listArtifacts, request, ({ files }) => files, options));
  }

  /** Puts a file, streamed from disk, among a run's artifacts. */
  async uploadArtifact(
    runId: string,
    path: string,
    file: string,
    options: TransferOptions = {},
  ): Promise<void> {
    await uploadFile(this.http, (await this.getRun(runId, options)).info.artifact_uri, path, file, options);
  }

  /** Puts a file, streamed from disk, below an artifact root such as a run's `artifact_uri`. */
  async uploadTo(root: string, path: string, file: string, options: TransferOptions = {}): Promise<void> {
    await uploadFile(this.http, root, path, file, options);
  }

  /** Puts bytes among a run's artifacts. */
  async uploadBytes(runId: string, path: string, bytes: Buffer, options: CallOptions = {}): Promise<void> {
    await uploadBytes(this.http, (await this.getRun(runId, options)).info.artifact_uri, path, bytes, options);
  }

  /**
   * Downloads an artifact of a run, a file or a folder, below `folder`, and returns its local path. Files are streamed and appear only when
   * complete. Paths into a logged model, such as `model`, work as in Python.
   */
  async downloadArtifacts(
    runId: string,
    path: string,
    folder: string,
    options: TransferOptions = {},
  ): Promise<string> {
    const { artifact_uri: runRoot } = (await this.getRun(runId, options)).info;
    const [first = ''] = path.split('/');
    const top = await this.listOwnArtifacts(runId, undefined, options);
    const model = top.some((file) => file.path === first)
      ? undefined
      : (await this.runModels(runId, options)).find(({ info }) => info.name === first);
    const download = async (file: string, to: string): Promise<void> => {
      const [root, from] =
        model === undefined ? [runRoot, file] : [model.info.artifact_uri, file.slice(first.length + 1)];
      await downloadFile(this.http, root, from, to, options);
    };
    const target = join(folder, basename(path));
    const entries = await this.listArtifacts(runId, path, options);
    if (entries.length === 0) {
      await download(path, target);
      return target;
    }
    await mkdir(target, { recursive: true });
    const walk = async (above: string, files: FileInfo[]): Promise<void> => {
      for (const file of files) {
        this.checkBelow(above, file.path);
        if (file.is_dir) await walk(file.path, await this.listArtifacts(runId, file.path, options));
        else await download(file.path, join(target, file.path.slice(path.length + 1)));
      }
    };
    await walk(path, entries);
    return target;
  }

  /** Refuses what does not lie directly in the folder that was asked for: it would lead elsewhere, or round in a circle. */
  private checkBelow(folder: string, path: string): void {
    checkArtifactPath(path);
    if (dirname(path) === folder && path.length <= LONGEST_PATH) return;
    const [listed, asked] = [path, folder].map((one) => JSON.stringify(one.slice(0, 200)));
    throw new MlflowError(
      `${this.http.connection.trackingUri} lists ${listed} in the folder ${asked}, where it cannot be.`,
    );
  }
}
