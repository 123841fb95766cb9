#include "winograd.h"

#include "kernel.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace label_relaxation {
namespace {

using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

// The code for one instruction set and one type of images.
template <typename Element>
struct Code {
  int columns;
  bool (*takes)(int64_t);
  int64_t (*plane)(const Convolution&);
  void (*transform_filters)(const Convolution&, const float*, int64_t, int64_t, Element*);
  void (*transform_turned_filters)(const Convolution&, const float*, int64_t, Element*);
  void (*convolve)(const Convolution&, const Normalisation<Element>&, const Element*, Element*, int64_t,
                   int64_t);
  void (*gradient_components)(const Convolution&, const Normalisation<Element>&, const Element*, int64_t,
                              int64_t, int64_t, int64_t, float*);
  void (*filter_gradient)(const Convolution&, const float*, int64_t, int64_t, int64_t, float*);
};

#define LR_CODE(Lanes, Element, Target)                                                                   \
  {                                                                                                       \
      WinogradTiles<Lanes, Element>::kColumns,                                                            \
      WinogradTiles<Lanes, Element>::Takes,                                                               \
      WinogradTiles<Lanes, Element>::Plane,                                                               \
      [](const Convolution& shape, const float* w, int64_t begin, int64_t end, Element* u)                \
          Target { WinogradTiles<Lanes, Element>::TransformFilters(shape, w, begin, end, u); },           \
      [](const Convolution& shape, const float* w, int64_t panel, Element* u)                             \
          Target { WinogradTiles<Lanes, Element>::TransformTurnedFilters(shape, w, panel, u); },          \
      [](const Convolution& shape, const Normalisation<Element>& x, const Element* u, Element* y,         \
         int64_t begin, int64_t end)                                                                      \
          Target { WinogradCode<Lanes, Element>::Convolve(shape, x, u, y, begin, end); },                 \
      [](const Convolution& shape, const Normalisation<Element>& x, const Element* dy, int64_t begin,     \
         int64_t end, int64_t first, int64_t last, float* du) Target {                                    \
        WinogradCode<Lanes, Element>::GradientComponents(shape, x, dy, begin, end, first, last, du);      \
      },                                                                                                  \
      [](const Convolution& shape, const float* du, int64_t parts, int64_t begin, int64_t end, float* dw) \
          Target { WinogradCode<Lanes, Element>::FilterGradient(shape, du, parts, begin, end, dw); },     \
  }

LR_CODES(Code);

template <typename Element>
class WinogradKernel : public CodeKernel<Code<Element>, Element> {
 public:
  explicit WinogradKernel(tensorflow::OpKernelConstruction* construction)
      : CodeKernel<Code<Element>, Element>(construction, kCodes<Element>) {}

 protected:
  using CodeKernel<Code<Element>, Element>::code;

  // The images, input 0, and what they are normalised by and rectified where that is given, inputs 2 and 3.
  static absl::Status ReadImages(OpKernelContext* context, Normalisation<Element>* images) {
    const Tensor& x = context->input(0);
    const int64_t channels = x.dim_size(3);
    *images = {{x.NumElements() / std::max<int64_t>(channels, 1), channels, Data<Element>(x)},
               nullptr,
               nullptr,
               true};
    if (context->num_inputs() == 2) return absl::OkStatus();
    for (int input = 2; input < context->num_inputs(); input++) {
      if (context->num_inputs() != 4 || context->input(input).shape() != TensorShape({channels}))
        return absl::InvalidArgumentError(
            absl::StrCat("images ", x.shape().DebugString(), " are normalised by two vectors of ", channels));
    }
    images->scale = context->input(2).flat<float>().data();
    images->shift = context->input(3).flat<float>().data();
    return absl::OkStatus();
  }

  absl::Status CheckChannels(const Convolution& shape) const {
    if (code().takes(shape.channels) && code().takes(shape.filters)) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("numbers of channels and filters, ", shape.channels,
                                                   " and ", shape.filters, ", have to be multiples of ",
                                                   code().columns, ", or less than that and at least ",
                                                   code().columns / kVectors));
  }
};

template <typename Element>
class Convolution3x3Kernel : public WinogradKernel<Element> {
 public:
  explicit Convolution3x3Kernel(tensorflow::OpKernelConstruction* construction)
      : WinogradKernel<Element>(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("turned", &turned_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const Tensor& w = context->input(1);
    OP_REQUIRES(context,
                x.dims() == 4 && w.dims() == 4 && w.dim_size(0) == 3 && w.dim_size(1) == 3 &&
                    w.dim_size(turned_ ? 3 : 2) == x.dim_size(3),
                absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x.shape().DebugString(),
                                                        ", filters ", w.shape().DebugString())));
    const Convolution shape{x.dim_size(0), x.dim_size(1), x.dim_size(2), x.dim_size(3),
                            w.dim_size(turned_ ? 2 : 3)};
    OP_REQUIRES_OK(context, this->CheckChannels(shape));
    Normalisation<Element> images;
    OP_REQUIRES_OK(context, this->ReadImages(context, &images));
    const auto& code = this->code();
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context,
                   context->allocate_output(
                       0, TensorShape({shape.images, shape.height, shape.width, shape.filters}), &y));
    Tensor components;
    OP_REQUIRES_OK(context, context->allocate_temp(
                                kType<Element>, TensorShape({kComponents, code.plane(shape)}), &components));
    auto* u = Data<Element>(&components);
    const float* filters = Data(w);
    if (turned_) {
      InParallel(context, RoundUp(shape.filters, code.columns) / code.columns, 1,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t panel = begin; panel < end; panel++)
                     code.transform_turned_filters(shape, filters, panel, u);
                 });
    } else {
      InParallel(context, shape.channels, kRows,
                 [&](int64_t begin, int64_t end) { code.transform_filters(shape, filters, begin, end, u); });
    }
    InParallel(context, shape.Tiles(), kTilesAtOnce, [&](int64_t begin, int64_t end) {
      code.convolve(shape, images, u, Data<Element>(y), begin, end);
    });
  }

 private:
  bool turned_;
};

