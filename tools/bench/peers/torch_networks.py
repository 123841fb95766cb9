"""The study's four networks in PyTorch, with logits as outputs."""

import torch
from torch import nn


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def norm_relu(channels):
    return [norm(channels), nn.ReLU(inplace=True)]


def simple_dense():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10)
    )


VGG_BLOCKS = [(64, 2, 0.3), (128, 2, 0.4), (256, 3, 0.4), (512, 3, 0.4), (512, 3, 0.4)]


def vgg():
    parts, channels = [], 3
    for width, convolutions, rate in VGG_BLOCKS:
        for place in range(convolutions):
            parts += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), norm(width)]
            if place < convolutions - 1:
                parts.append(nn.Dropout(rate))
            channels = width
        parts.append(nn.MaxPool2d(2))
    head = [nn.Dropout(0.5), nn.Flatten(), nn.Linear(512, 512), nn.ReLU(), nn.BatchNorm1d(512, 1e-3, 0.01)]
    return nn.Sequential(*parts, *head, nn.Dropout(0.5), nn.Linear(512, 10))


class Bottleneck(nn.Module):
    def __init__(self, channels, width, out, stride, before, project):
        super().__init__()
        self.body = nn.Sequential(
            *before,
            nn.Conv2d(channels, width, 1, stride),
            *norm_relu(width),
            nn.Conv2d(width, width, 3, padding=1),
            *norm_relu(width),
            nn.Conv2d(width, out, 1),
        )
        self.shortcut = nn.Conv2d(channels, out, 1, stride) if project else nn.Identity()

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


def resnet():
    parts, channels = [nn.Conv2d(3, 16, 3, padding=1), *norm_relu(16)], 16
    for stage, (width, out) in enumerate([(16, 64), (64, 128), (128, 256)]):
        for block in range(6):
            first = block == 0
            before = [] if stage == 0 and first else [norm(channels), nn.ReLU()]
            parts.append(Bottleneck(channels, width, out, 2 if stage > 0 and first else 1, before, first))
            channels = out
    return nn.Sequential(*parts, *norm_relu(channels), nn.AvgPool2d(8), nn.Flatten(), nn.Linear(channels, 10))


class DenseLayer(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            *norm_relu(channels),
            nn.Conv2d(channels, 48, 1, bias=False),
            *norm_relu(48),
            nn.Conv2d(48, 12, 3, padding=1, bias=False),
        )

    def forward(self, x):
        return torch.cat([x, self.body(x)], 1)


def densenet():
    parts, channels = [nn.Conv2d(3, 24, 3, bias=False)], 24
    for block in range(3):
        for _ in range(16):
            parts.append(DenseLayer(channels))
            channels += 12
        parts += norm_relu(channels)
        if block < 2:
            parts += [nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


NETWORKS = {"simple_dense": simple_dense, "vgg": vgg, "resnet": resnet, "densenet": densenet}
# As Keras counts them: with the moving averages, which PyTorch keeps as buffers.
PARAMETERS = {"simple_dense": 1863690, "vgg": 15001418, "resnet": 1673738, "densenet": 793150}


def network(name):
    """A network from channels-last images to logits; has the parameters that the study's network has."""
    model = NETWORKS[name]()
    averages = sum(buffer.numel() for buffer in model.buffers() if buffer.dim() > 0)
    count = sum(parameter.numel() for parameter in model.parameters()) + averages
    assert count == PARAMETERS[name], count
    return model.to(memory_format=torch.channels_last)


def parameter_groups(name, model):
    """The parameters with the study's L2 penalties, as weight decay (twice the factor)."""
    decay = {"vgg": 1e-3, "resnet": 2e-4}.get(name, 0.0)
    output = list(model.children())[-1]
    groups = {}
    for module in model.modules():
        for key, parameter in module.named_parameters(recurse=False):
            kernel = key == "weight" and isinstance(module, (nn.Conv2d, nn.Linear))
            factor = decay if kernel else 0.0
            if kernel and module is output:
                factor = 0.02 if name == "resnet" else 0.0
            groups.setdefault(factor, []).append(parameter)
    return [{"params": parameters, "weight_decay": factor} for factor, parameters in groups.items()]
