"""One of the study's training steps in eager PyTorch: torch_step.py NETWORK PRECISION BATCH HEIGHT WIDTH CHANNELS

PRECISION is float32 or bfloat16 (autocast). Speaks the protocol of protocol.py.
"""

import sys

import torch
from torch.nn import functional

from protocol import serve
from torch_networks import network, parameter_groups

name, precision, *sizes = sys.argv[1:]
batch, height, width, channels = map(int, sizes)

torch.manual_seed(0)
model = network(name).train()
optimizer = torch.optim.SGD(parameter_groups(name, model), 0.01, momentum=0.9, nesterov=True, fused=True)
images = (torch.rand(batch, channels, height, width) - 0.5).contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (batch,))


def forward():
    logits = model(images)
    loss = functional.cross_entropy(logits.float(), labels)
    if name == "resnet":
        loss = loss + 0.01 * functional.softmax(logits.float(), 1).square().sum() / batch
    return loss


def step():
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        loss = forward()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


serve(step, f"PyTorch {torch.__version__}")
