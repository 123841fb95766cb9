"""The study's four networks in Keras, with softmax outputs, as its training needs them."""

from tensorflow.keras import Model, layers, regularizers


def norm_relu(x):
    return layers.ReLU()(layers.BatchNormalization()(x))


def simple_dense(inputs):
    x = layers.Flatten()(inputs)
    x = layers.Dense(1024, activation="relu")(x)
    x = layers.Dense(1024, activation="relu")(x)
    return layers.Dense(10)(x)


VGG_BLOCKS = [(64, 2, 0.3), (128, 2, 0.4), (256, 3, 0.4), (512, 3, 0.4), (512, 3, 0.4)]


def vgg(inputs):
    decay = regularizers.l2(5e-4)
    x = inputs
    for channels, convolutions, rate in VGG_BLOCKS:
        for place in range(convolutions):
            x = layers.Conv2D(channels, 3, padding="same", activation="relu", kernel_regularizer=decay)(x)
            x = layers.BatchNormalization()(x)
            if place < convolutions - 1:
                x = layers.Dropout(rate)(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(layers.Dropout(0.5)(x))
    x = layers.Dense(512, activation="relu", kernel_regularizer=decay)(x)
    x = layers.Dropout(0.5)(layers.BatchNormalization()(x))
    return layers.Dense(10)(x)


def resnet(inputs):
    def conv(x, channels, size, stride=1):
        return layers.Conv2D(
            channels,
            size,
            strides=stride,
            padding="same",
            kernel_initializer="he_normal",
            kernel_regularizer=regularizers.l2(1e-4),
        )(x)

    x = norm_relu(conv(inputs, 16, 3))
    for stage, (width, out) in enumerate([(16, 64), (64, 128), (128, 256)]):
        for block in range(6):
            stride = 2 if stage > 0 and block == 0 else 1
            y = x if stage == 0 and block == 0 else norm_relu(x)
            y = norm_relu(conv(y, width, 1, stride))
            y = conv(norm_relu(conv(y, width, 3)), out, 1)
            shortcut = conv(x, out, 1, stride) if block == 0 else x
            x = layers.Add()([shortcut, y])
    x = layers.Flatten()(layers.AveragePooling2D(8)(norm_relu(x)))
    return layers.Dense(10, kernel_initializer="he_normal", kernel_regularizer=regularizers.l2(0.01))(x)


def densenet(inputs):
    def conv(x, channels, size, padding="valid"):
        return layers.Conv2D(channels, size, padding=padding, use_bias=False)(x)

    x, channels = conv(inputs, 24, 3), 24
    for block in range(3):
        for _ in range(16):
            y = conv(norm_relu(x), 48, 1)
            y = conv(layers.ZeroPadding2D(1)(norm_relu(y)), 12, 3)
            x = layers.Concatenate()([x, y])
            channels += 12
        if block < 2:
            channels //= 2
            x = layers.AveragePooling2D(2)(conv(norm_relu(x), channels, 1))
    return layers.Dense(10)(layers.GlobalAveragePooling2D()(norm_relu(x)))


NETWORKS = {"simple_dense": simple_dense, "vgg": vgg, "resnet": resnet, "densenet": densenet}
PARAMETERS = {"simple_dense": 1863690, "vgg": 15001418, "resnet": 1673738, "densenet": 793150}


def network(name, shape):
    """A Keras model from images to float32 probabilities; has the parameters that the study's network has."""
    inputs = layers.Input(shape)
    activity = regularizers.l2(0.01) if name == "resnet" else None
    logits = NETWORKS[name](inputs)
    softmax = layers.Activation("softmax", dtype="float32", activity_regularizer=activity)
    model = Model(inputs, softmax(logits))
    assert model.count_params() == PARAMETERS[name], model.count_params()
    return model
