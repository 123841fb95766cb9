#ifndef LABEL_RELAXATION_WINOGRAD_H_
#define LABEL_RELAXATION_WINOGRAD_H_

#include <algorithm>
#include <cstdint>

#include "winograd_tiles.h"

namespace label_relaxation {

// So many tiles are transformed and multiplied before the next: their components stay in the cache.
constexpr int64_t kTilesAtOnce = 48;
constexpr int64_t kGradientTilesAtOnce = 96;

// Components of tiles lie apart so that they don't share the same few lines of the cache.
constexpr int64_t kPlaneGap = 48;

// A convolution and its gradients, by vectors of `Lanes` floats, of images of float or of bfloat16.
template <int Lanes, typename Element>
struct WinogradCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using Tiles = WinogradTiles<Lanes, Element>;
  using Images = Normalisation<Element>;
  using typename V::Vector;
  using V::kColumns;

  static constexpr int kStep = kDepth<Element>;

  // The tiles of y = x * w from `begin` to `end`, with w's components u.
  LR_INLINE void Convolve(const Convolution& shape, const Images& x, const Element* u, Element* y,
                          int64_t begin, int64_t end) {
    const int64_t channels = shape.channels, filters = Tiles::Padded(shape.filters);
    const int64_t plane = kTilesAtOnce * channels + kPlaneGap, out_plane = kTilesAtOnce * filters + kPlaneGap;
    float* m = Scratch(kComponents * out_plane +
                       FloatsFor<Element>(kComponents * plane + channels + shape.RowsOf(kTilesAtOnce)));
    Element* v = reinterpret_cast<Element*>(m + kComponents * out_plane);
    Element* zeros = v + kComponents * plane;
    Element* rows_of_x = zeros + channels;
    std::fill(zeros, zeros + channels, Element(0));
    for (int64_t first = begin; first < end; first += kTilesAtOnce) {
      const int64_t tiles = std::min(kTilesAtOnce, end - first);
      const Element* images = Tiles::Read(shape, x, first, tiles, rows_of_x);
      for (int64_t t = 0; t < tiles; t++)
        Tiles::template TransformInput<1>(shape, images, zeros, first + t, 1, v + t * channels, plane);
      const Element* panel = u;
      for (int c = 0; c < kComponents; c++) {
        for (int64_t filter = 0; filter < filters; filter += kColumns, panel += channels * kColumns) {
          const Element* left = v + c * plane;
          float* place = m + c * out_plane + filter;
          if (shape.filters > Lanes)
            MultiplyPanel<kRows, kVectors>(left, channels, panel, tiles, place, filters);
          else
            MultiplyPanel<kNarrowRows, 1>(left, channels, panel, tiles, place, filters);
        }
      }
      for (int64_t t = 0; t < tiles; t++)
        Tiles::TransformOutput(shape, m + t * filters, out_plane, first + t, y);
    }
  }

  // A component of some tiles, of one panel of filters: a product of rows of channels.
  template <int Height, int Count>
  LR_INLINE void MultiplyPanel(const Element* v, int64_t channels, const Element* panel, int64_t tiles,
                               float* m, int64_t row_length) {
    for (int64_t t = 0; t < tiles; t += Height) {
      const Element* rows[Height];
      for (int r = 0; r < Height; r++) rows[r] = v + std::min(t + r, tiles - 1) * channels;
      Vector sums[Height][Count] = {};
      V::AddProduct(sums, rows, panel, channels);
      for (int r = 0; r < Height && t + r < tiles; r++) {
        for (int i = 0; i < Count; i++) V::Put(m + (t + r) * row_length + i * Lanes, sums[r][i]);
      }
    }
  }

