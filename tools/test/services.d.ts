export { startMlflowServer, type MlflowOptions, type MlflowServer } from './mlflow-service';
export { startRedisServer, type RedisOptions, type RedisServer } from './redis-service';
export { chromiumPath, pythonWithTensorFlow, redisPath } from './programs';
//# sourceMappingURL=services.d.ts.map