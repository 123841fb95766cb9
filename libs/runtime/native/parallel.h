#ifndef LABEL_RELAXATION_PARALLEL_H_
#define LABEL_RELAXATION_PARALLEL_H_

#include <algorithm>
#include <cstdint>

#include "tensorflow/core/framework/op_kernel.h"
#include "vectors.h"

namespace label_relaxation {

// Calls `work` for ranges of so many units, two for each thread but at least `least` units together.
template <typename Work>
void InParallel(tensorflow::OpKernelContext* context, int64_t units, int64_t least, const Work& work) {
  const auto* pool = context->device()->tensorflow_cpu_worker_threads();
  if (pool->num_threads == 1) return work(0, units);
  const int64_t fair = (units + 2 * pool->num_threads - 1) / (2 * pool->num_threads);
  pool->workers->ParallelFor(units,
                             tsl::thread::ThreadPool::SchedulingParams::Fixed(
                                 std::max(least, RoundUp(fair, std::min<int64_t>(least, kRows)))),
                             work);
}

}  // namespace label_relaxation
#endif
