#ifndef LABEL_RELAXATION_WINOGRAD_H_
#define LABEL_RELAXATION_WINOGRAD_H_

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "batch_norm.h"
#include "panels.h"
#include "vectors.h"

namespace label_relaxation {

// Convolutions of 3x3 with stride 1 and zeros around the image, by Winograd's minimal filtering F(2x2, 3x3)
// (Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.1): each tile of
// 2x2 pixels takes 16 multiplications for each pair of channels in place of 36. Images are NHWC, filters [3,
// 3, channels, filters].
struct Convolution {
  int64_t images, height, width, channels, filters;

  int64_t TilesAcross() const { return (width + 1) / 2; }
  int64_t TilesDown() const { return (height + 1) / 2; }
  int64_t Tiles() const { return images * TilesDown() * TilesAcross(); }

  // The floats of all rows that some tiles, one after the other, read of the images.
  int64_t RowsOf(int64_t tiles) const {
    const int64_t across = std::max<int64_t>(TilesAcross(), 1),
                  rows_of_tiles = (tiles + across - 2) / across + 1;
    return (2 * rows_of_tiles + 2) * width * channels;
  }
};

constexpr int kComponents = 16;

// So many tiles are transformed and multiplied before the next: their components stay in the cache.
constexpr int64_t kTilesAtOnce = 48;
constexpr int64_t kGradientTilesAtOnce = 96;

// Components of tiles lie apart so that they don't share the same few lines of the cache.
constexpr int64_t kPlaneGap = 48;

// The code for vectors of `Lanes` floats. Numbers of channels and of filters are multiples of kColumns, or
// less than that and at least `Lanes`: then the last vector begins earlier than the one before ends, and
// panels have columns that nobody asks for.
template <int Lanes>
struct WinogradCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using typename V::Vector;
  using V::kColumns;

  static bool Takes(int64_t count) { return count % kColumns == 0 || (count >= Lanes && count < kColumns); }
  static int64_t Padded(int64_t count) { return RoundUp(count, kColumns); }

  // The floats of u and du for a filter's components.
  static int64_t Plane(const Convolution& shape) { return shape.channels * Padded(shape.filters); }

  // G g G' of filters g.
  LR_INLINE void TransformFilter(const Vector (&g)[3][3], Vector (&u)[kComponents]) {
    Vector rows[4][3];
    for (int b = 0; b < 3; b++) {
      const Vector even = (g[0][b] + g[2][b]) * 0.5f, odd = g[1][b] * 0.5f;
      rows[0][b] = g[0][b];
      rows[1][b] = even + odd;
      rows[2][b] = even - odd;
      rows[3][b] = g[2][b];
    }
    for (int a = 0; a < 4; a++) {
      const Vector even = (rows[a][0] + rows[a][2]) * 0.5f, odd = rows[a][1] * 0.5f;
      u[4 * a] = rows[a][0];
      u[4 * a + 1] = even + odd;
      u[4 * a + 2] = even - odd;
      u[4 * a + 3] = rows[a][2];
    }
  }

  // The components of filters w for Convolve, [16, panels of filters, channels, kColumns], from channel
  // `begin` to `end`.
  LR_INLINE void TransformFilters(const Convolution& shape, const float* w, int64_t begin, int64_t end,
                                  float* u) {
    const int64_t channels = shape.channels, filters = shape.filters, plane = Plane(shape);
    for (int64_t channel = begin; channel < end; channel++) {
      for (int64_t next = 0; next < filters; next += Lanes) {
        const int64_t filter = std::min(next, filters - Lanes);
        Vector g[3][3], components[kComponents];
        for (int i = 0; i < 9; i++) g[i / 3][i % 3] = V::Get(w + (i * channels + channel) * filters + filter);
        TransformFilter(g, components);
        float* place = u + (filter / kColumns * channels + channel) * kColumns + filter % kColumns;
        for (int c = 0; c < kComponents; c++) V::Put(place + c * plane, components[c]);
      }
      if (filters > kColumns) continue;
      for (int c = 0; c < kComponents; c++) {
        float* row = u + c * plane + channel * kColumns;
        std::fill(row + filters, row + kColumns, 0.0f);
      }
    }
  }

