export { freePort } from '../mlflow/port.cjs';
export { startMlflowServer, type MlflowOptions, type MlflowServer } from './mlflow-service';
export { startRedisServer, type RedisOptions, type RedisServer } from './redis-service';
export { chromiumPath, mlflowPython, pythonWithTensorFlow, redisPath } from './programs';
