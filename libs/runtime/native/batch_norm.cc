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

// The code for one instruction set and one type of images.
template <typename Element>
struct Code {
  int lanes;
  void (*add_moments)(const Images<Element>&, int64_t, int64_t, ChannelSums*);
  void (*normalise)(const Normalisation<Element>&, int64_t, int64_t, Element*);
  void (*add_gradients)(const NormalisationGradient<Element>&, int64_t, int64_t, ChannelSums*);
  void (*input_gradient)(const NormalisationGradient<Element>&, int64_t, int64_t, Element*);
};

#define LR_CODE(Lanes, Element, Target)                                                              \
  {                                                                                                  \
      Lanes,                                                                                         \
      [](const Images<Element>& images, int64_t begin, int64_t end, ChannelSums* sums)               \
          Target { BatchNormCode<Lanes, Element>::AddMoments(images, begin, end, sums); },           \
      [](const Normalisation<Element>& layer, int64_t begin, int64_t end, Element* y)                \
          Target { BatchNormCode<Lanes, Element>::Normalise(layer, begin, end, y); },                \
      [](const NormalisationGradient<Element>& layer, int64_t begin, int64_t end, ChannelSums* sums) \
          Target { BatchNormCode<Lanes, Element>::AddGradients(layer, begin, end, sums); },          \
      [](const NormalisationGradient<Element>& layer, int64_t begin, int64_t end, Element* dx)       \
          Target { BatchNormCode<Lanes, Element>::InputGradient(layer, begin, end, dx); },           \
  }

LR_CODES(Code);

template <typename Element>
class BatchNormKernel : public CodeKernel<Code<Element>, Element> {
 public:
  explicit BatchNormKernel(tensorflow::OpKernelConstruction* construction)
      : CodeKernel<Code<Element>, Element>(construction, kCodes<Element>) {}

 protected:
  using CodeKernel<Code<Element>, Element>::code;

  // Says what doesn't fit: images without channels enough, or vectors of another length.
  absl::Status Describe(const Tensor& x, const std::vector<Tensor>& vectors, Images<Element>* images) const {
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
    images->x = Data<Element>(x);
    return absl::OkStatus();
  }

  // Sums of several parts, each for itself: the results don't depend on the number of threads.
  template <typename Add>
  static std::vector<ChannelSums> SumInParts(OpKernelContext* context, const Images<Element>& images,
                                             const Add& add) {
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

template <typename Element>
class ChannelStatisticsKernel : public BatchNormKernel<Element> {
 public:
  using BatchNormKernel<Element>::BatchNormKernel;

  void Compute(OpKernelContext* context) override {
    Images<Element> images;
    OP_REQUIRES_OK(context, this->Describe(context->input(0), {}, &images));
    Tensor *mean = nullptr, *variance = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, {images.channels}, &mean));
    OP_REQUIRES_OK(context, context->allocate_output(1, {images.channels}, &variance));
    const auto parts = this->SumInParts(context, images, [&](int64_t begin, int64_t end, ChannelSums* sums) {
      this->code().add_moments(images, begin, end, sums);
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

template <typename Element>
class NormaliseKernel : public BatchNormKernel<Element> {
 public:
  explicit NormaliseKernel(tensorflow::OpKernelConstruction* construction)
      : BatchNormKernel<Element>(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("rectify", &rectify_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor &x = context->input(0), &scale = context->input(1), &shift = context->input(2);
    Normalisation<Element> layer;
    OP_REQUIRES_OK(context, this->Describe(x, {scale, shift}, &layer));
    layer.scale = Data(scale);
    layer.shift = Data(shift);
    layer.rectify = this->rectify_;
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    InParallel(
        context, layer.pixels, this->kFewestFloats / layer.channels + 1,
        [&](int64_t begin, int64_t end) { this->code().normalise(layer, begin, end, Data<Element>(y)); });
  }

 protected:
  // What is less is not worth a second thread.
  static constexpr int64_t kFewestFloats = 1 << 14;

  bool rectify_;
};

template <typename Element>
class BatchNormGradientKernel : public NormaliseKernel<Element> {
 public:
  explicit BatchNormGradientKernel(tensorflow::OpKernelConstruction* construction)
      : NormaliseKernel<Element>(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor &dy = context->input(0), &x = context->input(1), &scale = context->input(2),
                 &shift = context->input(3), &mean = context->input(4), &variance = context->input(5);
    NormalisationGradient<Element> layer;
    OP_REQUIRES_OK(context, this->Describe(x, {scale, shift, mean, variance}, &layer));
    OP_REQUIRES(context, dy.shape() == x.shape(),
                absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x.shape().DebugString(),
                                                        ", a gradient ", dy.shape().DebugString())));
    layer.scale = Data(scale);
    layer.shift = Data(shift);
    layer.rectify = this->rectify_;
    layer.dy = Data<Element>(dy);
    layer.mean = Data(mean);
    Tensor *dx = nullptr, *dgamma = nullptr, *dbeta = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, scale.shape(), &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(2, scale.shape(), &dbeta));

    const auto parts = this->SumInParts(context, layer, [&](int64_t begin, int64_t end, ChannelSums* sums) {
      this->code().add_gradients(layer, begin, end, sums);
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
    InParallel(context, layer.pixels, this->kFewestFloats / layer.channels + 1,
               [&](int64_t begin, int64_t end) {
                 this->code().input_gradient(layer, begin, end, Data<Element>(dx));
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
    .Input("x: T")
    .Output("mean: float")
    .Output("variance: float")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) { return SetVectors(context, 0); });

// scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale, and moving averages that have gone
// by a share, the rate, towards the batch's mean and unbiased variance. Of the images, which may be some of
// the channels, the number of pixels alone matters.
REGISTER_OP("LabelRelaxationBatchNormFactors")
    .Input("x: T")
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
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("epsilon: float")
    .Attr("rate: float")
    .SetShapeFn([](InferenceContext* context) {
      for (int output = 0; output < 4; output++) context->set_output(output, context->input(1));
      return absl::OkStatus();
    });

// y = x * scale + shift, and no less than 0 if it is to be rectified.
REGISTER_OP("LabelRelaxationNormalise")
    .Input("x: T")
    .Input("scale: float")
    .Input("shift: float")
    .Output("y: T")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("rectify: bool")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) {
      context->set_output(0, context->input(0));
      return absl::OkStatus();
    });

// The gradients by x, gamma and beta of the above, where mean and variance are those of x.
REGISTER_OP("LabelRelaxationBatchNormGradient")
    .Input("dy: T")
    .Input("x: T")
    .Input("scale: float")
    .Input("shift: float")
    .Input("mean: float")
    .Input("variance: float")
    .Output("dx: T")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("rectify: bool")
    .Attr("epsilon: float")
    .Attr("lanes: int")
    .SetShapeFn([](InferenceContext* context) {
      TF_RETURN_IF_ERROR(SetVectors(context, 1));
      context->set_output(0, context->input(1));
      return absl::OkStatus();
    });

LR_REGISTER("LabelRelaxationChannelStatistics", ChannelStatisticsKernel);
LR_REGISTER("LabelRelaxationNormalise", NormaliseKernel);
LR_REGISTER("LabelRelaxationBatchNormGradient", BatchNormGradientKernel);
REGISTER_KERNEL_BUILDER(Name("LabelRelaxationBatchNormFactors").Device(tensorflow::DEVICE_CPU),
                        BatchNormFactorsKernel);

}  // namespace
}  // namespace label_relaxation
