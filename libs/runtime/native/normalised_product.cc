#include "normalised_product.h"

#include "batch_norm.h"
#include "kernel.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace label_relaxation {
namespace {

using tensorflow::OpInputList;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

// The code for one instruction set and one type of images.
template <typename Element>
struct Code {
  int lanes, columns;
  void (*multiply)(const ForwardProduct<Element>&, int64_t, int64_t);
  void (*add_sums)(const BackwardProduct<Element>&, int64_t, int64_t, float*, double*);
  void (*input_gradient)(const BackwardProduct<Element>&, const float*, const float*, int64_t, int64_t);
};

#define LR_CODE(Lanes, Element, Target)                                                                   \
  {                                                                                                       \
      Lanes,                                                                                              \
      NormalisedProductCode<Lanes, Element>::kColumns,                                                    \
      [](const ForwardProduct<Element>& product, int64_t begin, int64_t end)                              \
          Target { NormalisedProductCode<Lanes, Element>::Multiply(product, begin, end); },               \
      [](const BackwardProduct<Element>& product, int64_t begin, int64_t end, float* dw, double* sums)    \
          Target { NormalisedProductCode<Lanes, Element>::AddSums(product, begin, end, dw, sums); },      \
      [](const BackwardProduct<Element>& product, const float* offset, const float* slope, int64_t begin, \
         int64_t end) Target {                                                                            \
        NormalisedProductCode<Lanes, Element>::InputGradient(product, offset, slope, begin, end);         \
      },                                                                                                  \
  }

LR_CODES(Code);

bool HasChannels(const Tensor& image, int64_t channels) {
  return image.dims() > 0 && image.dim_size(image.dims() - 1) == channels;
}

// The shape of an image with another number of channels.
TensorShape WithChannels(TensorShape shape, int64_t channels) {
  shape.set_dim(shape.dims() - 1, channels);
  return shape;
}

template <typename Element>
class ProductKernel : public CodeKernel<Code<Element>, Element> {
 public:
  explicit ProductKernel(tensorflow::OpKernelConstruction* construction)
      : CodeKernel<Code<Element>, Element>(construction, kCodes<Element>) {}

 protected:
  using CodeKernel<Code<Element>, Element>::code;
  static constexpr int kStep = kDepth<Element>;

  // Numbers of channels with zeros behind, as many as code for vectors reads.
  std::vector<float> Extended(const float* numbers, int64_t count) const {
    std::vector<float> extended(RoundUp(count, code().columns));
    std::copy_n(numbers, count, extended.begin());
    return extended;
  }

  // Says what doesn't fit, or sets all of a product but what is extended.
  absl::Status Describe(const OpInputList& x, const Tensor& filter, const std::vector<const Tensor*>& vectors,
                        NormalisedProduct<Element>* product) const {
    bool fits = filter.dims() == 4 && filter.dim_size(0) == 1 && filter.dim_size(1) == 1;
    *product = {};
    for (const Tensor& part : x) {
      fits = fits && part.dims() > 0 && part.dims() == x[0].dims();
      if (!fits) break;
      const int64_t channels = part.dim_size(part.dims() - 1);
      fits = part.shape() == WithChannels(x[0].shape(), channels);
      product->parts.push_back({Data<Element>(part), channels});
      product->channels += channels;
    }
    fits = fits && product->channels > 0 && filter.dim_size(2) == product->channels &&
           product->channels % kStep == 0 && filter.dim_size(3) % kStep == 0;
    for (const Tensor* vector : vectors)
      fits = fits && vector->dims() == 1 && HasChannels(*vector, product->channels);
    if (!fits) return NoFit(x, filter);
    product->pixels = x[0].NumElements() / std::max<int64_t>(product->parts[0].channels, 1);
    product->filters = filter.dim_size(3);
    return absl::OkStatus();
  }

