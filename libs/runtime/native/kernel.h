#ifndef LABEL_RELAXATION_KERNEL_H_
#define LABEL_RELAXATION_KERNEL_H_

#include <algorithm>
#include <cstdint>

#include "tensorflow/core/framework/op_kernel.h"
#include "vectors.h"

namespace label_relaxation {

inline const float* Data(const tensorflow::Tensor& tensor) { return tensor.flat<float>().data(); }

// A kernel with code for each instruction set, of which the attribute `lanes` chooses one.
template <typename Code>
class CodeKernel : public tensorflow::OpKernel {
 public:
  CodeKernel(tensorflow::OpKernelConstruction* construction, const Code& avx2, const Code& avx512)
      : OpKernel(construction) {
    int lanes;
    OP_REQUIRES_OK(construction, construction->GetAttr("lanes", &lanes));
    OP_REQUIRES(
        construction, HasVectors(lanes),
        absl::InvalidArgumentError(absl::StrCat("this processor has no vectors of ", lanes, " floats")));
    code_ = lanes == 16 ? &avx512 : &avx2;
  }

 protected:
  const Code& code() const { return *code_; }

 private:
  const Code* code_ = nullptr;
};

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
