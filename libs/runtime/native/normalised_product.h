#ifndef LABEL_RELAXATION_NORMALISED_PRODUCT_H_
#define LABEL_RELAXATION_NORMALISED_PRODUCT_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "packed_pixels.h"

namespace label_relaxation {

// A convolution of 1x1 with stride 1 is a product of matrices with a row for each pixel. This one's left
// factor is z, the parts of x side by side, normalised and rectified: max(0, x * scale + shift). z never is
// in memory, but for the pixels at work.
template <typename Element>
struct NormalisedProduct {
  int64_t pixels, channels, filters;
  std::vector<Part<Element>> parts;  // x
  // For each channel a number, and zeros behind.
  const float *scale, *shift;
};

// y = z * w + bias + others.
template <typename Element>
struct ForwardProduct : NormalisedProduct<Element> {
  const Element* panels;  // w, as Pack() lays it out
  const float* bias;      // for each filter a number, and zeros behind
  std::vector<Part<Element>> others;
  Element* y;  // pixels * filters
};

// The gradient by w and, by way of dz = dy w' where z isn't zero, those of a batch-norm in training before
// it: dx = scale * (dz - mean(dz) - xhat * mean(dz * xhat)) + others.
template <typename Element>
struct BackwardProduct : NormalisedProduct<Element> {
  const float* mean;          // as scale
  const Element* dy;          // pixels * filters
  const Element* transposed;  // w, as Transpose() lays it out
  // The first channels of images with at least as many.
  std::vector<Part<Element>> others;
  Element* dx;  // pixels * channels

  // Whether dz is kept in dx from the one pass over x to the other: with few filters it is made again in less
  // time than memory takes.
  bool KeepsGradient() const { return this->filters > 64; }
};

// The code for vectors of `Lanes` floats, and images of float or of bfloat16; of the latter, channels and
// filters are even.
template <int Lanes, typename Element>
struct NormalisedProductCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using Pixels = PackedPixels<Lanes, Element>;
  using Part = label_relaxation::Part<Element>;
  using NormalisedProduct = label_relaxation::NormalisedProduct<Element>;
  using ForwardProduct = label_relaxation::ForwardProduct<Element>;
  using BackwardProduct = label_relaxation::BackwardProduct<Element>;
  using typename V::Vector;
  using V::kColumns;

