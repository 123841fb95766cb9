import type { BenchFlags } from './flags';
import type { PeerSet } from './peers-environment';

/** What a part of the benchmark found. */
export interface PartResult<T> {
  /** Markdown: a heading, tables and what must be known to read them. */
  readonly text: string;
  /** The part's value in the JSON line. */
  readonly json: T;
}

/** What a part gets: the flags, the interpreter of some peers (null without peers) and a place for lines of progress. */
export interface PartContext {
  readonly flags: BenchFlags;
  readonly python: (peers: PeerSet) => Promise<string | null>;
  readonly say: (line: string) => void;
}
