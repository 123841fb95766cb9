"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.redisPath = exports.pythonWithTensorFlow = exports.chromiumPath = exports.startRedisServer = exports.startMlflowServer = void 0;
var mlflow_service_1 = require("./mlflow-service");
Object.defineProperty(exports, "startMlflowServer", { enumerable: true, get: function () { return mlflow_service_1.startMlflowServer; } });
var redis_service_1 = require("./redis-service");
Object.defineProperty(exports, "startRedisServer", { enumerable: true, get: function () { return redis_service_1.startRedisServer; } });
var programs_1 = require("./programs");
Object.defineProperty(exports, "chromiumPath", { enumerable: true, get: function () { return programs_1.chromiumPath; } });
Object.defineProperty(exports, "pythonWithTensorFlow", { enumerable: true, get: function () { return programs_1.pythonWithTensorFlow; } });
Object.defineProperty(exports, "redisPath", { enumerable: true, get: function () { return programs_1.redisPath; } });
//# sourceMappingURL=services.js.map