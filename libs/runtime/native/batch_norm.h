#ifndef LABEL_RELAXATION_BATCH_NORM_H_
#define LABEL_RELAXATION_BATCH_NORM_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "vectors.h"

namespace label_relaxation {

// Images of so many pixels together, each of at least as many channels as a vector has lanes.
template <typename Element>
struct Images {
  int64_t pixels, channels;
  const Element* x;
};

// The sums that a batch-norm needs: for each channel two numbers.
struct ChannelSums {
  int64_t pixels = 0;
  std::vector<double> first, second;
  explicit ChannelSums(int64_t channels) : first(channels), second(channels) {}
};

// y = x * scale + shift, rectified or not; scale and shift have a number for each channel.
template <typename Element>
struct Normalisation : Images<Element> {
  const float *scale, *shift;
  bool rectify;
};

// dx = scale * dz + offset + slope * (x - mean), where dz is dy, without what the rectifier has left out.
template <typename Element>
struct NormalisationGradient : Normalisation<Element> {
  const Element* dy;
  const float* mean;
  const float *offset, *slope;
};

// What a channel's sums of dz and of dz * (x - mean) over all pixels make of its gradients.
struct ChannelGradient {
  float dgamma, dbeta;
  float offset, slope;  // of dx

  static ChannelGradient Of(double sum, double centred, int64_t pixels, float scale, float variance,
                            float epsilon) {
    const double precision = 1 / (static_cast<double>(variance) + epsilon);
    const double share = -scale / static_cast<double>(std::max<int64_t>(pixels, 1));
    return {static_cast<float>(centred * std::sqrt(precision)), static_cast<float>(sum),
            static_cast<float>(share * sum), static_cast<float>(share * centred * precision)};
  }
};

// Each function does some pixels. Vectors of channels start at every lane-th one; the last one may begin
// within the one before.
template <int Lanes, typename Element>
struct BatchNormCode : Vectors<Lanes> {
  using V = Vectors<Lanes>;
  using Images = label_relaxation::Images<Element>;
  using Normalisation = label_relaxation::Normalisation<Element>;
  using NormalisationGradient = label_relaxation::NormalisationGradient<Element>;
  using typename V::Vector;

  // So many pixels stay in the first cache, while the next ones are fetched.
  static int64_t PixelsAtOnce(int64_t channels) { return std::max<int64_t>(1, 2048 / channels); }

  // Means, and sums of squared differences from them (Chan, Golub and LeVeque, 1983).
  LR_INLINE void AddMoments(const Images& images, int64_t begin, int64_t end, ChannelSums* sums) {
    const int64_t channels = images.channels;
    std::vector<float> means(channels), squares(channels);
    for (int64_t first = begin; first < end; first += PixelsAtOnce(channels)) {
      const int64_t pixels = std::min(PixelsAtOnce(channels), end - first);
      const Element* x = images.x + first * channels;
      for (int64_t place = 0; place < channels; place += Lanes) {
        const int64_t c = std::min(place, channels - Lanes);
        Vector sum = {};
        for (int64_t pixel = 0; pixel < pixels; pixel++) {
          __builtin_prefetch(x + (pixel + pixels) * channels + c);
          sum += V::Get(x + pixel * channels + c);
        }
        const Vector mean = sum / static_cast<float>(pixels);
        Vector square = {};
        for (int64_t pixel = 0; pixel < pixels; pixel++) {
          const Vector difference = V::Get(x + pixel * channels + c) - mean;
          square += difference * difference;
        }
        V::Put(means.data() + c, mean);
        V::Put(squares.data() + c, square);
      }
      Merge(means.data(), squares.data(), pixels, sums);
    }
  }

  LR_INLINE void Merge(const float* means, const float* squares, int64_t pixels, ChannelSums* sums) {
    const double share = static_cast<double>(pixels) / static_cast<double>(sums->pixels + pixels);
    const double weight = share * static_cast<double>(sums->pixels);
    double* first = sums->first.data();
    double* second = sums->second.data();
    const int64_t channels = sums->first.size();
    for (int64_t c = 0; c < channels; c++) {
      const double difference = means[c] - first[c];
      first[c] += difference * share;
      second[c] += squares[c] + difference * difference * weight;
    }
    sums->pixels += pixels;
  }

  LR_INLINE Vector Normalised(const Normalisation& layer, Vector x, int64_t c) {
    return x * V::Get(layer.scale + c) + V::Get(layer.shift + c);
  }

  LR_INLINE void Normalise(const Normalisation& layer, int64_t begin, int64_t end, Element* y) {
    const int64_t channels = layer.channels;
    for (int64_t pixel = begin; pixel < end; pixel++) {
      for (int64_t place = 0; place < channels; place += Lanes) {
        const int64_t c = std::min(place, channels - Lanes), at = pixel * channels + c;
        Vector value = Normalised(layer, V::Get(layer.x + at), c);
        if (layer.rectify) value = value < 0 ? Vector{} : value;
        V::Put(y + at, value);
      }
    }
  }

  LR_INLINE Vector Passed(const NormalisationGradient& layer, Vector x, int64_t at, int64_t c) {
    const Vector dy = V::Get(layer.dy + at);
    if (!layer.rectify) return dy;
    return Normalised(layer, x, c) > 0 ? dy : Vector{};
  }

  // Sums of dz, and of dz * (x - mean).
  LR_INLINE void AddGradients(const NormalisationGradient& layer, int64_t begin, int64_t end,
                              ChannelSums* sums) {
    const int64_t channels = layer.channels;
    std::vector<float> gradients(channels), centred(channels);
    for (int64_t first = begin; first < end; first += PixelsAtOnce(channels)) {
      const int64_t pixels = std::min(PixelsAtOnce(channels), end - first);
      for (int64_t place = 0; place < channels; place += Lanes) {
        const int64_t c = std::min(place, channels - Lanes);
        const Vector mean = V::Get(layer.mean + c);
        Vector sum = {}, product = {};
        for (int64_t pixel = first; pixel < first + pixels; pixel++) {
          const int64_t at = pixel * channels + c;
          __builtin_prefetch(layer.x + at + pixels * channels);
          __builtin_prefetch(layer.dy + at + pixels * channels);
          const Vector x = V::Get(layer.x + at);
          const Vector dz = Passed(layer, x, at, c);
          sum += dz;
          product += dz * (x - mean);
        }
        V::Put(gradients.data() + c, sum);
        V::Put(centred.data() + c, product);
      }
      for (int64_t c = 0; c < channels; c++) {
        sums->first[c] += gradients[c];
        sums->second[c] += centred[c];
      }
    }
  }

  LR_INLINE void InputGradient(const NormalisationGradient& layer, int64_t begin, int64_t end, Element* dx) {
    const int64_t channels = layer.channels;
    for (int64_t pixel = begin; pixel < end; pixel++) {
      for (int64_t place = 0; place < channels; place += Lanes) {
        const int64_t c = std::min(place, channels - Lanes), at = pixel * channels + c;
        const Vector x = V::Get(layer.x + at);
        V::Put(dx + at, Passed(layer, x, at, c) * V::Get(layer.scale + c) + V::Get(layer.offset + c) +
                            V::Get(layer.slope + c) * (x - V::Get(layer.mean + c)));
      }
    }
  }
};

}  // namespace label_relaxation
#endif
