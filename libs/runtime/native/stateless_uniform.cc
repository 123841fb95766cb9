#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "tensorflow/core/framework/tensor_util.h"
#include "tensorflow/core/lib/random/philox_random.h"
#include "tensorflow/core/util/work_sharder.h"
#include "vectors.h"

namespace label_relaxation {
namespace {

using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::random::PhiloxRandom;

// Groups of four numbers that are drawn at once, and numbers of a block of work.
constexpr int kGroups = 8;
constexpr int64_t kNumbers = 4 * kGroups;

// A product of 32 bits by 32 bits for each of eight lanes.
struct Product {
  __m256i low, high;
};

__attribute__((target("avx2"), always_inline)) inline Product Multiply(__m256i left, __m256i right) {
  const __m256i even = _mm256_mul_epu32(left, right);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(left, 32), right);
  return {_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0b10101010),
          _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0b10101010)};
}

__attribute__((target("avx2"), always_inline)) inline __m256 AsFloats(__m256i bits) {
  const __m256i mantissa = _mm256_and_si256(bits, _mm256_set1_epi32(0x7fffff));
  const __m256i between_1_and_2 = _mm256_or_si256(mantissa, _mm256_set1_epi32(0x3f800000));
  return _mm256_sub_ps(_mm256_castsi256_ps(between_1_and_2), _mm256_set1_ps(1.0f));
}

// Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011) for eight counters
// that follow each other, as numbers in [0, 1). The counters' low halves must not overflow.
__attribute__((target("avx2"))) void Draw(const PhiloxRandom::Key& key,
                                          const PhiloxRandom::ResultType& counter, uint64_t group,
                                          float* numbers) {
  const uint64_t first = (static_cast<uint64_t>(counter[1]) << 32 | counter[0]) + group;
  alignas(32) uint32_t low[kGroups], high[kGroups];
  for (int i = 0; i < kGroups; i++) {
    low[i] = static_cast<uint32_t>(first + i);
    high[i] = static_cast<uint32_t>((first + i) >> 32);
  }
  __m256i c0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(low));
  __m256i c1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(high));
  __m256i c2 = _mm256_set1_epi32(static_cast<int>(counter[2])),
          c3 = _mm256_set1_epi32(static_cast<int>(counter[3]));
  uint32_t k0 = key[0], k1 = key[1];
  const __m256i m0 = _mm256_set1_epi32(static_cast<int>(0xD2511F53)),
                m1 = _mm256_set1_epi32(static_cast<int>(0xCD9E8D57));
  for (int round = 0; round < 10; round++, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
    const Product p0 = Multiply(c0, m0), p1 = Multiply(c2, m1);
    c0 = _mm256_xor_si256(_mm256_xor_si256(p1.high, c1), _mm256_set1_epi32(static_cast<int>(k0)));
    c2 = _mm256_xor_si256(_mm256_xor_si256(p0.high, c3), _mm256_set1_epi32(static_cast<int>(k1)));
    c1 = p1.low;
    c3 = p0.low;
  }
  const __m256i a = _mm256_unpacklo_epi32(c0, c1), b = _mm256_unpackhi_epi32(c0, c1);
  const __m256i c = _mm256_unpacklo_epi32(c2, c3), d = _mm256_unpackhi_epi32(c2, c3);
  const __m256i groups04 = _mm256_unpacklo_epi64(a, c), groups15 = _mm256_unpackhi_epi64(a, c);
  const __m256i groups26 = _mm256_unpacklo_epi64(b, d), groups37 = _mm256_unpackhi_epi64(b, d);
  _mm256_storeu_ps(numbers, AsFloats(_mm256_permute2x128_si256(groups04, groups15, 0x20)));
  _mm256_storeu_ps(numbers + 8, AsFloats(_mm256_permute2x128_si256(groups26, groups37, 0x20)));
  _mm256_storeu_ps(numbers + 16, AsFloats(_mm256_permute2x128_si256(groups04, groups15, 0x31)));
  _mm256_storeu_ps(numbers + 24, AsFloats(_mm256_permute2x128_si256(groups26, groups37, 0x31)));
}

class StatelessUniformKernel : public tensorflow::OpKernel {
 public:
  explicit StatelessUniformKernel(tensorflow::OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES(construction, HasVectors(8),
                absl::InvalidArgumentError("this processor has no vectors of 8 floats"));
  }

  void Compute(OpKernelContext* context) override {
    tensorflow::TensorShape shape;
    OP_REQUIRES_OK(context, tensorflow::tensor::MakeShape(context->input(0), &shape));
    const Tensor& seed = context->input(1);
    OP_REQUIRES(context, seed.dims() == 1 && seed.dim_size(0) == 2,
                absl::InvalidArgumentError(
                    absl::StrCat("the seed has shape ", seed.shape().DebugString(), ", not [2]")));
    Tensor* output = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &output));

    // As TensorFlow mixes a seed, so that none is weak.
    PhiloxRandom::Key key;
    key[0] = 0x3ec8f720;
    key[1] = 0x02461e29;
    PhiloxRandom::ResultType counter;
    for (int i = 0; i < 2; i++) {
      const auto value = static_cast<uint64_t>(static_cast<int64_t>(seed.flat<int32_t>()(i)));
      counter[2 * i] = static_cast<uint32_t>(value);
      counter[2 * i + 1] = static_cast<uint32_t>(value >> 32);
    }
    const auto mixed = PhiloxRandom(counter, key)();
    key[0] = mixed[0];
    key[1] = mixed[1];
    counter[0] = counter[1] = 0;
    counter[2] = mixed[2];
    counter[3] = mixed[3];

    float* numbers = output->flat<float>().data();
    const int64_t size = output->NumElements();
    const auto* pool = context->device()->tensorflow_cpu_worker_threads();
    const int64_t blocks = (size + kNumbers - 1) / kNumbers;
    tensorflow::Shard(pool->num_threads, pool->workers, blocks, 8 * kNumbers,
                      [&](int64_t begin, int64_t end) {
                        for (int64_t block = begin; block < end; block++) {
                          const int64_t first = block * kNumbers;
                          if (first + kNumbers <= size) {
                            Draw(key, counter, block * kGroups, numbers + first);
                          } else {
                            float last[kNumbers];
                            Draw(key, counter, block * kGroups, last);
                            std::memcpy(numbers + first, last, (size - first) * sizeof(float));
                          }
                        }
                      });
  }
};

// The numbers of TensorFlow's StatelessRandomUniform, eight groups at once.
REGISTER_OP("LabelRelaxationStatelessUniform")
    .Input("shape: int32")
    .Input("seed: int32")
    .Output("output: float")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      tensorflow::shape_inference::ShapeHandle shape;
      TF_RETURN_IF_ERROR(context->MakeShapeFromShapeTensor(0, &shape));
      context->set_output(0, shape);
      return absl::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LabelRelaxationStatelessUniform").Device(tensorflow::DEVICE_CPU),
                        StatelessUniformKernel);

}  // namespace
}  // namespace label_relaxation
