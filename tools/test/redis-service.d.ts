/** A real Redis server on 127.0.0.1 that keeps nothing on disk. */
export interface RedisServer {
    readonly host: '127.0.0.1';
    readonly port: number;
    /** As `redis://127.0.0.1:PORT`. */
    readonly url: string;
    /** What the server has written to its log. */
    log(): string;
    /** Ends it for good. */
    stop(): Promise<void>;
    /** Ends it at once, as a crash does; its data are lost. */
    kill(): Promise<void>;
    /** Ends it if it runs, and starts an empty one at the same address. */
    restart(): Promise<void>;
}
export interface RedisOptions {
    /** Further flags of `redis-server`. */
    args?: readonly string[];
}
/** Starts a Redis server and waits until it answers. It ends with the test's process at the latest. */
export declare function startRedisServer(options?: RedisOptions): Promise<RedisServer>;
//# sourceMappingURL=redis-service.d.ts.map