  // Sets the components du [16, channels, padded filters] of w's gradient to what some tiles add, for some
  // filters.
  LR_INLINE void GradientComponents(const Convolution& shape, const Images& x, const Element* dy,
                                    int64_t begin, int64_t end, int64_t first_filter, int64_t last_filter,
                                    float* du) {
    const int64_t channels = shape.channels, row_length = Tiles::Padded(shape.filters);
    const int64_t plane = kGradientTilesAtOnce * channels + kPlaneGap;
    const int64_t out_plane = kGradientTilesAtOnce * Tiles::Padded(last_filter - first_filter) + kPlaneGap;
    const int64_t panel = kGradientTilesAtOnce * kColumns;
    const int64_t longest = std::max(channels, shape.filters);
    auto* v = reinterpret_cast<Element*>(Scratch(FloatsFor<Element>(
        kComponents * (plane + out_plane) + longest + shape.RowsOf(kGradientTilesAtOnce))));
    Element* d = v + kComponents * plane;
    Element* zeros = d + kComponents * out_plane;
    Element* rows_of_x = zeros + longest;
    std::fill(zeros, zeros + longest, Element(0));
    if (shape.filters < kColumns) std::fill(d, d + kComponents * out_plane, Element(0));
    for (int64_t row = 0; row < kComponents * channels; row++) {
      std::fill(du + row * row_length + first_filter, du + row * row_length + Tiles::Padded(last_filter),
                0.0f);
    }
    for (int64_t first = begin; first < end; first += kGradientTilesAtOnce) {
      const int64_t tiles = std::min(kGradientTilesAtOnce, end - first);
      const Element* images = Tiles::Read(shape, x, first, tiles, rows_of_x);
      for (int64_t t = 0; t < tiles; t += kStep) {
        Tiles::template TransformInput<kStep>(shape, images, zeros, first + t, tiles - t, v + t * channels,
                                              plane);
        Tiles::TransformGradient(shape, dy, zeros, first + t, tiles - t, first_filter, last_filter,
                                 d + t * kColumns, out_plane, panel);
      }
      for (int c = 0; c < kComponents; c++) {
        for (int64_t filter = first_filter; filter < last_filter; filter += kColumns) {
          const Element* right = d + c * out_plane + (filter - first_filter) / kColumns * panel;
          const Element* left = v + c * plane;
          float* place = du + c * channels * row_length + filter;
          if (shape.filters > Lanes)
            AddPanelGradient<kRows, kVectors>(left, channels, right, tiles, place, row_length);
          else
            AddPanelGradient<kNarrowRows, 1>(left, channels, right, tiles, place, row_length);
        }
      }
    }
  }

  // Adds a component of some tiles, of one panel of filters, to du [channels, row length].
  template <int Height, int Count>
  LR_INLINE void AddPanelGradient(const Element* v, int64_t channels, const Element* panel, int64_t tiles,
                                  float* du, int64_t row_length) {
    for (int64_t row = 0; row < channels; row += Height) {
      // The last tile takes some channels again, and adds only the others.
      const int64_t channel = std::min(row, channels - Height);
      Vector sums[Height][Count] = {};
      V::AddTransposedProduct(sums, v + channel * kStep, channels, panel, tiles);
      float* place = du + channel * row_length;
#pragma GCC unroll 8
      for (int r = 0; r < Height; r++, place += row_length) {
        if (channel + r < row) continue;
#pragma GCC unroll 4
        for (int i = 0; i < Count; i++) V::Put(place + i * Lanes, V::Get(place + i * Lanes) + sums[r][i]);
      }
    }
  }

  // G' du G, the gradient by the filters, from channel `begin` to `end`. du comes in so many parts.
  LR_INLINE void FilterGradient(const Convolution& shape, const float* du, int64_t parts, int64_t begin,
                                int64_t end, float* dw) {
    const int64_t filters = shape.filters, plane = Tiles::Plane(shape), plane_of_w = shape.channels * filters;
    for (int64_t channel = begin; channel < end; channel++) {
      for (int64_t next = 0; next < filters; next += Lanes) {
        const int64_t filter = std::min(next, filters - Lanes);
        const float* component = du + channel * Tiles::Padded(filters) + filter;
        float* place = dw + channel * filters + filter;
        Vector rows[3][4];
        for (int b = 0; b < 4; b++) {
          Vector column[4] = {};
          for (int64_t part = 0; part < parts; part++) {
            for (int a = 0; a < 4; a++)
              column[a] += V::Get(component + (part * kComponents + 4 * a + b) * plane);
          }
          const Vector even = (column[1] + column[2]) * 0.5f;
          rows[0][b] = column[0] + even;
          rows[1][b] = (column[1] - column[2]) * 0.5f;
          rows[2][b] = even + column[3];
        }
        for (int a = 0; a < 3; a++, place += 3 * plane_of_w) {
          const Vector even = (rows[a][1] + rows[a][2]) * 0.5f;
          V::Put(place, rows[a][0] + even);
          V::Put(place + plane_of_w, (rows[a][1] - rows[a][2]) * 0.5f);
          V::Put(place + 2 * plane_of_w, even + rows[a][3]);
        }
      }
    }
  }
};

}  // namespace label_relaxation
#endif
