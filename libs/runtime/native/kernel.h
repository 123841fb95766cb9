#ifndef LABEL_RELAXATION_KERNEL_H_
#define LABEL_RELAXATION_KERNEL_H_

#include <algorithm>
#include <cstdint>

#include "tensorflow/core/framework/op_kernel.h"
#include "vectors.h"

namespace label_relaxation {

template <typename Element = float>
const Element* Data(const tensorflow::Tensor& tensor) {
  return static_cast<const Element*>(tensor.data());
}
template <typename Element = float>
Element* Data(tensorflow::Tensor* tensor) {
  return static_cast<Element*>(tensor->data());
}

// What TensorFlow calls the type of numbers.
template <typename Element>
constexpr tensorflow::DataType kType = tensorflow::DT_FLOAT;
template <>
inline constexpr tensorflow::DataType kType<Half> = tensorflow::DT_BFLOAT16;

// Code for each instruction set.
template <typename Code>
struct Codes {
  Code avx2, avx512;
};

// kCodes<Element>, an op's code for images of float and of bfloat16, made by LR_CODE(Lanes, Element, Target) of
// the op's file. For bfloat16 all of it is of AVX-512's instructions.
#define LR_CODES(Code)                                                                                       \
  template <typename Element>                                                                                \
  const Codes<Code<Element>> kCodes;                                                                         \
  template <>                                                                                                \
  const Codes<Code<float>> kCodes<float> = {LR_CODE(8, float, LR_AVX2), LR_CODE(16, float, LR_AVX512)};      \
  template <>                                                                                                \
  const Codes<Code<Half>> kCodes<Half> = {LR_CODE(8, Half, LR_AVX512), LR_CODE(16, Half, LR_AVX512)}

// A kernel with such code, of which the attribute `lanes` chooses one.
template <typename Code, typename Element = float>
class CodeKernel : public tensorflow::OpKernel {
 public:
  CodeKernel(tensorflow::OpKernelConstruction* construction, const Codes<Code>& codes)
      : OpKernel(construction) {
    int lanes;
    OP_REQUIRES_OK(construction, construction->GetAttr("lanes", &lanes));
    OP_REQUIRES(
        construction, HasVectors(lanes),
        absl::InvalidArgumentError(absl::StrCat("this processor has no vectors of ", lanes, " floats")));
    OP_REQUIRES(construction, kType<Element> == tensorflow::DT_FLOAT || HasBfloat16Products(),
                absl::InvalidArgumentError("this processor multiplies no bfloat16"));
    code_ = lanes == 16 ? &codes.avx512 : &codes.avx2;
  }

 protected:
  const Code& code() const { return *code_; }

 private:
  const Code* code_ = nullptr;
};

// A kernel for images of float and of bfloat16.
#define LR_REGISTER(Op, Kernel)                                                                              \
  REGISTER_KERNEL_BUILDER(Name(Op).Device(tensorflow::DEVICE_CPU).TypeConstraint<float>("T"),                \
                          Kernel<float>);                                                                    \
  REGISTER_KERNEL_BUILDER(Name(Op).Device(tensorflow::DEVICE_CPU).TypeConstraint<tensorflow::bfloat16>("T"), \
                          Kernel<Half>)

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
