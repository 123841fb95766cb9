/** A program with a folder of its own, which ends at the latest with the process that started it. */
export interface Guarded {
    readonly directory: string;
    /** What the program has written so far. */
    log(): string;
    /** Starts it, and waits until it is ready; throws, with the end of its log, if it ends before. */
    start(): Promise<void>;
    /** Ends it and what it started: by SIGTERM, and SIGKILL after ten seconds, or by SIGKILL at once. */
    end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
    /** Ends it, and removes its folder. */
    remove(): Promise<void>;
}
interface Options {
    name: string;
    command: {
        file: string;
        args: readonly string[];
    };
    environment?: NodeJS.ProcessEnv;
    /** Whether the process group `pid` serves; asked until it is true. */
    isReady(pid: number): Promise<boolean>;
}
/** Prepares a program for a test; nothing runs before `start`. */
export declare function guarded({ name, command, environment, isReady }: Options): Guarded;
export {};
//# sourceMappingURL=guarded.d.ts.map