  // The same for the gradient by the images of `shape`, whose filters w, of shape.filters channels, are
  // turned around: [16, panels of filters, channels, kColumns], of one panel.
  LR_INLINE void TransformTurnedFilters(const Convolution& shape, const float* w, int64_t panel, float* u) {
    const int64_t channels = shape.channels, plane = Plane(shape), first = panel * kColumns;
    const int64_t filters = std::min<int64_t>(kColumns, shape.filters - first);
    u += first * channels;
    for (int64_t next = 0; next < channels; next += Lanes) {
      const int64_t channel = std::min(next, channels - Lanes);
      float parts[kComponents][kColumns][Lanes] = {};
      for (int64_t filter = 0; filter < filters; filter++) {
        Vector g[3][3], components[kComponents];
        for (int i = 0; i < 9; i++) {
          g[i / 3][i % 3] = V::Get(w + ((8 - i) * shape.filters + first + filter) * channels + channel);
        }
        TransformFilter(g, components);
        for (int c = 0; c < kComponents; c++) V::Put(parts[c][filter], components[c]);
      }
      for (int c = 0; c < kComponents; c++) {
        for (int lane = 0; lane < Lanes; lane++) {
          float* row = u + c * plane + (channel + lane) * kColumns;
          for (int filter = 0; filter < kColumns; filter++) row[filter] = parts[c][filter][lane];
        }
      }
    }
  }

  // Where a tile is: its image, and the row and column of its first pixel.
  struct Place {
    LR_INLINE Place Of(const Convolution& shape, int64_t tile) {
      const int64_t across = shape.TilesAcross(), down = shape.TilesDown();
      return {tile / across / down, tile / across % down * 2, tile % across * 2};
    }
    int64_t image, row, column;
  };

  // The channels of a pixel, so far from a tile's first one, of images of so many channels; zeros outside.
  LR_INLINE const float* Pixel(const Convolution& shape, const float* images, int64_t channels,
                               const Place& place, int down, int right, const float* zeros) {
    const int64_t row = place.row + down, column = place.column + right;
    const bool inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
    return inside ? images + ((place.image * shape.height + row) * shape.width + column) * channels : zeros;
  }

  // Where some tiles find the images: x as it is where it has no scale; otherwise the pixels that these tiles
  // read are normalised into `rows`, and the first of all images would begin at the place that is given back.
  LR_INLINE const float* Read(const Convolution& shape, const Normalisation& x, int64_t first, int64_t tiles,
                              float* rows) {
    if (x.scale == nullptr) return x.x;
    const Place from = Place::Of(shape, first), to = Place::Of(shape, first + tiles - 1);
    const int64_t first_row = from.image * shape.height + from.row,
                  last_row = to.image * shape.height + to.row;
    const int64_t begin = std::max<int64_t>(first_row - 1, 0);
    const int64_t end = std::min(last_row + 3, shape.images * shape.height);
    // Few tiles of a wide image read a part of its rows.
    const bool is_part = first_row == last_row;
    const int64_t left = is_part ? std::max<int64_t>(from.column - 1, 0) : 0;
    const int64_t right = is_part ? std::min(to.column + 3, shape.width) : shape.width;
    float* images = rows - begin * shape.width * shape.channels;
    for (int64_t row = begin; row < end; row++) {
      BatchNormCode<Lanes>::Normalise(x, row * shape.width + left, row * shape.width + right, images);
    }
    return images;
  }