  template <int Rows, int Count>
  LR_INLINE void Clear(Vector (&sums)[Rows][Count]) {
#pragma GCC unroll 8
    for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 4
      for (int v = 0; v < Count; v++) sums[r][v] = Vector{};
    }
  }

  // So many more pixels of x and dy.
  LR_INLINE void FetchNext(const BackwardProduct& product, int64_t count, int64_t end, int64_t* next) {
    const int64_t last = std::min(*next + count, end);
    Pixels::Fetch(product.parts, *next, last);
    Pixels::Fetch({product.dy, product.filters}, *next, last);
    *next += count;
  }

  // z of gathered pixels.
  LR_INLINE void Normalise(const NormalisedProduct& product, const Element* x, int64_t pixels, Element* z,
                           int64_t length) {
    const float *scale = product.scale, *shift = product.shift;
    const int64_t padded = Pixels::Padded(product.channels);
    for (int64_t pixel = 0; pixel < pixels; pixel++, x += length, z += length) {
      for (int64_t c = 0; c < padded; c += Lanes) {
        const Vector value = V::Get(x + c) * V::Get(scale + c) + V::Get(shift + c);
        V::Put(z + c, value < 0 ? Vector{} : value);
      }
    }
  }

  // Some pixels of y.
  LR_INLINE void Multiply(const ForwardProduct& product, int64_t begin, int64_t end) {
    const int64_t channels = product.channels, filters = product.filters,
                  length = Pixels::RowLength(channels);
    Element* z = Pixels::Room(kPixelsAtOnce * length);
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Pixels::Gather(product.parts, product.pixels, first, pixels, z, length);
      Normalise(product, z, pixels, z, length);
      int64_t next = first + pixels;
      for (int64_t filter = 0; filter < filters; filter += kColumns) {
        if (filters - filter > Lanes)
          MultiplyPanel<kRows, kVectors>(product, z, first, pixels, filter, end, &next);
        else
          MultiplyPanel<kNarrowRows, 1>(product, z, first, pixels, filter, end, &next);
      }
    }
  }

  // Some filters of y for packed pixels, while memory of the next ones is read.
  template <int Height, int Count>
  LR_INLINE void MultiplyPanel(const ForwardProduct& product, const Element* z, int64_t first, int64_t pixels,
                               int64_t filter, int64_t end, int64_t* next) {
    const int64_t channels = product.channels, filters = product.filters,
                  length = Pixels::RowLength(channels);
    const int64_t columns = std::min<int64_t>(Count * Lanes, filters - filter);
    const int64_t ahead = Ahead(Tiles(kPixelsAtOnce, filters));
    const Element* panel = product.panels + filter * channels;
    for (int64_t t = 0; t < pixels; t += Height, *next += ahead) {
      Pixels::Fetch(product.parts, *next, std::min(*next + ahead, end));
      Pixels::Fetch(product.others, *next, std::min(*next + ahead, end));
      const int64_t count = std::min<int64_t>(Height, pixels - t);
      Vector sums[Height][Count];
#pragma GCC unroll 8
      for (int r = 0; r < Height; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) sums[r][v] = V::Get(product.bias + filter + v * Lanes);
      }
      Pixels::AddRows(sums, z + t * length, length, count, panel, channels);
      for (int64_t r = 0; r < count; r++) {
        const int64_t place = (first + t + r) * filters + filter;
        if (columns == Count * Lanes) {
#pragma GCC unroll 4
          for (int v = 0; v < Count; v++) {
            Vector sum = sums[r][v];
            for (const Part& other : product.others) sum += V::Get(other.x + place + v * Lanes);
            V::Put(product.y + place + v * Lanes, sum);
          }
        } else {
          float row[Count * Lanes];
          std::memcpy(row, sums[r], sizeof row);
          for (const Part& other : product.others) {
            for (int64_t column = 0; column < columns; column++) row[column] += other.x[place + column];
          }
          std::copy_n(row, columns, product.y + place);
        }
      }
    }
  }

  // So many of the next pixels are fetched at each of so many tiles, for all to be there in time.
  static int64_t Ahead(int64_t tiles) { return (kPixelsAtOnce + tiles - 1) / tiles; }

  // The tiles of a product of so many rows and columns, at least.
  static int64_t Tiles(int64_t rows, int64_t columns) {
    return std::max<int64_t>(1, rows / kNarrowRows) * (RoundUp(columns, kColumns) / kColumns);
  }

  // Adds to dw, [rounded-up channels, padded filters], and to the sums of dz, of dz * (x - mean) and of dy
  // what some pixels give.
  LR_INLINE void AddSums(const BackwardProduct& product, int64_t begin, int64_t end, float* dw,
                         double* sums) {
    const int64_t channels = product.channels, filters = product.filters, padded = Pixels::Padded(channels);
    const int64_t length = Pixels::RowLength(channels), dy_length = Pixels::RowLength(filters);
    const std::vector<Part> dy_parts = {{product.dy, filters}};
    const int64_t sums_length = 2 * padded + Pixels::Padded(filters);
    // Twice z and dy, in case that they are to be interleaved.
    Element* x = Pixels::Room(kPixelsAtOnce * (3 * length + 2 * dy_length), sums_length);
    Element *z = x + kPixelsAtOnce * length, *dy = z + kPixelsAtOnce * length;
    Element *room = dy + kPixelsAtOnce * dy_length, *dy_room = room + kPixelsAtOnce * length;
    float* block = reinterpret_cast<float*>(dy_room + kPixelsAtOnce * dy_length);
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Pixels::Gather(product.parts, product.pixels, first, pixels, x, length);
      Pixels::Gather(dy_parts, product.pixels, first, pixels, dy, dy_length);
      Normalise(product, x, pixels, z, length);
      const Element* left = Pixels::Interleaved(z, pixels, padded, length, room);
      const Element* right = Pixels::Interleaved(dy, pixels, Pixels::Padded(filters), dy_length, dy_room);
      int64_t next = first + pixels;
      for (int64_t filter = 0; filter < filters; filter += kColumns) {
        if (filters - filter > Lanes)
          AddFilterGradient<kRows, kVectors>(product, left, right, pixels, filter, dw, end, &next);
        else
          AddFilterGradient<kNarrowRows, 1>(product, left, right, pixels, filter, dw, end, &next);
      }
      for (int64_t channel = 0; channel < channels; channel += kColumns) {
        if (channels - channel > Lanes)
          SumChannels<kRows, kVectors>(product, x, z, dy, pixels, channel, block, end, &next);
        else
          SumChannels<kNarrowRows, 1>(product, x, z, dy, pixels, channel, block, end, &next);
      }
      if (product.KeepsGradient())
        Pixels::Scatter(z, length, pixels, channels, product.dx + first * channels);
      Pixels::SumPixels(dy, pixels, Pixels::Padded(filters), dy_length, block + 2 * padded);
      for (int64_t i = 0; i < sums_length; i++) sums[i] += block[i];
    }
  }

  static int64_t AheadOfSums(const BackwardProduct& product) {
    return Ahead(Tiles(product.channels, product.filters) + Tiles(kPixelsAtOnce, product.channels));
  }

  // Adds z' * dy of packed pixels to dw for some filters.
  template <int Height, int Count>
  LR_INLINE void AddFilterGradient(const BackwardProduct& product, const Element* z, const Element* dy,
                                   int64_t pixels, int64_t filter, float* dw, int64_t end, int64_t* next) {
    const int64_t length = Pixels::RowLength(product.channels),
                  dy_length = Pixels::RowLength(product.filters);
    const int64_t row_length = Pixels::Padded(product.filters), ahead = AheadOfSums(product);
    float* place = dw + filter;
    for (int64_t channel = 0; channel < product.channels; channel += Height) {
      FetchNext(product, ahead, end, next);
      Vector tile[Height][Count];
      Clear(tile);
      V::AddTransposedProduct(tile, z + channel * kDepth<Element>, length, dy + filter * kDepth<Element>,
                              pixels, dy_length);
#pragma GCC unroll 8
      for (int r = 0; r < Height; r++, place += row_length) {
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) V::Put(place + v * Lanes, V::Get(place + v * Lanes) + tile[r][v]);
      }
    }
  }

  // Sets the sums of dz and of dz * (x - mean) of packed pixels for some channels, and keeps dz in place of z
  // if it is wanted.
  template <int Height, int Count>
  LR_INLINE void SumChannels(const BackwardProduct& product, const Element* x, Element* z, const Element* dy,
                             int64_t pixels, int64_t channel, float* block, int64_t end, int64_t* next) {
    const int64_t filters = product.filters, padded = Pixels::Padded(product.channels);
    const int64_t length = Pixels::RowLength(product.channels), dy_length = Pixels::RowLength(filters);
    const float* mean = product.mean + channel;
    const bool keeps = product.KeepsGradient();
    const int64_t ahead = AheadOfSums(product);
    Vector sum[Count] = {}, product_sum[Count] = {};
    for (int64_t t = 0; t < pixels; t += Height) {
      FetchNext(product, ahead, end, next);
      const int64_t count = std::min<int64_t>(Height, pixels - t);
      Vector dz[Height][Count];
      Clear(dz);
      Pixels::AddRows(dz, dy + t * dy_length, dy_length, count, product.transposed + channel * filters,
                      filters);
      for (int64_t r = 0; r < count; r++) {
        const int64_t place = (t + r) * length + channel;
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) {
          const Vector rest = V::Get(z + place + v * Lanes) > 0 ? dz[r][v] : Vector{};
          if (keeps) V::Put(z + place + v * Lanes, rest);
          sum[v] += rest;
          product_sum[v] += rest * (V::Get(x + place + v * Lanes) - V::Get(mean + v * Lanes));
        }
      }
    }
