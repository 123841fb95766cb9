#include "batch_norm.h"

#include <cmath>

#include "kernel.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace label_relaxation {
namespace {

using tensorflow::OpKernelContext;
using tensorflow::Tensor;

// The code for one instruction set.
struct Code {
  int lanes;
  void (*add_moments)(const Images&, int64_t, int64_t, ChannelSums*);
  void (*normalise)(const Normalisation&, int64_t, int64_t, float*);
  void (*add_gradients)(const NormalisationGradient&, int64_t, int64_t, ChannelSums*);
  void (*input_gradient)(const NormalisationGradient&, int64_t, int64_t, float*);
};

#define LR_CODE(Lanes, Target)                                                              \
  {                                                                                         \
      Lanes,                                                                                \
      [](const Images& images, int64_t begin, int64_t end, ChannelSums* sums)               \
          Target { BatchNormCode<Lanes>::AddMoments(images, begin, end, sums); },           \
      [](const Normalisation& layer, int64_t begin, int64_t end, float* y)                  \
          Target { BatchNormCode<Lanes>::Normalise(layer, begin, end, y); },                \
      [](const NormalisationGradient& layer, int64_t begin, int64_t end, ChannelSums* sums) \
          Target { BatchNormCode<Lanes>::AddGradients(layer, begin, end, sums); },          \
      [](const NormalisationGradient& layer, int64_t begin, int64_t end, float* dx)         \
          Target { BatchNormCode<Lanes>::InputGradient(layer, begin, end, dx); },           \
  }

const Code kAvx2 = LR_CODE(8, LR_AVX2);
const Code kAvx512 = LR_CODE(16, LR_AVX512);

class BatchNormKernel : public CodeKernel<Code> {
 public:
  explicit BatchNormKernel(tensorflow::OpKernelConstruction* construction)
      : CodeKernel(construction, kAvx2, kAvx512) {}

 protected:
  // Says what doesn't fit: images without channels enough, or vectors of another length.
  absl::Status Describe(const Tensor& x, const std::vector<Tensor>& vectors, Images* images) const {
    const int64_t channels = x.dims() == 0 ? 0 : x.dim_size(x.dims() - 1);
    if (channels < code().lanes)
      return absl::InvalidArgumentError(absl::StrCat("images ", x.shape().DebugString(),
                                                     " have to have at least ", code().lanes, " channels"));
    for (const Tensor& vector : vectors) {
      if (vector.dims() != 1 || vector.dim_size(0) != channels)
        return absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x.shape().DebugString(),
                                                       ", a vector ", vector.shape().DebugString()));
    }
    images->pixels = x.NumElements() / channels;
    images->channels = channels;
    images->x = Data(x);
    return absl::OkStatus();
  }

  // Sums of several parts, each for itself: the results don't depend on the number of threads.
  template <typename Add>
  static std::vector<ChannelSums> SumInParts(OpKernelContext* context, const Images& images, const Add& add) {
    const int64_t parts = std::clamp<int64_t>(images.pixels / kPixelsOfPart, 1, kMostParts);
    const int64_t size = (images.pixels + parts - 1) / parts;
    std::vector<ChannelSums> sums(parts, ChannelSums(images.channels));
    InParallel(context, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; part++)
        add(std::min(part * size, images.pixels), std::min((part + 1) * size, images.pixels), &sums[part]);
    });
    return sums;
  }

 private:
  // So many pixels at least have sums of their own, in so many parts at most.
  static constexpr int64_t kPixelsOfPart = 256, kMostParts = 64;
};

class ChannelStatisticsKernel : public BatchNormKernel {
 public:
  using BatchNormKernel::BatchNormKernel;

  void Compute(OpKernelContext* context) override {
    Images images;
    OP_REQUIRES_OK(context, Describe(context->input(0), {}, &images));
    Tensor *mean = nullptr, *variance = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, {images.channels}, &mean));
    OP_REQUIRES_OK(context, context->allocate_output(1, {images.channels}, &variance));
    const auto parts = SumInParts(context, images, [&](int64_t begin, int64_t end, ChannelSums* sums) {
      code().add_moments(images, begin, end, sums);
    });
    const double pixels = static_cast<double>(std::max<int64_t>(images.pixels, 1));
    for (int64_t c = 0; c < images.channels; c++) {
      double average = 0, squares = 0;
      for (const ChannelSums& part : parts) average += part.first[c] * part.pixels / pixels;
      for (const ChannelSums& part : parts)
        squares += part.second[c] + part.pixels * std::pow(part.first[c] - average, 2);
      mean->flat<float>()(c) = static_cast<float>(average);
      variance->flat<float>()(c) = static_cast<float>(squares / pixels);
    }
  }
};

