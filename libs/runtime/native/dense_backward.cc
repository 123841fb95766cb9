#include "dense_backward.h"

#include "kernel.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/resource_mgr.h"
#include "tensorflow/core/framework/resource_var.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "tensorflow/core/util/work_sharder.h"

namespace label_relaxation {
namespace {

using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::Var;

// The code for one instruction set.
struct Code {
  int lanes;
  void (*run)(const DenseBackward&, int64_t, int64_t);
};

#define LR_CODE(Lanes, Target)                                       \
  {Lanes, [](const DenseBackward& layer, int64_t begin, int64_t end) \
              Target { DenseBackwardCode<Lanes>::Run(layer, begin, end); }}

const Codes<Code> kCodes = {LR_CODE(8, LR_AVX2), LR_CODE(16, LR_AVX512)};

// Gives a variable memory of its own where somebody still reads its value, as TensorFlow's own updates do.
absl::Status OwnMemory(OpKernelContext* context, Tensor* value) {
  if (value->RefCountIsOne()) return absl::OkStatus();
  Tensor copy;
  TF_RETURN_IF_ERROR(context->allocate_temp(tensorflow::DT_FLOAT, value->shape(), &copy));
  std::memcpy(copy.flat<float>().data(), value->flat<float>().data(), value->TotalBytes());
  *value = copy;
  return absl::OkStatus();
}

class DenseBackwardKernel : public CodeKernel<Code> {
 public:
  explicit DenseBackwardKernel(tensorflow::OpKernelConstruction* construction)
      : CodeKernel(construction, kCodes) {
    OP_REQUIRES_OK(construction, construction->GetAttr("momentum", &momentum_));
    OP_REQUIRES_OK(construction, construction->GetAttr("use_nesterov", &nesterov_));
    OP_REQUIRES_OK(construction, construction->GetAttr("input_gradient", &input_gradient_));
  }

  void Compute(OpKernelContext* context) override {
    tensorflow::core::RefCountPtr<Var> weights, velocity;
    OP_REQUIRES_OK(context, LookupResource(context, tensorflow::HandleFromInput(context, 0), &weights));
    OP_REQUIRES_OK(context, LookupResource(context, tensorflow::HandleFromInput(context, 1), &velocity));
    const Tensor& x = context->input(2);
    const Tensor& dy = context->input(3);
    const Tensor& learning_rate = context->input(4);
    OP_REQUIRES(context, weights.get() != velocity.get(),
                absl::InvalidArgumentError("weights are their own velocity"));

    Var* first = std::min(weights.get(), velocity.get());
    Var* second = std::max(weights.get(), velocity.get());
    tensorflow::mutex_lock first_lock(*first->mu());
    tensorflow::mutex_lock second_lock(*second->mu());
    Tensor* w = weights->tensor();
    Tensor* v = velocity->tensor();
    OP_REQUIRES(context,
                w->dims() == 2 && w->shape() == v->shape() && x.dims() == 2 && dy.dims() == 2 &&
                    x.dim_size(0) == dy.dim_size(0) && x.dim_size(1) == w->dim_size(0) &&
                    dy.dim_size(1) <= w->dim_size(1) && learning_rate.dims() == 0,
                absl::InvalidArgumentError(absl::StrCat(
                    "shapes don't fit: weights ", w->shape().DebugString(), ", velocity ",
                    v->shape().DebugString(), ", x ", x.shape().DebugString(), ", dy ",
                    dy.shape().DebugString(), ", learning rate ", learning_rate.shape().DebugString())));
    OP_REQUIRES_OK(context, OwnMemory(context, w));
    OP_REQUIRES_OK(context, OwnMemory(context, v));
    Tensor* dx = nullptr;
    OP_REQUIRES_OK(context,
                   context->allocate_output(0, input_gradient_ ? x.shape() : TensorShape({0, 0}), &dx));

    const int columns = kVectors * code().lanes;
    const int64_t batch = x.dim_size(0), inputs = x.dim_size(1), outputs = dy.dim_size(1);
    Tensor panels, transposed;
    OP_REQUIRES_OK(
        context, context->allocate_temp(tensorflow::DT_FLOAT, {RoundUp(outputs, columns) * batch}, &panels));
    const int64_t examples = input_gradient_ ? RoundUp(batch, columns) : 0;
    OP_REQUIRES_OK(context, context->allocate_temp(tensorflow::DT_FLOAT, {examples * outputs}, &transposed));
    const float* dy_data = dy.flat<float>().data();
    const DenseBackward layer{
        batch,
        inputs,
        outputs,
        x.flat<float>().data(),
        panels.flat<float>().data(),
        transposed.flat<float>().data(),
        w->flat<float>().data(),
        v->flat<float>().data(),
        w->dim_size(1),
        input_gradient_ ? dx->flat<float>().data() : nullptr,
        learning_rate.scalar<float>()(),
        momentum_,
        nesterov_,
    };
    Pack(dy_data, batch, outputs, columns, panels.flat<float>().data());
    if (input_gradient_) Transpose(dy_data, batch, outputs, columns, transposed.flat<float>().data());

    // Whole tiles for each thread.
    const int64_t tiles = RoundUp(inputs, kRows) / kRows;
    const auto* pool = context->device()->tensorflow_cpu_worker_threads();
    tensorflow::Shard(pool->num_threads, pool->workers, tiles, batch * outputs * kRows,
                      [&](int64_t begin, int64_t end) {
                        const int64_t last = std::min(end * kRows, inputs);
                        code().run(layer, begin * kRows, last);
                      });
  }

 private:
  float momentum_;
  bool nesterov_, input_gradient_;
};

// The backward pass of a dense layer without bias, y = x w, and Keras's momentum update of w by its gradient:
// velocity = momentum * velocity - learning_rate * x' dy, then w += velocity, or, with Nesterov's momentum,
// w += momentum * velocity - learning_rate * x' dy; dx = dy w' with w from before, or empty without
// input_gradient. Rows of w may be longer than those of dy; what is behind them stays. The code works on
// vectors of so many lanes.
REGISTER_OP("LabelRelaxationDenseBackward")
    .Input("weights: resource")
    .Input("velocity: resource")
    .Input("x: float")
    .Input("dy: float")
    .Input("learning_rate: float")
    .Output("dx: float")
    .Attr("momentum: float")
    .Attr("use_nesterov: bool")
    .Attr("input_gradient: bool")
    .Attr("lanes: int")
    .SetIsStateful()
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      bool input_gradient;
      TF_RETURN_IF_ERROR(context->GetAttr("input_gradient", &input_gradient));
      context->set_output(0, input_gradient ? context->input(2) : context->Matrix(0, 0));
      return absl::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LabelRelaxationDenseBackward").Device(tensorflow::DEVICE_CPU),
                        DenseBackwardKernel);

}  // namespace
}  // namespace label_relaxation
