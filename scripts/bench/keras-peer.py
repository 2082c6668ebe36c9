"""Builds cells of NAS-Bench-101 in Keras and converts each to TFLite. Run by keras-peer.js: records in, JSON out."""

import json
import math
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

# The converter prints to stdout, which is for results.
results = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import keras
import tensorflow as tf
from keras import layers

PUBLISHED = {
    "input_shape": [32, 32, 3],
    "stem_filter_size": 128,
    "num_stacks": 3,
    "num_modules_per_stack": 3,
    "num_labels": 10,
}


def conv_bn_relu(x, channels, size):
    x = layers.Conv2D(channels, size, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


OPERATIONS = {
    "conv3x3-bn-relu": lambda x, channels: conv_bn_relu(x, channels, 3),
    "conv1x1-bn-relu": lambda x, channels: conv_bn_relu(x, channels, 1),
    "maxpool3x3": lambda x, channels: layers.MaxPooling2D(3, strides=1, padding="same")(x),
}


def channels_of(matrix, channels):
    """The channels of each vertex: those that feed the output share its channels."""
    output = len(matrix) - 1
    feeders = [v for v in range(1, output) if matrix[v][output]]
    result = [0] * output + [channels]
    for place, vertex in enumerate(feeders):
        result[vertex] = channels // len(feeders) + (place < channels % len(feeders))
    for vertex in reversed(range(1, output)):
        if vertex not in feeders:
            result[vertex] = max(result[to] for to in range(vertex + 1, output) if matrix[vertex][to])
    return result


def truncated(x, channels):
    return x if x.shape[-1] == channels else x[..., :channels]


def total(terms):
    return terms[0] if len(terms) == 1 else layers.Add()(terms)


def module(x, matrix, operations, channels):
    output = len(matrix) - 1
    widths = channels_of(matrix, channels)
    tensors = [x]
    for vertex in range(1, output):
        earlier = [v for v in range(1, vertex) if matrix[v][vertex]]
        terms = [truncated(tensors[v], widths[vertex]) for v in earlier]
        if matrix[0][vertex]:
            terms.append(conv_bn_relu(x, widths[vertex], 1))
        tensors.append(OPERATIONS[operations[vertex]](total(terms), widths[vertex]))
    parts = [tensors[v] for v in range(1, output) if matrix[v][output]]
    terms = [layers.Concatenate()(parts)] if len(parts) > 1 else parts
    if matrix[0][output]:
        terms.append(conv_bn_relu(x, channels, 1))
    return total(terms)


def network(arch):
    config = PUBLISHED | arch.get("config", {})
    channels = config["stem_filter_size"]
    image = keras.Input(config["input_shape"], batch_size=1)
    x = conv_bn_relu(image, channels, 3)
    for stack in range(config["num_stacks"]):
        if stack > 0:
            x = layers.MaxPooling2D(2, strides=2, padding="same")(x)
            channels *= 2
        for _ in range(config["num_modules_per_stack"]):
            x = module(x, arch["module_adjacency"], arch["module_operations"], channels)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(config["num_labels"])(x))


def convert(model):
    return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def clocks():
    return time.perf_counter(), time.process_time()


def main():
    # What the first conversion of a process costs once is not counted.
    image = keras.Input([4], batch_size=1)
    convert(keras.Model(image, layers.Dense(1)(image)))
    for line in sys.stdin:
        arch = json.loads(line)["arch"]
        start = clocks()
        model = network(arch)
        built = clocks()
        data = convert(model)
        with open(sys.argv[1], "wb") as file:
            file.write(data)
        end = clocks()
        found = {
            "seconds": end[0] - start[0],
            "cpu_seconds": end[1] - start[1],
            "build_seconds": built[0] - start[0],
            "build_cpu_seconds": built[1] - start[1],
            "bytes": len(data),
            "parameters": sum(math.prod(weight.shape) for weight in model.trainable_weights),
        }
        print(json.dumps(found), file=results, flush=True)
        keras.backend.clear_session()


main()
