import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nx } from './workspace-copy';

/** A task's configuration as Nx resolves it. */
export interface Target {
  readonly executor: string;
  readonly options?: unknown;
  readonly inputs?: readonly unknown[];
  readonly dependsOn?: readonly unknown[];
  readonly cache?: boolean;
  readonly continuous?: boolean;
}

export interface Project {
  readonly root: string;
  readonly tags: readonly string[];
  readonly targets: Readonly<Record<string, Target>>;
  readonly metadata: { readonly targetGroups?: Readonly<Record<string, readonly string[]>> };
}

export interface ProjectGraph {
  readonly projects: ReadonlyMap<string, Project>;
  /** The projects that a project depends on, by Nx's kinds. */
  dependencies(name: string): readonly { target: string; type: 'static' | 'implicit' | 'dynamic' }[];
}

/** The graph that `nx graph` shows. */
export async function projectGraph(): Promise<ProjectGraph> {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-graph-'));
  try {
    const file = join(folder, 'graph.json');
    const { code, text } = await nx(['graph', `--file=${file}`]);
    if (code !== 0) throw new Error(text);
    const { graph } = JSON.parse(readFileSync(file, 'utf8'));
    const nodes: [string, { data: Project }][] = Object.entries(graph.nodes);
    return {
      projects: new Map(nodes.map(([name, { data }]) => [name, data])),
      dependencies: (name) => graph.dependencies[name] ?? [],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
