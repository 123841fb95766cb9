"""The training step of simple_dense in JAX, compiled: jax_step.py simple_dense PRECISION BATCH HEIGHT WIDTH CHANNELS

PRECISION is float32 or bfloat16 (the products alone; weights and momentum stay float32). The step owns its state: the
weights and momenta that it is given are overwritten. JAX's convolutions backward take several times as long as the others',
so that it takes part in this network alone. Speaks the protocol of protocol.py.
"""

import sys

import jax
import jax.numpy as jnp

from protocol import serve

name, precision, *sizes = sys.argv[1:]
batch, *shape = map(int, sizes)
if name != "simple_dense":
    sys.exit(f"{name} is not written in JAX")
dtype = jnp.bfloat16 if precision == "bfloat16" else jnp.float32
RATE, MOMENTUM = 0.01, 0.9

widths = [shape[0] * shape[1] * shape[2], 1024, 1024, 10]
keys = jax.random.split(jax.random.PRNGKey(0), len(widths) + 1)
glorot = jax.nn.initializers.glorot_uniform()
weights = [
    (glorot(key, (fan_in, fan_out)), jnp.zeros(fan_out)) for key, fan_in, fan_out in zip(keys, widths, widths[1:])
]
assert sum(kernel.size + bias.size for kernel, bias in weights) == 1863690
momenta = jax.tree_util.tree_map(jnp.zeros_like, weights)
images = jax.random.uniform(keys[-2], (batch, *shape), minval=-0.5, maxval=0.5)
labels = jax.random.randint(keys[-1], (batch,), 0, 10)


def loss_of(weights):
    x = images.reshape(batch, -1)
    for kernel, bias in weights[:-1]:
        x = jax.nn.relu((x.astype(dtype) @ kernel.astype(dtype)).astype(jnp.float32) + bias)
    kernel, bias = weights[-1]
    logits = (x.astype(dtype) @ kernel.astype(dtype)).astype(jnp.float32) + bias
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()


def train(weights, momenta):
    loss, gradients = jax.value_and_grad(loss_of)(weights)
    momenta = jax.tree_util.tree_map(lambda m, g: MOMENTUM * m - RATE * g, momenta, gradients)
    # Nesterov's step, as Keras takes it.
    weights = jax.tree_util.tree_map(lambda w, m, g: w + MOMENTUM * m - RATE * g, weights, momenta, gradients)
    return weights, momenta, loss


compiled = jax.jit(train, donate_argnums=(0, 1))


def step():
    global weights, momenta
    weights, momenta, loss = compiled(weights, momenta)
    return loss.item()


serve(step, f"JAX {jax.__version__}")
