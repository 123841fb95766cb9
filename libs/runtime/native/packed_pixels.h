#ifndef LABEL_RELAXATION_PACKED_PIXELS_H_
#define LABEL_RELAXATION_PACKED_PIXELS_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "panels.h"

namespace label_relaxation {

// Some channels of all pixels.
template <typename Element>
struct Part {
  const Element* x;  // pixels * channels
  int64_t channels;
};

// So many pixels are packed and multiplied before the next: they stay in the cache.
constexpr int64_t kPixelsAtOnce = 48;
static_assert(kPixelsAtOnce % kRows == 0 && kPixelsAtOnce % kNarrowRows == 0, "tiles fill the packed pixels");

// Pixels that are copied into rows, in which products find them, and back. Numbers are of float or of
// bfloat16.
template <int Lanes, typename Element>
struct PackedPixels : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using Part = label_relaxation::Part<Element>;
  using typename V::Vector;
  using V::kColumns;

  // Numbers of a line of the cache.
  static constexpr int64_t kLine = 64 / sizeof(Element);
  static constexpr size_t kVectorSize = Lanes * sizeof(Element);

  static int64_t Padded(int64_t count) { return RoundUp(count, Lanes); }

  // The numbers of a packed pixel. An odd number of lines: the same channel of all pixels finds places in the
  // cache.
  static int64_t RowLength(int64_t channels) {
    return (RoundUp(channels + kColumns, kLine) / kLine | 1) * kLine;
  }

  // Memory of this thread for so many numbers of packed pixels, in lines, and for so many floats behind them.
  static Element* Room(int64_t numbers, int64_t floats = 0) {
    return reinterpret_cast<Element*>(Scratch(FloatsFor<Element>(numbers) + floats));
  }

  // Pixels that are soon worked at: they come from memory while others are multiplied.
  LR_INLINE void Fetch(const std::vector<Part>& parts, int64_t begin, int64_t end) {
    for (const Part& part : parts) Fetch(part, begin, end);
  }
  LR_INLINE void Fetch(const Part& part, int64_t begin, int64_t end) {
    for (int64_t pixel = begin; pixel < end; pixel++) {
      const Element* place = part.x + pixel * part.channels;
      for (int64_t c = 0; c < part.channels; c += kLine) __builtin_prefetch(place + c, 0, 2);
    }
  }

  // Copies pixels of all parts into rows, with zeros behind.
  LR_INLINE void Gather(const std::vector<Part>& parts, int64_t all, int64_t first, int64_t pixels,
                        Element* rows, int64_t length) {
    int64_t behind = 0;
    for (const Part& part : parts) {
      const int64_t channels = part.channels;
      const Element* x = part.x + first * channels;
      // Whole vectors: what is too much of them the next part overwrites. Only the last pixels have nothing
      // behind.
      const int64_t whole = std::clamp<int64_t>(all - first - (Lanes - 1), 0, pixels);
      for (int64_t pixel = 0; pixel < whole; pixel++, x += channels) {
        Element* row = rows + pixel * length + behind;
        for (int64_t c = 0; c < channels; c += Lanes) std::memcpy(row + c, x + c, kVectorSize);
      }
      for (int64_t pixel = whole; pixel < pixels; pixel++, x += channels) {
        std::copy_n(x, channels, rows + pixel * length + behind);
      }
      behind += channels;
    }
    const int64_t missing = Padded(behind) - behind;
    for (int64_t pixel = 0; pixel < pixels; pixel++) {
      if (missing > 0) std::memset(rows + pixel * length + behind, 0, kVectorSize);
    }
  }

  // sums += rows * panel, of rows of so many pixels; those of a tile behind the last one are the last one
  // again.
  template <int Height, int Count>
  LR_INLINE void AddRows(Vector (&sums)[Height][Count], const Element* first, int64_t length, int64_t count,
                         const Element* panel, int64_t depth) {
    const Element* rows[Height];
    for (int r = 0; r < Height; r++) rows[r] = first + std::min<int64_t>(r, count - 1) * length;
    V::AddProduct(sums, rows, panel, depth);
  }

  // Rows of packed pixels as AddTransposedProduct takes them: of bfloat16 two pixels at once, for which there
  // is room.
  LR_INLINE const float* Interleaved(const float* rows, int64_t pixels, int64_t columns, int64_t length,
                                     float* room) {
    return rows;
  }
  LR_INLINE const Half* Interleaved(const Half* rows, int64_t pixels, int64_t columns, int64_t length,
                                    Half* room) {
    Half* place = room;
    for (int64_t pixel = 0; pixel < pixels; pixel += 2, rows += 2 * length, place += 2 * length) {
      for (int64_t c = 0; c < columns; c += Lanes) {
        typename V::Words pairs = V::GetBits(rows + c);
        if (pixel + 1 < pixels) pairs |= V::GetBits(rows + length + c) << 16;
        std::memcpy(place + 2 * c, &pairs, sizeof pairs);
      }
    }
    return room;
  }

  // The sums of packed pixels, each column's.
  LR_INLINE void SumPixels(const Element* rows, int64_t pixels, int64_t columns, int64_t length,
                           float* sums) {
    for (int64_t c = 0; c < columns; c += Lanes) {
      Vector sum = {};
      for (int64_t pixel = 0; pixel < pixels; pixel++) sum += V::Get(rows + pixel * length + c);
      V::Put(sums + c, sum);
    }
  }

  // Adds the first channels of an image to rows.
  LR_INLINE void Add(const Part& other, int64_t first, int64_t pixels, int64_t channels, Element* rows,
                     int64_t length) {
    const int64_t whole = channels / Lanes * Lanes;
    const Element* addend = other.x + first * other.channels;
    for (int64_t pixel = 0; pixel < pixels; pixel++, addend += other.channels, rows += length) {
      for (int64_t c = 0; c < whole; c += Lanes) V::Put(rows + c, V::Get(rows + c) + V::Get(addend + c));
      for (int64_t c = whole; c < channels; c++) rows[c] = rows[c] + addend[c];
    }
  }

  // Copies rows to pixels.
  LR_INLINE void Scatter(const Element* rows, int64_t length, int64_t pixels, int64_t channels,
                         Element* image) {
    const int64_t whole = channels / Lanes * Lanes;
    for (int64_t pixel = 0; pixel < pixels; pixel++, image += channels, rows += length) {
      for (int64_t c = 0; c < whole; c += Lanes) std::memcpy(image + c, rows + c, kVectorSize);
      for (int64_t c = whole; c < channels; c++) image[c] = rows[c];
    }
  }
};

}  // namespace label_relaxation
#endif
