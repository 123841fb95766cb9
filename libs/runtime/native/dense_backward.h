#ifndef LABEL_RELAXATION_DENSE_BACKWARD_H_
#define LABEL_RELAXATION_DENSE_BACKWARD_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "panels.h"
#include "vectors.h"

namespace label_relaxation {

// The backward pass of one dense layer, y = x w, with the momentum update of its weights. All matrices are
// row-major.
struct DenseBackward {
  int64_t batch, inputs, outputs;
  const float* x;           // batch * inputs
  const float* panels;      // dy, as Pack() lays it out
  const float* transposed;  // dy, as Transpose() lays it out; null where dx isn't wanted
  float* w;                 // inputs * row_length, of which the first `outputs` columns count
  float* velocity;          // as w
  int64_t row_length;       // at least `outputs`
  float* dx;                // batch * inputs, or null where it isn't wanted
  float learning_rate, momentum;
  bool nesterov;
};

// The code for vectors of `Lanes` floats. Everything is inlined into one function for each instruction set.
template <int Lanes>
struct DenseBackwardCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using typename V::Tile;
  using typename V::Vector;
  using V::kColumns;

  // dx for some rows of w.
  LR_INLINE void InputGradient(const DenseBackward& layer, int64_t first_row, int rows, float* const* w) {
    const float* dy = layer.transposed;
    for (int64_t first = 0; first < layer.batch; first += kColumns) {
      Tile sums = {};
      V::AddProduct(sums, w, dy, layer.outputs);
      dy += layer.outputs * kColumns;
      float dx[kRows][kColumns];
      std::memcpy(dx, sums, sizeof dx);
      for (int64_t example = first; example < layer.batch && example < first + kColumns; example++) {
        float* place = layer.dx + example * layer.inputs + first_row;
        for (int r = 0; r < rows; r++) place[r] = dx[r][example - first];
      }
    }
  }

  // One tile of the weights' gradient, and their update by it.
  LR_INLINE void Update(const DenseBackward& layer, const float* x, const float* dy, float* const* w,
                        float* const* velocity) {
    for (int r = 0; r < kRows; r++) {
      for (int column = 0; column < kColumns; column += 16) {
        __builtin_prefetch(w[r] + column, 1);
        __builtin_prefetch(velocity[r] + column, 1);
      }
    }
    Tile sums = {};
    V::AddTransposedProduct(sums, x, kRows, dy, layer.batch);
    const float momentum = layer.momentum;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++) {
        float* place = w[r] + v * Lanes;
        float* velocity_place = velocity[r] + v * Lanes;
        const Vector step = sums[r][v] * layer.learning_rate;
        const Vector next = V::Get(velocity_place) * momentum - step;
        V::Put(velocity_place, next);
        V::Put(place, V::Get(place) + (layer.nesterov ? next * momentum - step : next));
      }
    }
  }

  // The rows of w from `begin` to `end`.
  LR_INLINE void Run(const DenseBackward& layer, int64_t begin, int64_t end) {
    const int64_t panel_size = layer.batch * kColumns;
    const int64_t whole = layer.outputs / kColumns;
    const int64_t rest = layer.outputs - whole * kColumns;
    std::vector<float> x(layer.batch * kRows);
    // Stands for rows behind the last one.
    std::vector<float> nothing(2 * layer.row_length);
    for (int64_t first = begin; first < end; first += kRows) {
      const int rows = static_cast<int>(end - first < kRows ? end - first : kRows);
      float* w[kRows];
      float* velocity[kRows];
      for (int r = 0; r < kRows; r++) {
        w[r] = r < rows ? layer.w + (first + r) * layer.row_length : nothing.data();
        velocity[r] =
            r < rows ? layer.velocity + (first + r) * layer.row_length : nothing.data() + layer.row_length;
      }
      for (int64_t example = 0; example < layer.batch; example++) {
        const float* row = layer.x + example * layer.inputs + first;
        for (int r = 0; r < kRows; r++) x[example * kRows + r] = r < rows ? row[r] : 0;
      }
      float last_w[kRows][kColumns] = {}, last_velocity[kRows][kColumns] = {};
      for (int r = 0; r < kRows; r++) {
        std::memcpy(last_w[r], w[r] + whole * kColumns, rest * sizeof(float));
        std::memcpy(last_velocity[r], velocity[r] + whole * kColumns, rest * sizeof(float));
      }

      if (layer.dx != nullptr) InputGradient(layer, first, rows, w);
      for (int64_t panel = 0; panel < whole; panel++) {
        Update(layer, x.data(), layer.panels + panel * panel_size, w, velocity);
        for (int r = 0; r < kRows; r++) {
          w[r] += kColumns;
          velocity[r] += kColumns;
        }
      }
      if (rest == 0) continue;
      float* last_rows[kRows];
      float* last_velocity_rows[kRows];
      for (int r = 0; r < kRows; r++) {
        last_rows[r] = last_w[r];
        last_velocity_rows[r] = last_velocity[r];
      }
      Update(layer, x.data(), layer.panels + whole * panel_size, last_rows, last_velocity_rows);
      for (int r = 0; r < rows; r++) {
        std::memcpy(w[r], last_w[r], rest * sizeof(float));
        std::memcpy(velocity[r], last_velocity[r], rest * sizeof(float));
      }
    }
  }
};

}  // namespace label_relaxation
#endif