  static absl::Status NoFit(const OpInputList& x, const Tensor& filter) {
    return absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x[0].shape().DebugString(),
                                                   " and others, filters ", filter.shape().DebugString()));
  }

  // Calls `work` for ranges of pixels.
  static void ForPixels(OpKernelContext* context, int64_t pixels,
                        const std::function<void(int64_t, int64_t)>& work) {
    InParallel(context, RoundUp(pixels, kPixelsAtOnce) / kPixelsAtOnce, 1, [&](int64_t begin, int64_t end) {
      work(begin * kPixelsAtOnce, std::min(end * kPixelsAtOnce, pixels));
    });
  }
};

template <typename Element>
class NormalisedProductKernel : public ProductKernel<Element> {
 public:
  using ProductKernel<Element>::ProductKernel;

  void Compute(OpKernelContext* context) override {
    OpInputList x, others;
    OP_REQUIRES_OK(context, context->input_list("x", &x));
    OP_REQUIRES_OK(context, context->input_list("others", &others));
    const Tensor& scale = context->input(x.size());
    const Tensor& shift = context->input(x.size() + 1);
    const Tensor& filter = context->input(x.size() + 2);
    ForwardProduct<Element> product;
    OP_REQUIRES_OK(context, this->Describe(x, filter, {&scale, &shift}, &product));
    const int64_t channels = product.channels, filters = product.filters;
    const TensorShape shape = WithChannels(x[0].shape(), filters);
    const auto& code = this->code();
    std::vector<float> bias(RoundUp(filters, code.columns));
    for (const Tensor& other : others) {
      if (other.shape() == shape) {
        product.others.push_back({Data<Element>(other), filters});
      } else {
        OP_REQUIRES(context, other.dims() == 1 && HasChannels(other, filters), this->NoFit(x, filter));
        for (int64_t f = 0; f < filters; f++) bias[f] += Data<Element>(other)[f];
      }
    }
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &y));
    Tensor panels;
    OP_REQUIRES_OK(context, context->allocate_temp(kType<Element>,
                                                   {RoundUp(filters, code.columns) * channels}, &panels));
    Pack(Data(filter), channels, filters, code.columns, Data<Element>(&panels));
    const std::vector<float> scales = this->Extended(Data(scale), channels),
                             shifts = this->Extended(Data(shift), channels);
    product.scale = scales.data();
    product.shift = shifts.data();
    product.panels = Data<Element>(panels);
    product.bias = bias.data();
    product.y = Data<Element>(y);
    this->ForPixels(context, product.pixels,
                    [&](int64_t begin, int64_t end) { code.multiply(product, begin, end); });
  }
};

template <typename Element>
class NormalisedProductGradientKernel : public ProductKernel<Element> {
 public:
  explicit NormalisedProductGradientKernel(tensorflow::OpKernelConstruction* construction)
      : ProductKernel<Element>(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
  }

