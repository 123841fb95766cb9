#ifndef LABEL_RELAXATION_NORMALISED_PRODUCT_H_
#define LABEL_RELAXATION_NORMALISED_PRODUCT_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "panels.h"
#include "vectors.h"

namespace label_relaxation {

// Some channels of all pixels.
struct Part {
  const float* x;  // pixels * channels
  int64_t channels;
};

// A convolution of 1x1 with stride 1 is a product of matrices with a row for each pixel. This one's left
// factor is z, the parts of x side by side, normalised and rectified: max(0, x * scale + shift). z never is
// in memory, but for the pixels at work.
struct NormalisedProduct {
  int64_t pixels, channels, filters;
  std::vector<Part> parts;  // x
  // For each channel a number, and zeros behind.
  const float *scale, *shift;
};

// y = z * w + bias + others.
struct ForwardProduct : NormalisedProduct {
  const float* panels;  // w, as Pack() lays it out
  const float* bias;    // for each filter a number, and zeros behind
  std::vector<const float*> others;
  float* y;  // pixels * filters
};

// The gradient by w and, by way of dz = dy w' where z isn't zero, those of a batch-norm in training before
// it: dx = scale * (dz - mean(dz) - xhat * mean(dz * xhat)) + others.
struct BackwardProduct : NormalisedProduct {
  const float* mean;        // as scale
  const float* dy;          // pixels * filters
  const float* transposed;  // w, as Transpose() lays it out
  // The first channels of images with at least as many.
  std::vector<Part> others;
  float* dx;  // pixels * channels

  // Whether dz is kept in dx from the one pass over x to the other: with few filters it is made again in less
  // time than memory takes.
  bool KeepsGradient() const { return filters > 64; }
};

// So many pixels are packed and multiplied before the next: they stay in the cache.
constexpr int64_t kPixelsAtOnce = 48;

// The code for vectors of `Lanes` floats.
template <int Lanes>
struct NormalisedProductCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using typename V::Tile;
  using typename V::Vector;
  using V::kColumns;

  static int64_t Padded(int64_t count) { return RoundUp(count, kColumns); }

  // The floats of a packed pixel. An odd number of lines: the same channel of all pixels finds places in the
  // cache.
  static int64_t RowLength(int64_t channels) { return (RoundUp(channels + kColumns, 16) / 16 | 1) * 16; }