  // B' d B of the 4x4 pixels around a tile: its component c at v + c * plane.
  LR_INLINE void TransformInput(const Convolution& shape, const float* x, const float* zeros, int64_t tile,
                                float* v, int64_t plane) {
    const Place place = Place::Of(shape, tile);
    const float* pixels[4][4];
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        pixels[a][b] = Pixel(shape, x, shape.channels, place, a - 1, b - 1, zeros);
      }
    }
    for (int64_t next = 0; next < shape.channels; next += Lanes) {
      const int64_t channel = std::min(next, shape.channels - Lanes);
      Vector rows[4][4];
#pragma GCC unroll 4
      for (int b = 0; b < 4; b++) {
        const Vector d0 = V::Get(pixels[0][b] + channel), d1 = V::Get(pixels[1][b] + channel);
        const Vector d2 = V::Get(pixels[2][b] + channel), d3 = V::Get(pixels[3][b] + channel);
        rows[0][b] = d0 - d2;
        rows[1][b] = d1 + d2;
        rows[2][b] = d2 - d1;
        rows[3][b] = d1 - d3;
      }
#pragma GCC unroll 4
      for (int a = 0; a < 4; a++) {
        float* row = v + channel + 4 * a * plane;
        V::Put(row, rows[a][0] - rows[a][2]);
        V::Put(row + plane, rows[a][1] + rows[a][2]);
        V::Put(row + 2 * plane, rows[a][2] - rows[a][1]);
        V::Put(row + 3 * plane, rows[a][1] - rows[a][3]);
      }
    }
  }

  // A' m A: the 2x2 pixels of a tile from its components.
  LR_INLINE void TransformOutput(const Convolution& shape, const float* m, int64_t plane, int64_t tile,
                                 float* y) {
    const Place place = Place::Of(shape, tile);
    const int64_t filters = shape.filters, row_length = shape.width * filters;
    const bool right = place.column + 1 < shape.width, below = place.row + 1 < shape.height;
    y += (place.image * shape.height + place.row) * row_length + place.column * filters;
    for (int64_t next = 0; next < filters; next += Lanes) {
      const int64_t filter = std::min(next, filters - Lanes);
      const float* component = m + filter;
      float* pixel = y + filter;
      Vector rows[2][4];
#pragma GCC unroll 4
      for (int b = 0; b < 4; b++) {
        const Vector m1 = V::Get(component + (4 + b) * plane), m2 = V::Get(component + (8 + b) * plane);
        rows[0][b] = V::Get(component + b * plane) + m1 + m2;
        rows[1][b] = m1 - m2 - V::Get(component + (12 + b) * plane);
      }
      for (int a = 0; a < (below ? 2 : 1); a++) {
        V::Put(pixel + a * row_length, rows[a][0] + rows[a][1] + rows[a][2]);
        if (right) V::Put(pixel + a * row_length + filters, rows[a][1] - rows[a][2] - rows[a][3]);
      }
    }
  }

  // A dy A' of a tile's 2x2 pixels: its component c, of filters from `first` to `last`, in panels at d + c *
  // plane.
  LR_INLINE void TransformGradient(const Convolution& shape, const float* dy, const float* zeros,
                                   int64_t tile, int64_t first, int64_t last, float* d, int64_t plane,
                                   int64_t panel) {
    const Place place = Place::Of(shape, tile);
    const float* pixels[2][2];
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 2; b++) {
        pixels[a][b] = Pixel(shape, dy, shape.filters, place, a, b, zeros);
      }
    }
    for (int64_t next = first; next < last; next += Lanes) {
      const int64_t filter = std::min(next, last - Lanes);
      Vector rows[4][2];
      for (int b = 0; b < 2; b++) {
        const Vector g0 = V::Get(pixels[0][b] + filter), g1 = V::Get(pixels[1][b] + filter);
        rows[0][b] = g0;
        rows[1][b] = g0 + g1;
        rows[2][b] = g0 - g1;
        rows[3][b] = -g1;
      }
      float* component = d + (filter - first) / kColumns * panel + filter % kColumns;
#pragma GCC unroll 4
      for (int a = 0; a < 4; a++, component += 4 * plane) {
        V::Put(component, rows[a][0]);
        V::Put(component + plane, rows[a][0] + rows[a][1]);
        V::Put(component + 2 * plane, rows[a][0] - rows[a][1]);
        V::Put(component + 3 * plane, -rows[a][1]);
      }
    }
  }

  // The tiles of y = x * w from `begin` to `end`, with w's components u.
  LR_INLINE void Convolve(const Convolution& shape, const Normalisation& x, const float* u, float* y,
                          int64_t begin, int64_t end) {
    const int64_t channels = shape.channels, filters = Padded(shape.filters);
    const int64_t plane = kTilesAtOnce * channels + kPlaneGap, out_plane = kTilesAtOnce * filters + kPlaneGap;
    float* v = Scratch(kComponents * (plane + out_plane) + channels + shape.RowsOf(kTilesAtOnce));
    float* m = v + kComponents * plane;
    float* zeros = m + kComponents * out_plane;
    float* rows_of_x = zeros + channels;
    std::fill(zeros, zeros + channels, 0.0f);
    for (int64_t first = begin; first < end; first += kTilesAtOnce) {
      const int64_t tiles = std::min(kTilesAtOnce, end - first);
      const float* images = Read(shape, x, first, tiles, rows_of_x);
      for (int64_t t = 0; t < tiles; t++)
        TransformInput(shape, images, zeros, first + t, v + t * channels, plane);
      const float* panel = u;
      for (int c = 0; c < kComponents; c++) {
        for (int64_t filter = 0; filter < filters; filter += kColumns, panel += channels * kColumns) {
          const float* left = v + c * plane;
          float* place = m + c * out_plane + filter;
          if (shape.filters > Lanes)
            MultiplyPanel<kRows, kVectors>(left, channels, panel, tiles, place, filters);
          else
            MultiplyPanel<kNarrowRows, 1>(left, channels, panel, tiles, place, filters);
        }
      }
      for (int64_t t = 0; t < tiles; t++) TransformOutput(shape, m + t * filters, out_plane, first + t, y);
    }
  }

  // A component of some tiles, of one panel of filters: a product of rows of channels.
  template <int Height, int Count>
  LR_INLINE void MultiplyPanel(const float* v, int64_t channels, const float* panel, int64_t tiles, float* m,
                               int64_t row_length) {
    for (int64_t t = 0; t < tiles; t += Height) {
      const float* rows[Height];
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
  LR_INLINE void GradientComponents(const Convolution& shape, const Normalisation& x, const float* dy,
                                    int64_t begin, int64_t end, int64_t first_filter, int64_t last_filter,
                                    float* du) {
    const int64_t channels = shape.channels, row_length = Padded(shape.filters);
    const int64_t plane = kGradientTilesAtOnce * channels + kPlaneGap;
    const int64_t out_plane = kGradientTilesAtOnce * Padded(last_filter - first_filter) + kPlaneGap;
    const int64_t panel = kGradientTilesAtOnce * kColumns;
    const int64_t longest = std::max(channels, shape.filters);
    float* v = Scratch(kComponents * (plane + out_plane) + longest + shape.RowsOf(kGradientTilesAtOnce));
    float* d = v + kComponents * plane;
    float* zeros = d + kComponents * out_plane;
    float* rows_of_x = zeros + longest;
    std::fill(zeros, zeros + longest, 0.0f);
    if (shape.filters < kColumns) std::fill(d, d + kComponents * out_plane, 0.0f);
    for (int64_t row = 0; row < kComponents * channels; row++) {
      std::fill(du + row * row_length + first_filter, du + row * row_length + Padded(last_filter), 0.0f);
    }
    for (int64_t first = begin; first < end; first += kGradientTilesAtOnce) {
      const int64_t tiles = std::min(kGradientTilesAtOnce, end - first);
      const float* images = Read(shape, x, first, tiles, rows_of_x);
      for (int64_t t = 0; t < tiles; t++) {
        TransformInput(shape, images, zeros, first + t, v + t * channels, plane);
        TransformGradient(shape, dy, zeros, first + t, first_filter, last_filter, d + t * kColumns, out_plane,
                          panel);
      }
      for (int c = 0; c < kComponents; c++) {
        for (int64_t filter = first_filter; filter < last_filter; filter += kColumns) {
          const float* right = d + c * out_plane + (filter - first_filter) / kColumns * panel;
          const float* left = v + c * plane;
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
  LR_INLINE void AddPanelGradient(const float* v, int64_t channels, const float* panel, int64_t tiles,
                                  float* du, int64_t row_length) {
    for (int64_t row = 0; row < channels; row += Height) {
      // The last tile takes some channels again, and adds only the others.
      const int64_t channel = std::min(row, channels - Height);
      Vector sums[Height][Count] = {};
      V::AddTransposedProduct(sums, v + channel, channels, panel, tiles);
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
    const int64_t filters = shape.filters, plane = Plane(shape), plane_of_w = shape.channels * filters;
    for (int64_t channel = begin; channel < end; channel++) {
      for (int64_t next = 0; next < filters; next += Lanes) {
        const int64_t filter = std::min(next, filters - Lanes);
        const float* component = du + channel * Padded(filters) + filter;
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
