#ifndef LABEL_RELAXATION_WINOGRAD_TILES_H_
#define LABEL_RELAXATION_WINOGRAD_TILES_H_

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

// How filters, images and gradients become components and back, by vectors of `Lanes` floats. Numbers of
// channels and of filters are multiples of kColumns, or less than that and at least `Lanes`: then the last
// vector begins earlier than the one before ends, and panels have columns that nobody asks for. Images are of
// float or of bfloat16, and so are the components that are multiplied.
template <int Lanes, typename Element>
struct WinogradTiles : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using Images = Normalisation<Element>;
  using typename V::Vector;
  using V::kColumns;

  static constexpr int kStep = kDepth<Element>;

  static bool Takes(int64_t count) {
    return count % kColumns == 0 || (count >= Lanes && count < kColumns && count % kStep == 0);
  }
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

  // Where a component of a channel and a filter is among those of a panel, as AddProduct takes it.
  static int64_t InPanel(int64_t channel, int64_t filter) {
    return (channel / kStep * kColumns + filter) * kStep + channel % kStep;
  }

  // The components of filters w for Convolve, [16, panels of filters, channels, kColumns], from channel
  // `begin` to `end`, both even.
  LR_INLINE void TransformFilters(const Convolution& shape, const float* w, int64_t begin, int64_t end,
                                  Element* u) {
    const int64_t channels = shape.channels, filters = shape.filters, plane = Plane(shape);
    for (int64_t channel = begin; channel < end; channel += kStep) {
      for (int64_t next = 0; next < filters; next += Lanes) {
        const int64_t filter = std::min(next, filters - Lanes);
        Vector components[kStep][kComponents];
        for (int step = 0; step < kStep; step++) {
          Vector g[3][3];
          for (int i = 0; i < 9; i++)
            g[i / 3][i % 3] = V::Get(w + (i * channels + channel + step) * filters + filter);
          TransformFilter(g, components[step]);
        }
        Element* place = u + filter / kColumns * channels * kColumns + InPanel(channel, filter % kColumns);
        for (int c = 0; c < kComponents; c++) {
          Vector rows[kStep];
          for (int step = 0; step < kStep; step++) rows[step] = components[step][c];
          V::PutTogether(place + c * plane, rows);
        }
      }
      if (filters > kColumns) continue;
      for (int c = 0; c < kComponents; c++) {
        Element* row = u + c * plane + channel * kColumns;
        std::fill(row + filters * kStep, row + kColumns * kStep, Element(0));
      }
    }
  }

  // The same for the gradient by the images of `shape`, whose filters w, of shape.filters channels, are
  // turned around: [16, panels of filters, channels, kColumns], of one panel.
  LR_INLINE void TransformTurnedFilters(const Convolution& shape, const float* w, int64_t panel, Element* u) {
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
          for (int filter = 0; filter < kColumns; filter++)
            u[c * plane + InPanel(channel + lane, filter)] = parts[c][filter][lane];
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
  LR_INLINE const Element* Pixel(const Convolution& shape, const Element* images, int64_t channels,
                                 const Place& place, int down, int right, const Element* zeros) {
    const int64_t row = place.row + down, column = place.column + right;
    const bool inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
    return inside ? images + ((place.image * shape.height + row) * shape.width + column) * channels : zeros;
  }

  // Where some tiles find the images: x as it is where it has no scale; otherwise the pixels that these tiles
  // read are normalised into `rows`, and the first of all images would begin at the place that is given back.
  LR_INLINE const Element* Read(const Convolution& shape, const Images& x, int64_t first, int64_t tiles,
                                Element* rows) {
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
    Element* images = rows - begin * shape.width * shape.channels;
    for (int64_t row = begin; row < end; row++) {
      BatchNormCode<Lanes, Element>::Normalise(x, row * shape.width + left, row * shape.width + right,
                                               images);
    }
    return images;
  }

  // B' d B of the 4x4 pixels around kStep or fewer tiles, or around one: its component c at v + c * plane, of
  // several tiles side by side.
  template <int Count>
  LR_INLINE void TransformInput(const Convolution& shape, const Element* x, const Element* zeros,
                                int64_t tile, int64_t tiles, Element* v, int64_t plane) {
    const Element* pixels[Count][4][4];
    for (int t = 0; t < Count; t++) {
      const Place place = Place::Of(shape, tile + t);
      for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 4; b++) {
          pixels[t][a][b] = t < tiles ? Pixel(shape, x, shape.channels, place, a - 1, b - 1, zeros) : zeros;
        }
      }
    }
    for (int64_t next = 0; next < shape.channels; next += Lanes) {
      const int64_t channel = std::min(next, shape.channels - Lanes);
      Vector rows[4][4][Count];
#pragma GCC unroll 2
      for (int t = 0; t < Count; t++) {
#pragma GCC unroll 4
        for (int b = 0; b < 4; b++) {
          const Vector d0 = V::Get(pixels[t][0][b] + channel), d1 = V::Get(pixels[t][1][b] + channel);
          const Vector d2 = V::Get(pixels[t][2][b] + channel), d3 = V::Get(pixels[t][3][b] + channel);
          rows[0][b][t] = d0 - d2;
          rows[1][b][t] = d1 + d2;
          rows[2][b][t] = d2 - d1;
          rows[3][b][t] = d1 - d3;
        }
      }
#pragma GCC unroll 4
      for (int a = 0; a < 4; a++) {
        Vector components[4][Count];
#pragma GCC unroll 2
        for (int t = 0; t < Count; t++) {
          components[0][t] = rows[a][0][t] - rows[a][2][t];
          components[1][t] = rows[a][1][t] + rows[a][2][t];
          components[2][t] = rows[a][2][t] - rows[a][1][t];
          components[3][t] = rows[a][1][t] - rows[a][3][t];
        }
#pragma GCC unroll 4
        for (int b = 0; b < 4; b++) PutTiles(v + channel * Count + (4 * a + b) * plane, components[b]);
      }
    }
  }

  // Numbers of one tile, or of kStep tiles side by side.
  template <int Count>
  LR_INLINE void PutTiles(Element* place, const Vector (&numbers)[Count]) {
    if constexpr (Count == 1)
      V::Put(place, numbers[0]);
    else
      V::PutTogether(place, numbers);
  }

  // A' m A: the 2x2 pixels of a tile from its components.
  LR_INLINE void TransformOutput(const Convolution& shape, const float* m, int64_t plane, int64_t tile,
                                 Element* y) {
    const Place place = Place::Of(shape, tile);
    const int64_t filters = shape.filters, row_length = shape.width * filters;
    const bool right = place.column + 1 < shape.width, below = place.row + 1 < shape.height;
    y += (place.image * shape.height + place.row) * row_length + place.column * filters;
    for (int64_t next = 0; next < filters; next += Lanes) {
      const int64_t filter = std::min(next, filters - Lanes);
      const float* component = m + filter;
      Element* pixel = y + filter;
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

  // A dy A' of the 2x2 pixels of kStep or fewer tiles: its component c, of filters from `first` to `last`, in
  // panels at d + c * plane.
  LR_INLINE void TransformGradient(const Convolution& shape, const Element* dy, const Element* zeros,
                                   int64_t tile, int64_t tiles, int64_t first, int64_t last, Element* d,
                                   int64_t plane, int64_t panel) {
    const Element* pixels[kStep][2][2];
    for (int t = 0; t < kStep; t++) {
      const Place place = Place::Of(shape, tile + t);
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
          pixels[t][a][b] = t < tiles ? Pixel(shape, dy, shape.filters, place, a, b, zeros) : zeros;
        }
      }
    }
    for (int64_t next = first; next < last; next += Lanes) {
      const int64_t filter = std::min(next, last - Lanes);
      Vector rows[4][2][kStep];
#pragma GCC unroll 2
      for (int t = 0; t < kStep; t++) {
        for (int b = 0; b < 2; b++) {
          const Vector g0 = V::Get(pixels[t][0][b] + filter), g1 = V::Get(pixels[t][1][b] + filter);
          rows[0][b][t] = g0;
          rows[1][b][t] = g0 + g1;
          rows[2][b][t] = g0 - g1;
          rows[3][b][t] = -g1;
        }
      }
      Element* component = d + (filter - first) / kColumns * panel + filter % kColumns * kStep;
#pragma GCC unroll 4
      for (int a = 0; a < 4; a++, component += 4 * plane) {
        Vector components[4][kStep];
#pragma GCC unroll 2
        for (int t = 0; t < kStep; t++) {
          components[0][t] = rows[a][0][t];
          components[1][t] = rows[a][0][t] + rows[a][1][t];
          components[2][t] = rows[a][0][t] - rows[a][1][t];
          components[3][t] = -rows[a][1][t];
        }
#pragma GCC unroll 4
        for (int b = 0; b < 4; b++) V::PutTogether(component + b * plane, components[b]);
      }
    }
  }
};

}  // namespace label_relaxation
#endif
