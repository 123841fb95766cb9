#ifndef LABEL_RELAXATION_VECTORS_H_
#define LABEL_RELAXATION_VECTORS_H_

#include <cstdint>
#include <cstring>

#define LR_INLINE __attribute__((always_inline)) static inline

// Into functions of these instruction sets goes the code for vectors of 8 and of 16 floats. LR_WITHOUT_AVX512
// makes both of AVX2's instructions, for tests on processors that have no others.
#define LR_AVX2 __attribute__((target("avx2,fma")))
#ifdef LR_WITHOUT_AVX512
#define LR_AVX512 LR_AVX2
#else
#define LR_AVX512 __attribute__((target("avx512f,fma")))
#endif

namespace label_relaxation {

// A tile of a product has so many rows and so many vectors of columns: its sums stay in registers, and few
// enough lines of memory belong to it that the cache can follow. Where one vector holds all columns that are
// left, a narrow tile has more rows.
constexpr int kRows = 6;
constexpr int kVectors = 2;
constexpr int kNarrowRows = 8;

// Whether this processor runs the code for vectors of so many floats.
inline bool HasVectors(int lanes) {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#ifdef LR_WITHOUT_AVX512
  const bool avx512 = avx2;
#else
  const bool avx512 = __builtin_cpu_supports("avx512f");
#endif
  return (lanes == 8 && avx2) || (lanes == 16 && avx512);
}

// Whether it runs the code for bfloat16, of vectors of any length.
inline bool HasBfloat16Products() {
#ifdef LR_WITHOUT_AVX512
  return HasVectors(16);
#else
  return HasVectors(16) && __builtin_cpu_supports("avx512bf16");
#endif
}

inline int64_t RoundUp(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// A number of bfloat16, the upper half of a float.
struct Half {
  uint16_t bits;

  Half() = default;
  // Rounds to the nearest one, of two to the even one.
  Half(float number) {
    uint32_t word;
    std::memcpy(&word, &number, sizeof word);
    bits = static_cast<uint16_t>(number != number ? 0x7fc0 : (word + 0x7fff + (word >> 16 & 1)) >> 16);
  }
  operator float() const {
    const uint32_t word = static_cast<uint32_t>(bits) << 16;
    float number;
    std::memcpy(&number, &word, sizeof number);
    return number;
  }
};

// Bits of bfloat16 and of float, as many as a vector has; __builtin_convertvector takes no types of
// templates.
template <int Lanes>
struct Bits;
template <>
struct Bits<8> {
  typedef uint16_t Halves __attribute__((vector_size(16)));
  typedef uint32_t Words __attribute__((vector_size(32)));
  LR_INLINE Words Widened(Halves halves) { return __builtin_convertvector(halves, Words); }
  LR_INLINE Halves Narrowed(Words words) { return __builtin_convertvector(words, Halves); }
};
template <>
struct Bits<16> {
  typedef uint16_t Halves __attribute__((vector_size(32)));
  typedef uint32_t Words __attribute__((vector_size(64)));
  LR_INLINE Words Widened(Halves halves) { return __builtin_convertvector(halves, Words); }
  LR_INLINE Halves Narrowed(Words words) { return __builtin_convertvector(words, Halves); }
};

// So many numbers of a row, side by side, are multiplied at once and added up.
template <typename Element>
constexpr int kDepth = 1;
template <>
inline constexpr int kDepth<Half> = 2;

// Products of small blocks of matrices by vectors of `Lanes` numbers, of float or of bfloat16 with sums in
// float. Right factors come in panels: of `kColumns` columns each, row after row; of bfloat16 two rows at
// once, column after column.
template <int Lanes>
struct Vectors {
  typedef float Vector __attribute__((vector_size(Lanes * 4)));
  using Words = typename Bits<Lanes>::Words;
  using Halves = typename Bits<Lanes>::Halves;
  typedef Vector Tile[kRows][kVectors];

  static constexpr int kColumns = kVectors * Lanes;

  // Places need not be aligned.
  LR_INLINE Vector Get(const float* place) {
    Vector vector;
    std::memcpy(&vector, place, sizeof vector);
    return vector;
  }
  LR_INLINE void Put(float* place, Vector vector) { std::memcpy(place, &vector, sizeof vector); }

  LR_INLINE Vector Get(const Half* place) { return (Vector)(GetBits(place) << 16); }
  LR_INLINE void Put(Half* place, Vector vector) {
    const Halves halves = Rounded(vector);
    std::memcpy(place, &halves, sizeof halves);
  }

  LR_INLINE Halves Rounded(Vector vector) {
    Halves halves;
#if defined(LR_WITHOUT_AVX512) || defined(__clang__)
    const Words words = (Words)vector;
    const Words rounded = vector != vector ? Words{} + 0x7fc00000 : words + 0x7fff + (words >> 16 & 1);
    halves = Bits<Lanes>::Narrowed(rounded >> 16);
#else
    asm("vcvtneps2bf16 %1, %0" : "=v"(halves) : "v"(vector));
#endif
    return halves;
  }

  LR_INLINE Words GetBits(const Half* place) {
    Halves halves;
    std::memcpy(&halves, place, sizeof halves);
    return Bits<Lanes>::Widened(halves);
  }

  // Puts numbers of kDepth rows, side by side in a panel.
  LR_INLINE void PutTogether(float* place, const Vector (&rows)[1]) { Put(place, rows[0]); }
  LR_INLINE void PutTogether(Half* place, const Vector (&rows)[2]) {
    const Words pairs = Bits<Lanes>::Widened(Rounded(rows[0])) | Bits<Lanes>::Widened(Rounded(rows[1])) << 16;
    std::memcpy(place, &pairs, sizeof pairs);
  }

  // What is multiplied at once: floats, or pairs of bfloat16.
  LR_INLINE Vector Factors(const float* place) { return Get(place); }
  LR_INLINE Words Factors(const Half* place) {
    Words pairs;
    std::memcpy(&pairs, place, sizeof pairs);
    return pairs;
  }
  LR_INLINE float Factor(const float* place) { return *place; }
  LR_INLINE uint32_t Factor(const Half* place) {
    uint32_t pair;
    std::memcpy(&pair, place, sizeof pair);
    return pair;
  }
  LR_INLINE Vector Sum(Vector sum, Vector left, Vector right) { return sum + left * right; }
  LR_INLINE Vector Sum(Vector sum, Words left, Words right) {
    // Intrinsics are only for functions that are of their instruction set, and so is clang's assembler.
#if defined(LR_WITHOUT_AVX512) || defined(__clang__)
    sum += (Vector)(left & 0xffff0000) * (Vector)(right & 0xffff0000);
    sum += (Vector)(left << 16) * (Vector)(right << 16);
#else
    asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(left), "v"(right));
#endif
    return sum;
  }

  // sums += rows * panel, over `depth` columns of the rows.
  template <int Rows, int Count, typename Element>
  LR_INLINE void AddProduct(Vector (&sums)[Rows][Count], const Element* const* rows, const Element* panel,
                            int64_t depth) {
    constexpr int kStep = kDepth<Element>;
    for (int64_t step = 0; step < depth; step += kStep, panel += kColumns * kStep) {
      using Right = decltype(Factors(panel));
      Right right[Count];
#pragma GCC unroll 4
      for (int v = 0; v < Count; v++) right[v] = Factors(panel + v * Lanes * kStep);
#pragma GCC unroll 8
      for (int r = 0; r < Rows; r++) {
        const Right left = Factor(rows[r] + step) - Right{};
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) sums[r][v] = Sum(sums[r][v], left, right[v]);
      }
    }
  }

  // sums += columns' * panel, where `Rows` columns lie side by side in `depth` rows of the given length. So
  // may those of the panel. Of bfloat16 both are as panels are: two rows at once.
  template <int Rows, int Count, typename Element>
  LR_INLINE void AddTransposedProduct(Vector (&sums)[Rows][Count], const Element* columns, int64_t row_length,
                                      const Element* panel, int64_t depth, int64_t panel_length = kColumns) {
    constexpr int kStep = kDepth<Element>;
    for (int64_t step = 0; step < depth;
         step += kStep, columns += row_length * kStep, panel += panel_length * kStep) {
      using Right = decltype(Factors(panel));
      Right right[Count];
#pragma GCC unroll 4
      for (int v = 0; v < Count; v++) right[v] = Factors(panel + v * Lanes * kStep);
#pragma GCC unroll 8
      for (int r = 0; r < Rows; r++) {
        const Right left = Factor(columns + r * kStep) - Right{};
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) sums[r][v] = Sum(sums[r][v], left, right[v]);
      }
    }
  }
};

}  // namespace label_relaxation
#endif
