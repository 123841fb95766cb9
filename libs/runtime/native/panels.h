#ifndef LABEL_RELAXATION_PANELS_H_
#define LABEL_RELAXATION_PANELS_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "vectors.h"

namespace label_relaxation {

// Panels of so many columns of a matrix, each a row after the other, of bfloat16 two rows at once; zeros fill
// up the last one.
inline void Pack(const float* matrix, int64_t rows, int64_t columns, int width, float* panels) {
  for (int64_t first = 0; first < columns; first += width) {
    const int64_t count = std::min<int64_t>(width, columns - first);
    for (int64_t row = 0; row < rows; row++, panels += width) {
      std::memcpy(panels, matrix + row * columns + first, count * sizeof(float));
      std::fill(panels + count, panels + width, 0.0f);
    }
  }
}

inline void Pack(const float* matrix, int64_t rows, int64_t columns, int width, Half* panels) {
  const int64_t size = RoundUp(rows, 2) * width;
  for (int64_t first = 0; first < columns; first += width, panels += size) {
    const int64_t count = std::min<int64_t>(width, columns - first);
    std::fill_n(panels, size, Half(0));
    for (int64_t row = 0; row < rows; row++) {
      Half* place = panels + row / 2 * 2 * width + row % 2;
      for (int64_t column = 0; column < count; column++)
        place[2 * column] = matrix[row * columns + first + column];
    }
  }
}

// Panels of so many rows of a matrix, each a column after the other, of bfloat16 two columns at once; zeros
// fill up the last one.
inline void Transpose(const float* matrix, int64_t rows, int64_t columns, int width, float* panels) {
  // Rows are often whole pages apart: of each, a line of the cache is used up before the next is read.
  constexpr int64_t kLine = 16;
  for (int64_t first = 0; first < rows; first += width, panels += width * columns) {
    const int64_t count = std::min<int64_t>(width, rows - first);
    if (count < width) std::fill(panels, panels + width * columns, 0.0f);
    for (int64_t line = 0; line < columns; line += kLine) {
      const int64_t end = std::min(line + kLine, columns);
      for (int64_t row = 0; row < count; row++) {
        const float* place = matrix + (first + row) * columns;
        for (int64_t column = line; column < end; column++) panels[column * width + row] = place[column];
      }
    }
  }
}

inline void Transpose(const float* matrix, int64_t rows, int64_t columns, int width, Half* panels) {
  const int64_t size = RoundUp(columns, 2) * width;
  for (int64_t first = 0; first < rows; first += width, panels += size) {
    const int64_t count = std::min<int64_t>(width, rows - first);
    std::fill_n(panels, size, Half(0));
    for (int64_t row = 0; row < count; row++) {
      const float* place = matrix + (first + row) * columns;
      for (int64_t column = 0; column < columns; column++)
        panels[(column / 2 * width + row) * 2 + column % 2] = place[column];
    }
  }
}

// The floats of memory, whole lines of the cache, for so many numbers.
template <typename Element>
int64_t FloatsFor(int64_t numbers) {
  return RoundUp(numbers * sizeof(Element), 64) / sizeof(float);
}

// Memory of a thread that stays from call to call, since fresh pages cost more than what is computed in them.
inline float* Scratch(int64_t size) {
  static thread_local std::unique_ptr<float[]> memory;
  static thread_local int64_t capacity = 0;
  if (size > capacity) {
    memory.reset(new float[size + 16]);
    capacity = size;
  }
  return reinterpret_cast<float*>(RoundUp(reinterpret_cast<intptr_t>(memory.get()), 64));
}

}  // namespace label_relaxation
#endif