  void Compute(OpKernelContext* context) override {
    OpInputList x, others;
    OP_REQUIRES_OK(context, context->input_list("x", &x));
    OP_REQUIRES_OK(context, context->input_list("others", &others));
    const Tensor& dy = context->input(0);
    const Tensor& scale = context->input(x.size() + 1);
    const Tensor& shift = context->input(x.size() + 2);
    const Tensor& mean = context->input(x.size() + 3);
    const Tensor& variance = context->input(x.size() + 4);
    const Tensor& filter = context->input(x.size() + 5);
    BackwardProduct<Element> product;
    OP_REQUIRES_OK(context, this->Describe(x, filter, {&scale, &shift, &mean, &variance}, &product));
    const int64_t channels = product.channels, filters = product.filters, pixels = product.pixels;
    OP_REQUIRES(context, dy.shape() == WithChannels(x[0].shape(), filters), this->NoFit(x, filter));
    // Where nobody else needs them, others give dx their memory: each pixel is read before it is written.
    std::vector<int> candidates;
    for (const Tensor& other : others) {
      OP_REQUIRES(context, other.dims() == dy.dims(), this->NoFit(x, filter));
      const int64_t length = other.dim_size(other.dims() - 1);
      OP_REQUIRES(context, length >= channels && other.shape() == WithChannels(x[0].shape(), length),
                  this->NoFit(x, filter));
      if (length == channels && !product.KeepsGradient())
        candidates.push_back(x.size() + 6 + static_cast<int>(product.others.size()));
      product.others.push_back({Data<Element>(other), length});
    }
    Tensor *dx = nullptr, *dfilter = nullptr, *dgamma = nullptr, *dbeta = nullptr, *dbias = nullptr;
    OP_REQUIRES_OK(context, context->forward_input_or_allocate_output(
                                candidates, 0, WithChannels(x[0].shape(), channels), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, filter.shape(), &dfilter));
    OP_REQUIRES_OK(context, context->allocate_output(2, {channels}, &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(3, {channels}, &dbeta));
    OP_REQUIRES_OK(context, context->allocate_output(4, {filters}, &dbias));

    const auto& code = this->code();
    const int64_t padded = RoundUp(channels, code.lanes), row_length = RoundUp(filters, code.lanes);
    const int64_t sums_length = 2 * padded + row_length;
    const int64_t plane = (channels + std::max(kRows, kNarrowRows)) * row_length;
    // Sums of each part are apart: the results don't depend on the number of threads.
    const int64_t parts =
        std::clamp<int64_t>(std::min(pixels / kPixelsOfPart, kMostSums / plane), 1, kMostParts);
    const int64_t part_size = RoundUp((pixels + parts - 1) / parts, kPixelsAtOnce);
    Tensor transposed, filter_sums, channel_sums;
    OP_REQUIRES_OK(context, context->allocate_temp(kType<Element>,
                                                   {RoundUp(channels, code.columns) * filters}, &transposed));
    OP_REQUIRES_OK(context, context->allocate_temp(tensorflow::DT_FLOAT, {parts, plane}, &filter_sums));
    OP_REQUIRES_OK(context,
                   context->allocate_temp(tensorflow::DT_DOUBLE, {parts, sums_length}, &channel_sums));
    Transpose(Data(filter), channels, filters, code.columns, Data<Element>(&transposed));
    const std::vector<float> scales = this->Extended(Data(scale), channels),
                             shifts = this->Extended(Data(shift), channels);
    const std::vector<float> means = this->Extended(Data(mean), channels);
    product.scale = scales.data();
    product.shift = shifts.data();
    product.mean = means.data();
    product.dy = Data<Element>(dy);
    product.transposed = Data<Element>(transposed);
    product.dx = Data<Element>(dx);
    float* dw = filter_sums.flat<float>().data();
    double* sums = channel_sums.flat<double>().data();
    InParallel(context, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; part++) {
        std::fill_n(dw + part * plane, plane, 0.0f);
        std::fill_n(sums + part * sums_length, sums_length, 0.0);
        code.add_sums(product, std::min(part * part_size, pixels), std::min((part + 1) * part_size, pixels),
                      dw + part * plane, sums + part * sums_length);
      }
    });