template <typename Element>
class Convolution3x3FilterGradientKernel : public WinogradKernel<Element> {
 public:
  using WinogradKernel<Element>::WinogradKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const Tensor& dy = context->input(1);
    OP_REQUIRES(context,
                x.dims() == 4 && dy.dims() == 4 && x.dim_size(0) == dy.dim_size(0) &&
                    x.dim_size(1) == dy.dim_size(1) && x.dim_size(2) == dy.dim_size(2),
                absl::InvalidArgumentError(absl::StrCat("shapes don't fit: images ", x.shape().DebugString(),
                                                        ", gradient ", dy.shape().DebugString())));
    const Convolution shape{x.dim_size(0), x.dim_size(1), x.dim_size(2), x.dim_size(3), dy.dim_size(3)};
    OP_REQUIRES_OK(context, this->CheckChannels(shape));
    Normalisation<Element> images;
    OP_REQUIRES_OK(context, this->ReadImages(context, &images));
    const auto& code = this->code();
    const int64_t plane = code.plane(shape);
    Tensor* dw = nullptr;
    OP_REQUIRES_OK(context,
                   context->allocate_output(0, TensorShape({3, 3, shape.channels, shape.filters}), &dw));

    // Each thread takes some tiles and has sums of its own where these are small; otherwise it takes some
    // filters.
    const int64_t threads = context->device()->tensorflow_cpu_worker_threads()->num_threads;
    const int64_t parts = std::clamp<int64_t>(
        std::min(kMostSums / (kComponents * plane), shape.Tiles() / kGradientTilesAtOnce), 1, threads);
    const int64_t slices = std::clamp<int64_t>((threads + parts - 1) / parts, 1,
                                               RoundUp(shape.filters, code.columns) / code.columns);
    const int64_t part_size = (shape.Tiles() + parts - 1) / parts;
    const int64_t slice_size = RoundUp((shape.filters + slices - 1) / slices, code.columns);
    Tensor sums;
    OP_REQUIRES_OK(context, context->allocate_temp(tensorflow::DT_FLOAT,
                                                   TensorShape({parts, kComponents, plane}), &sums));
    float* du = sums.flat<float>().data();
    InParallel(context, parts * slices, 1, [&](int64_t begin, int64_t end) {
      for (int64_t unit = begin; unit < end; unit++) {
        const int64_t part = unit / slices, first = unit % slices * slice_size;
        const int64_t last = std::min(first + slice_size, shape.filters);
        if (first >= last) continue;
        code.gradient_components(shape, images, Data<Element>(dy), part * part_size,
                                 std::min((part + 1) * part_size, shape.Tiles()), first, last,
                                 du + part * kComponents * plane);
      }
    });
    InParallel(context, shape.channels, kRows, [&](int64_t begin, int64_t end) {
      code.filter_gradient(shape, du, parts, begin, end, dw->flat<float>().data());
    });
  }

 private:
  // So many floats of sums at most are kept apart for each of several threads.
  static constexpr int64_t kMostSums = 1 << 20;
};

// y = x * w, or with `turned` the gradient by x, where x is y's gradient: 3x3, stride 1, padding SAME, NHWC.
// With two factors, scale and shift, max(0, x * scale + shift) takes the place of x, and is never in memory
// as a whole.
REGISTER_OP("LabelRelaxationConvolution3x3")
    .Input("x: T")
    .Input("w: float")
    .Input("factors: N * float")
    .Output("y: T")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("turned: bool")
    .Attr("N: int >= 0 = 0")
    .Attr("lanes: int")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      bool turned;
      TF_RETURN_IF_ERROR(context->GetAttr("turned", &turned));
      tensorflow::shape_inference::ShapeHandle images, filters, y;
      TF_RETURN_IF_ERROR(context->WithRank(context->input(0), 4, &images));
      TF_RETURN_IF_ERROR(context->WithRank(context->input(1), 4, &filters));
      TF_RETURN_IF_ERROR(context->ReplaceDim(images, 3, context->Dim(filters, turned ? 2 : 3), &y));
      context->set_output(0, y);
      return absl::OkStatus();
    });

// The gradient by w of y = x * w: 3x3, stride 1, padding SAME, NHWC. Factors are those of the convolution.
REGISTER_OP("LabelRelaxationConvolution3x3FilterGradient")
    .Input("x: T")
    .Input("dy: T")
    .Input("factors: N * float")
    .Output("dw: float")
    .Attr("T: {float, bfloat16} = DT_FLOAT")
    .Attr("N: int >= 0 = 0")
    .Attr("lanes: int")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      tensorflow::shape_inference::ShapeHandle images, gradient;
      TF_RETURN_IF_ERROR(context->WithRank(context->input(0), 4, &images));
      TF_RETURN_IF_ERROR(context->WithRank(context->input(1), 4, &gradient));
      context->set_output(0, context->MakeShape({context->MakeDim(3), context->MakeDim(3),
                                                 context->Dim(images, 3), context->Dim(gradient, 3)}));
      return absl::OkStatus();
    });

LR_REGISTER("LabelRelaxationConvolution3x3", Convolution3x3Kernel);
LR_REGISTER("LabelRelaxationConvolution3x3FilterGradient", Convolution3x3FilterGradientKernel);

}  // namespace
}  // namespace label_relaxation