class NormaliseKernel : public BatchNormKernel {
 public:
  explicit NormaliseKernel(tensorflow::OpKernelConstruction* construction) : BatchNormKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("rectify", &rectify_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor &x = context->input(0), &scale = context->input(1), &shift = context->input(2);
    Normalisation layer;
    OP_REQUIRES_OK(context, Describe(x, {scale, shift}, &layer));
    layer.scale = Data(scale);
    layer.shift = Data(shift);
    layer.rectify = rectify_;
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    InParallel(context, layer.pixels, kFewestFloats / layer.channels + 1, [&](int64_t begin, int64_t end) {
      code().normalise(layer, begin, end, y->flat<float>().data());
    });
  }

 protected:
  // What is less is not worth a second thread.
  static constexpr int64_t kFewestFloats = 1 << 14;

  bool rectify_;
};

class BatchNormGradientKernel : public NormaliseKernel {
 public:
  explicit BatchNormGradientKernel(tensorflow::OpKernelConstruction* construction)
      : NormaliseKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor &dy = context->input(0), &x = context->input(1), &scale = context->input(2),
                 &shift = context->input(3), &mean = context->input(4), &variance = context->input(5);
    NormalisationGradient layer;
    OP_REQUIRES_OK(context, Describe(x, {scale, shift, mean, variance}, &layer));
    OP_REQUIRES(context, dy.shape() == x.shape(),
                absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x.shape().DebugString(),
                                                        ", a gradient ", dy.shape().DebugString())));
    layer.scale = Data(scale);
    layer.shift = Data(shift);
    layer.rectify = rectify_;
    layer.dy = Data(dy);
    layer.mean = Data(mean);
    Tensor *dx = nullptr, *dgamma = nullptr, *dbeta = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, scale.shape(), &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(2, scale.shape(), &dbeta));

    const auto parts = SumInParts(context, layer, [&](int64_t begin, int64_t end, ChannelSums* sums) {
      code().add_gradients(layer, begin, end, sums);
    });
    std::vector<float> offset(layer.channels), slope(layer.channels);
    for (int64_t c = 0; c < layer.channels; c++) {
      double sum = 0, centred = 0;
      for (const ChannelSums& part : parts) {
        sum += part.first[c];
        centred += part.second[c];
      }
      const auto gradient =
          ChannelGradient::Of(sum, centred, layer.pixels, layer.scale[c], Data(variance)[c], epsilon_);
      dgamma->flat<float>()(c) = gradient.dgamma;
      dbeta->flat<float>()(c) = gradient.dbeta;
      offset[c] = gradient.offset;
      slope[c] = gradient.slope;
    }
    layer.offset = offset.data();
    layer.slope = slope.data();
    InParallel(context, layer.pixels, kFewestFloats / layer.channels + 1, [&](int64_t begin, int64_t end) {
      code().input_gradient(layer, begin, end, dx->flat<float>().data());
    });
  }

 private:
  float epsilon_;
};