  LR_INLINE void Clear(Tile& sums) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++) sums[r][v] = Vector{};
    }
  }

  // Pixels that are soon worked at: they come from memory while others are multiplied.
  LR_INLINE void Fetch(const std::vector<Part>& parts, int64_t begin, int64_t end) {
    for (int64_t pixel = begin; pixel < end; pixel++) {
      for (const Part& part : parts) {
        const float* place = part.x + pixel * part.channels;
        for (int64_t c = 0; c < part.channels; c += 16) __builtin_prefetch(place + c, 0, 2);
      }
    }
  }

  // Copies pixels of all parts into rows, with zeros behind.
  LR_INLINE void Gather(const std::vector<Part>& parts, int64_t all, int64_t first, int64_t pixels,
                        float* rows, int64_t length) {
    int64_t behind = 0;
    for (const Part& part : parts) {
      const int64_t channels = part.channels;
      const float* x = part.x + first * channels;
      // Whole vectors: what is too much of them the next part overwrites. Only the last pixels have nothing
      // behind.
      const int64_t whole = std::clamp<int64_t>(all - first - (Lanes - 1), 0, pixels);
      for (int64_t pixel = 0; pixel < whole; pixel++, x += channels) {
        float* row = rows + pixel * length + behind;
        for (int64_t c = 0; c < channels; c += Lanes) V::Put(row + c, V::Get(x + c));
      }
      for (int64_t pixel = whole; pixel < pixels; pixel++, x += channels) {
        std::copy_n(x, channels, rows + pixel * length + behind);
      }
      behind += channels;
    }
    const int64_t missing = Padded(behind) - behind;
    for (int64_t pixel = 0; pixel < pixels; pixel++) {
      float* end = rows + pixel * length + behind;
      if (missing > 0) V::Put(end, Vector{});
      if (missing > Lanes) V::Put(end + Lanes, Vector{});
    }
  }

  // z of gathered pixels.
  LR_INLINE void Normalise(const NormalisedProduct& product, const float* x, int64_t pixels, float* z,
                           int64_t length) {
    const float *scale = product.scale, *shift = product.shift;
    const int64_t padded = Padded(product.channels);
    for (int64_t pixel = 0; pixel < pixels; pixel++, x += length, z += length) {
      for (int64_t c = 0; c < padded; c += Lanes) {
        const Vector value = V::Get(x + c) * V::Get(scale + c) + V::Get(shift + c);
        V::Put(z + c, value < 0 ? Vector{} : value);
      }
    }
  }

  // Rows of a tile; those behind the last one are the last one again.
  LR_INLINE void Rows(const float* first, int64_t length, int64_t count, const float* (&rows)[kRows]) {
    for (int r = 0; r < kRows; r++) rows[r] = first + std::min<int64_t>(r, count - 1) * length;
  }

  // Some pixels of y.
  LR_INLINE void Multiply(const ForwardProduct& product, int64_t begin, int64_t end) {
    const int64_t channels = product.channels, filters = product.filters, length = RowLength(channels);
    const int64_t panels = Padded(filters) / kColumns, ahead = (kRows + panels - 1) / panels;
    float *z = Scratch(kPixelsAtOnce * length), *y = product.y;
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Gather(product.parts, product.pixels, first, pixels, z, length);
      Normalise(product, z, pixels, z, length);
      int64_t next = first + pixels;
      const float* panel = product.panels;
      for (int64_t filter = 0; filter < filters; filter += kColumns, panel += channels * kColumns) {
        const int64_t columns = std::min<int64_t>(kColumns, filters - filter);
        for (int64_t t = 0; t < pixels; t += kRows, next += ahead) {
          Fetch(product.parts, next, std::min(next + ahead, end));
          const int64_t count = std::min<int64_t>(kRows, pixels - t);
          const float* rows[kRows];
          Rows(z + t * length, length, count, rows);
          Tile sums;
#pragma GCC unroll 8
          for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; v++) sums[r][v] = V::Get(product.bias + filter + v * Lanes);
          }
          V::AddProduct(sums, rows, panel, channels);
          for (int64_t r = 0; r < count; r++) {
            const int64_t place = (first + t + r) * filters + filter;
            if (columns == kColumns) {
#pragma GCC unroll 4
              for (int v = 0; v < kVectors; v++) {
                Vector sum = sums[r][v];
                for (const float* other : product.others) sum += V::Get(other + place + v * Lanes);
                V::Put(y + place + v * Lanes, sum);
              }
            } else {
              float row[kColumns];
              std::memcpy(row, sums[r], sizeof row);
              for (const float* other : product.others) {
                for (int64_t column = 0; column < columns; column++) row[column] += other[place + column];
              }
              std::copy_n(row, columns, y + place);
            }
          }
        }
      }
    }
  }

  // Adds to dw, [rounded-up channels, padded filters], and to the sums of dz and of dz * (x - mean) what some
  // pixels give.
  LR_INLINE void AddSums(const BackwardProduct& product, int64_t begin, int64_t end, float* dw,
                         double* sums) {
    const int64_t channels = product.channels, filters = product.filters, padded = Padded(channels);
    const int64_t length = RowLength(channels), dy_length = RowLength(filters), row_length = Padded(filters);
    const std::vector<Part> dy_parts = {{product.dy, filters}};
    const float *mean = product.mean, *transposed = product.transposed;
    const bool keeps = product.KeepsGradient();
    float* x = Scratch(kPixelsAtOnce * (2 * length + dy_length) + 2 * padded);
    float* z = x + kPixelsAtOnce * length;
    float* dy = z + kPixelsAtOnce * length;
    float* block = dy + kPixelsAtOnce * dy_length;
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Gather(product.parts, product.pixels, first, pixels, x, length);
      Gather(dy_parts, product.pixels, first, pixels, dy, dy_length);
      Normalise(product, x, pixels, z, length);
      int64_t next = first + pixels;
      for (int64_t filter = 0; filter < filters; filter += kColumns) {
        for (int64_t channel = 0; channel < channels; channel += kRows, next++) {
          Fetch(product.parts, next, std::min(next + 1, end));
          Fetch(dy_parts, next, std::min(next + 1, end));
          Tile tile;
          Clear(tile);
          V::AddTransposedProduct(tile, z + channel, length, dy + filter, pixels, dy_length);
          float* place = dw + channel * row_length + filter;
#pragma GCC unroll 8
          for (int r = 0; r < kRows; r++, place += row_length) {
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; v++)
              V::Put(place + v * Lanes, V::Get(place + v * Lanes) + tile[r][v]);
          }
        }
      }
      for (int64_t channel = 0; channel < padded; channel += kColumns) {
        Vector sum[kVectors] = {}, product_sum[kVectors] = {};
        for (int64_t t = 0; t < pixels; t += kRows, next++) {
          Fetch(product.parts, next, std::min(next + 1, end));
          Fetch(dy_parts, next, std::min(next + 1, end));
          const int64_t count = std::min<int64_t>(kRows, pixels - t);
          const float* rows[kRows];
          Rows(dy + t * dy_length, dy_length, count, rows);
          Tile dz;
          Clear(dz);
          V::AddProduct(dz, rows, transposed + channel * filters, filters);
          for (int64_t r = 0; r < count; r++) {
            const int64_t place = (t + r) * length + channel;
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; v++) {
              const Vector rest = V::Get(z + place + v * Lanes) > 0 ? dz[r][v] : Vector{};
              if (keeps) V::Put(z + place + v * Lanes, rest);
              sum[v] += rest;
              product_sum[v] += rest * (V::Get(x + place + v * Lanes) - V::Get(mean + channel + v * Lanes));
            }
          }
        }
        for (int v = 0; v < kVectors; v++) {
          V::Put(block + channel + v * Lanes, sum[v]);
          V::Put(block + padded + channel + v * Lanes, product_sum[v]);
        }
      }
      if (keeps) Scatter(z, length, pixels, channels, product.dx + first * channels);
      for (int64_t i = 0; i < 2 * padded; i++) sums[i] += block[i];
    }
  }

  // Some pixels of dx = scale * dz + offset + slope * (x - mean) + others.
  LR_INLINE void InputGradient(const BackwardProduct& product, const float* offset, const float* slope,
                               int64_t begin, int64_t end) {
    const int64_t channels = product.channels, length = RowLength(channels);
    const std::vector<Part> dx_parts = {{product.dx, channels}};
    float* x = Scratch(2 * kPixelsAtOnce * length);
    float* dz = x + kPixelsAtOnce * length;
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Gather(product.parts, product.pixels, first, pixels, x, length);
      if (product.KeepsGradient()) {
        Gather(dx_parts, product.pixels, first, pixels, dz, length);
      } else {
        MultiplyBack(product, first, pixels, end, dz, length);
      }
      Change(product, offset, slope, dz, pixels, x, length);
      for (const Part& other : product.others) Add(other, first, pixels, channels, x, length);
      Scatter(x, length, pixels, channels, product.dx + first * channels);
    }
  }

  // dy w' of some pixels, while memory of the next ones is read, and of what will be added.
  LR_INLINE void MultiplyBack(const BackwardProduct& product, int64_t first, int64_t pixels, int64_t end,
                              float* dz, int64_t length) {
    const int64_t filters = product.filters, padded = Padded(product.channels);
    const int64_t panels = padded / kColumns, ahead = (kRows + panels - 1) / panels;
    const std::vector<Part> dy_parts = {{product.dy, filters}};
    const float* dy = product.dy + first * filters;
    int64_t next = first + pixels;
    for (int64_t channel = 0; channel < padded; channel += kColumns) {
      const float* panel = product.transposed + channel * filters;
      for (int64_t t = 0; t < pixels; t += kRows, next += ahead) {
        Fetch(product.parts, next, std::min(next + ahead, end));
        Fetch(dy_parts, next, std::min(next + ahead, end));
        Fetch(product.others, next - pixels, std::min(next - pixels + ahead, first + pixels));
        const int64_t count = std::min<int64_t>(kRows, pixels - t);
        const float* rows[kRows];
        Rows(dy + t * filters, filters, count, rows);
        Tile sums;
        Clear(sums);
        V::AddProduct(sums, rows, panel, filters);
        // Those behind the last one find places of their own.
#pragma GCC unroll 8
        for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 4
          for (int v = 0; v < kVectors; v++) V::Put(dz + (t + r) * length + channel + v * Lanes, sums[r][v]);
        }
      }
    }
  }

  // What becomes of x in rows, by dz, which counts where z isn't zero.
  LR_INLINE void Change(const BackwardProduct& product, const float* offset, const float* slope,
                        const float* dz, int64_t pixels, float* x, int64_t length) {
    const float *scale = product.scale, *shift = product.shift, *mean = product.mean;
    const int64_t padded = Padded(product.channels);
    for (int64_t pixel = 0; pixel < pixels; pixel++, x += length, dz += length) {
      for (int64_t c = 0; c < padded; c += Lanes) {
        const Vector value = V::Get(x + c), factor = V::Get(scale + c);
        const Vector gradient = value * factor + V::Get(shift + c) > 0 ? V::Get(dz + c) : Vector{};
        V::Put(x + c,
               gradient * factor + V::Get(offset + c) + V::Get(slope + c) * (value - V::Get(mean + c)));
      }
    }
  }

  // Adds the first channels of an image to rows.
  LR_INLINE void Add(const Part& other, int64_t first, int64_t pixels, int64_t channels, float* rows,
                     int64_t length) {
    const int64_t whole = channels / Lanes * Lanes;
    const float* addend = other.x + first * other.channels;
    for (int64_t pixel = 0; pixel < pixels; pixel++, addend += other.channels, rows += length) {
      for (int64_t c = 0; c < whole; c += Lanes) V::Put(rows + c, V::Get(rows + c) + V::Get(addend + c));
      for (int64_t c = whole; c < channels; c++) rows[c] += addend[c];
    }
  }

  // Copies rows to pixels.
  LR_INLINE void Scatter(const float* rows, int64_t length, int64_t pixels, int64_t channels, float* image) {
    const int64_t whole = channels / Lanes * Lanes;
    for (int64_t pixel = 0; pixel < pixels; pixel++, image += channels, rows += length) {
      for (int64_t c = 0; c < whole; c += Lanes) V::Put(image + c, V::Get(rows + c));
      for (int64_t c = whole; c < channels; c++) image[c] = rows[c];
    }
  }
};

}  // namespace label_relaxation
#endif
