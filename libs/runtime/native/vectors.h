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

inline int64_t RoundUp(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// Products of small blocks of float matrices by vectors of `Lanes` numbers. Right factors come in panels: of
// `kColumns` columns each, row after row.
template <int Lanes>
struct Vectors {
  typedef float Vector __attribute__((vector_size(Lanes * 4)));
  typedef Vector Tile[kRows][kVectors];

  static constexpr int kColumns = kVectors * Lanes;

  // Places need not be aligned.
  LR_INLINE Vector Get(const float* place) {
    Vector vector;
    std::memcpy(&vector, place, sizeof vector);
    return vector;
  }
  LR_INLINE void Put(float* place, Vector vector) { std::memcpy(place, &vector, sizeof vector); }

  // sums += rows * panel, over `depth` columns of the rows.
  template <int Rows, int Count>
  LR_INLINE void AddProduct(Vector (&sums)[Rows][Count], const float* const* rows, const float* panel,
                            int64_t depth) {
    for (int64_t step = 0; step < depth; step++, panel += kColumns) {
      Vector right[Count];
#pragma GCC unroll 4
      for (int v = 0; v < Count; v++) right[v] = Get(panel + v * Lanes);
#pragma GCC unroll 8
      for (int r = 0; r < Rows; r++) {
        const Vector left = rows[r][step] - Vector{};
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) sums[r][v] += left * right[v];
      }
    }
  }

  // sums += columns' * panel, where `Rows` columns lie side by side in `depth` rows of the given length. So
  // may those of the panel.
  template <int Rows, int Count>
  LR_INLINE void AddTransposedProduct(Vector (&sums)[Rows][Count], const float* columns, int64_t row_length,
                                      const float* panel, int64_t depth, int64_t panel_length = kColumns) {
    for (int64_t step = 0; step < depth; step++, columns += row_length, panel += panel_length) {
      Vector right[Count];
#pragma GCC unroll 4
      for (int v = 0; v < Count; v++) right[v] = Get(panel + v * Lanes);
#pragma GCC unroll 8
      for (int r = 0; r < Rows; r++) {
        const Vector left = columns[r] - Vector{};
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) sums[r][v] += left * right[v];
      }
    }
  }
};

}  // namespace label_relaxation
#endif