// What a batch-norm makes of each channel's statistics: what its images are multiplied by and what is added,
// and the new moving averages, to which the batch's unbiased variance goes.
class BatchNormFactorsKernel : public tensorflow::OpKernel {
 public:
  explicit BatchNormFactorsKernel(tensorflow::OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(construction, construction->GetAttr("rate", &rate_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const int64_t channels = context->input(1).NumElements();
    OP_REQUIRES(context, x.dims() > 0 && x.dim_size(x.dims() - 1) > 0,
                absl::InvalidArgumentError("images of a batch-norm have no channels"));
    const float* inputs[6];
    float* outputs[4];
    for (int i = 0; i < 6; i++) {
      const Tensor& vector = context->input(i + 1);
      OP_REQUIRES(context, vector.dims() == 1 && vector.dim_size(0) == channels && channels > 0,
                  absl::InvalidArgumentError("vectors of a batch-norm differ in length"));
      inputs[i] = Data(vector);
    }
    for (int i = 0; i < 4; i++) {
      Tensor* vector = nullptr;
      OP_REQUIRES_OK(context, context->allocate_output(i, {channels}, &vector));
      outputs[i] = vector->flat<float>().data();
    }
    const auto [mean, variance, gamma, beta, moving_mean, moving_variance] = inputs;
    const auto [scale, shift, next_mean, next_variance] = outputs;
    const double pixels = static_cast<double>(x.NumElements() / x.dim_size(x.dims() - 1));
    const double unbiased = pixels / std::max(pixels - 1, 1.0);
    for (int64_t c = 0; c < channels; c++) {
      const double factor = gamma[c] / std::sqrt(static_cast<double>(variance[c]) + epsilon_);
      scale[c] = static_cast<float>(factor);
      shift[c] = static_cast<float>(beta[c] - mean[c] * factor);
      next_mean[c] = moving_mean[c] + rate_ * (mean[c] - moving_mean[c]);
      next_variance[c] =
          static_cast<float>(moving_variance[c] + rate_ * (variance[c] * unbiased - moving_variance[c]));
    }
  }

 private:
  float epsilon_, rate_;
};

using tensorflow::shape_inference::InferenceContext;

// All outputs are vectors with a number for each channel of input `images`.
absl::Status SetVectors(InferenceContext* context, int images) {
  for (int output = 0; output < context->num_outputs(); output++)
    context->set_output(output, context->Vector(context->Dim(context->input(images), -1)));
  return absl::OkStatus();
}

// The mean and the (biased) variance of each channel.
REGISTER_OP("LabelRelaxationChannelStatistics")
    .Input("x: float")
    .Output("mean: float")
    .Output("variance: float")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) { return SetVectors(context, 0); });

// scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale, and moving averages that have gone
// by a share, the rate, towards the batch's mean and unbiased variance. Of the images, which may be some of
// the channels, the number of pixels alone matters.
REGISTER_OP("LabelRelaxationBatchNormFactors")
    .Input("x: float")
    .Input("mean: float")
    .Input("variance: float")
    .Input("gamma: float")
    .Input("beta: float")
    .Input("moving_mean: float")
    .Input("moving_variance: float")
    .Output("scale: float")
    .Output("shift: float")
    .Output("next_mean: float")
    .Output("next_variance: float")
    .Attr("epsilon: float")
    .Attr("rate: float")
    .SetShapeFn([](InferenceContext* context) {
      for (int output = 0; output < 4; output++) context->set_output(output, context->input(1));
      return absl::OkStatus();
    });

// y = x * scale + shift, and no less than 0 if it is to be rectified.
REGISTER_OP("LabelRelaxationNormalise")
    .Input("x: float")
    .Input("scale: float")
    .Input("shift: float")
    .Output("y: float")
    .Attr("rectify: bool")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) {
      context->set_output(0, context->input(0));
      return absl::OkStatus();
    });

// The gradients by x, gamma and beta of the above, where mean and variance are those of x.
REGISTER_OP("LabelRelaxationBatchNormGradient")
    .Input("dy: float")
    .Input("x: float")
    .Input("scale: float")
    .Input("shift: float")
    .Input("mean: float")
    .Input("variance: float")
    .Output("dx: float")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Attr("rectify: bool")
    .Attr("epsilon: float")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) {
      TF_RETURN_IF_ERROR(SetVectors(context, 1));
      context->set_output(0, context->input(1));
      return absl::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LabelRelaxationChannelStatistics").Device(tensorflow::DEVICE_CPU),
                        ChannelStatisticsKernel);
REGISTER_KERNEL_BUILDER(Name("LabelRelaxationBatchNormFactors").Device(tensorflow::DEVICE_CPU),
                        BatchNormFactorsKernel);
REGISTER_KERNEL_BUILDER(Name("LabelRelaxationNormalise").Device(tensorflow::DEVICE_CPU), NormaliseKernel);
REGISTER_KERNEL_BUILDER(Name("LabelRelaxationBatchNormGradient").Device(tensorflow::DEVICE_CPU),
                        BatchNormGradientKernel);

}  // namespace
}  // namespace label_relaxation