#pragma GCC unroll 4
    for (int v = 0; v < Count; v++) {
      V::Put(block + channel + v * Lanes, sum[v]);
      V::Put(block + padded + channel + v * Lanes, product_sum[v]);
    }
  }

  // Some pixels of dx = scale * dz + offset + slope * (x - mean) + others.
  LR_INLINE void InputGradient(const BackwardProduct& product, const float* offset, const float* slope,
                               int64_t begin, int64_t end) {
    const int64_t channels = product.channels, length = Pixels::RowLength(channels);
    const std::vector<Part> dx_parts = {{product.dx, channels}};
    Element* x = Pixels::Room(2 * kPixelsAtOnce * length);
    Element* dz = x + kPixelsAtOnce * length;
    for (int64_t first = begin; first < end; first += kPixelsAtOnce) {
      const int64_t pixels = std::min(kPixelsAtOnce, end - first);
      Pixels::Gather(product.parts, product.pixels, first, pixels, x, length);
      if (product.KeepsGradient()) {
        Pixels::Gather(dx_parts, product.pixels, first, pixels, dz, length);
      } else {
        MultiplyBack(product, first, pixels, end, dz, length);
      }
      Change(product, offset, slope, dz, pixels, x, length);
      for (const Part& other : product.others) Pixels::Add(other, first, pixels, channels, x, length);
      Pixels::Scatter(x, length, pixels, channels, product.dx + first * channels);
    }
  }

  // dy w' of some pixels.
  LR_INLINE void MultiplyBack(const BackwardProduct& product, int64_t first, int64_t pixels, int64_t end,
                              Element* dz, int64_t length) {
    const int64_t channels = product.channels;
    int64_t next = first + pixels;
    for (int64_t channel = 0; channel < channels; channel += kColumns) {
      if (channels - channel > Lanes)
        MultiplyPanelBack<kRows, kVectors>(product, first, pixels, channel, dz + channel, length, end, &next);
      else
        MultiplyPanelBack<kNarrowRows, 1>(product, first, pixels, channel, dz + channel, length, end, &next);
    }
  }

  // The same for some channels, while memory of the next pixels is read, and of what will be added.
  template <int Height, int Count>
  LR_INLINE void MultiplyPanelBack(const BackwardProduct& product, int64_t first, int64_t pixels,
                                   int64_t channel, Element* dz, int64_t length, int64_t end, int64_t* next) {
    const int64_t filters = product.filters, ahead = Ahead(Tiles(kPixelsAtOnce, product.channels));
    const Element* dy = product.dy + first * filters;
    for (int64_t t = 0; t < pixels; t += Height) {
      Pixels::Fetch(product.others, *next - pixels, std::min(*next - pixels + ahead, first + pixels));
      FetchNext(product, ahead, end, next);
      const int64_t count = std::min<int64_t>(Height, pixels - t);
      Vector sums[Height][Count];
      Clear(sums);
      Pixels::AddRows(sums, dy + t * filters, filters, count, product.transposed + channel * filters,
                      filters);
      // Those behind the last one find places of their own.
#pragma GCC unroll 8
      for (int r = 0; r < Height; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < Count; v++) V::Put(dz + (t + r) * length + v * Lanes, sums[r][v]);
      }
    }
  }

  // What becomes of x in rows, by dz, which counts where z isn't zero.
  LR_INLINE void Change(const BackwardProduct& product, const float* offset, const float* slope,
                        const Element* dz, int64_t pixels, Element* x, int64_t length) {
    const float *scale = product.scale, *shift = product.shift, *mean = product.mean;
    const int64_t padded = Pixels::Padded(product.channels);
    for (int64_t pixel = 0; pixel < pixels; pixel++, x += length, dz += length) {
      for (int64_t c = 0; c < padded; c += Lanes) {
        const Vector value = V::Get(x + c), factor = V::Get(scale + c);
        const Vector gradient = value * factor + V::Get(shift + c) > 0 ? V::Get(dz + c) : Vector{};
        V::Put(x + c,
               gradient * factor + V::Get(offset + c) + V::Get(slope + c) * (value - V::Get(mean + c)));
      }
    }
  }
};

}  // namespace label_relaxation
#endif