    InParallel(context, channels, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; c++) {
        float* row = dfilter->flat<float>().data() + c * filters;
        std::copy_n(dw + c * row_length, filters, row);
        for (int64_t part = 1; part < parts; part++) {
          const float* more = dw + part * plane + c * row_length;
          for (int64_t f = 0; f < filters; f++) row[f] += more[f];
        }
      }
    });
    for (int64_t f = 0; f < filters; f++) {
      double sum = 0;
      for (int64_t part = 0; part < parts; part++) sum += sums[part * sums_length + 2 * padded + f];
      dbias->flat<float>()(f) = static_cast<float>(sum);
    }
    std::vector<float> offsets(padded), slopes(padded);
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0, centred = 0;
      for (int64_t part = 0; part < parts; part++) {
        sum += sums[part * sums_length + c];
        centred += sums[part * sums_length + padded + c];
      }
      const auto gradient = ChannelGradient::Of(sum, centred, pixels, scales[c], Data(variance)[c], epsilon_);
      dgamma->flat<float>()(c) = gradient.dgamma;
      dbeta->flat<float>()(c) = gradient.dbeta;
      offsets[c] = gradient.offset;
      slopes[c] = gradient.slope;
    }
    this->ForPixels(context, pixels, [&](int64_t begin, int64_t end) {
      code.input_gradient(product, offsets.data(), slopes.data(), begin, end);
    });
  }

 private:
  // So many pixels at least have sums of their own, in so many parts at most with so many sums.
  static constexpr int64_t kPixelsOfPart = 512, kMostParts = 64, kMostSums = 1 << 20;

  float epsilon_;
};

// The shape of images of so many channels.
absl::Status SetImages(tensorflow::shape_inference::InferenceContext* context,
                       tensorflow::shape_inference::ShapeHandle images,
                       tensorflow::shape_inference::DimensionHandle channels) {
  TF_RETURN_IF_ERROR(context->WithRankAtLeast(images, 1, &images));
  TF_RETURN_IF_ERROR(context->ReplaceDim(images, -1, channels, &images));
  context->set_output(0, images);
  return absl::OkStatus();
}

// y = max(0, x * scale + shift) * filter + others: a convolution of 1x1 with stride 1. The parts of x are
// side by side; others are [filters], or images as y. In bfloat16 its factors are rounded, sums are float.
REGISTER_OP("LabelRelaxationNormalisedProduct")
    .Input("x: parts * T")
    .Input("scale: float")
    .Input("shift: float")
    .Input("filter: float")
    .Input("others: count * T")
    .Output("y: T")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("parts: int >= 1")
    .Attr("count: int >= 0")
    .Attr("lanes: int")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      int parts;
      tensorflow::shape_inference::ShapeHandle filter;
      TF_RETURN_IF_ERROR(context->GetAttr("parts", &parts));
      TF_RETURN_IF_ERROR(context->WithRank(context->input(parts + 2), 4, &filter));
      return SetImages(context, context->input(0), context->Dim(filter, 3));
    });

// The gradients of such a product by its filter, by a bias among its others, and by x and a batch-norm's
// factor and offset, from which scale = factor / sqrt(variance + epsilon) and shift = offset - mean * scale
// are, with the mean and the variance of x. The first channels of others are added to dx.
REGISTER_OP("LabelRelaxationNormalisedProductGradient")
    .Input("dy: T")
    .Input("x: parts * T")
    .Input("scale: float")
    .Input("shift: float")
    .Input("mean: float")
    .Input("variance: float")
    .Input("filter: float")
    .Input("others: count * T")
    .Output("dx: T")
    .Output("dfilter: float")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Output("dbias: float")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("parts: int >= 1")
    .Attr("count: int >= 0")
    .Attr("epsilon: float")
    .Attr("lanes: int")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      int parts;
      tensorflow::shape_inference::ShapeHandle filter;
      TF_RETURN_IF_ERROR(context->GetAttr("parts", &parts));
      TF_RETURN_IF_ERROR(context->WithRank(context->input(parts + 5), 4, &filter));
      context->set_output(1, filter);
      for (int output : {2, 3}) context->set_output(output, context->Vector(context->Dim(filter, 2)));
      context->set_output(4, context->Vector(context->Dim(filter, 3)));
      return SetImages(context, context->input(0), context->Dim(filter, 2));
    });

LR_REGISTER("LabelRelaxationNormalisedProduct", NormalisedProductKernel);
LR_REGISTER("LabelRelaxationNormalisedProductGradient", NormalisedProductGradientKernel);

}  // namespace
}  // namespace label_relaxation
