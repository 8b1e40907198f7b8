"""Keras on TensorFlow on the CPU: LSTM, GRU (reset_after) and SimpleRNN, sequences first, as Keras has them. Its threads are
fixed when it starts, so fewer are had by holding the process on fewer cores.

    TRAIN, INFER   graph: tf.function; xla: the same, compiled by XLA
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy
import tensorflow as tf
from peer import Absent, bind

LAYERS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "elman": keras.layers.SimpleRNN}


def version():
    return "Keras " + keras.__version__ + ", TensorFlow " + tf.__version__


def modes(kind, cell):
    if kind not in ("TRAIN", "INFER"):
        raise Absent("not written for this case")
    if cell not in LAYERS:
        raise Absent("Keras has no such layer")
    return ["graph", "xla"]


def contestant(job, mode, threads):
    return Layer(job, mode, threads)


def array(job, name):
    shape, data = job.arrays[name]
    return numpy.frombuffer(data, numpy.float32).reshape(shape)


def raw(a):
    a = numpy.ascontiguousarray(a, dtype="<f4")
    return a.shape, a.tobytes()


def swap(a, n):
    """Blocks r z ... as z r ... in the last axis, and back."""
    return numpy.concatenate([a[..., n:2 * n], a[..., :n], a[..., 2 * n:]], axis=-1)


class Layer:
    def __init__(self, job, mode, threads):
        self.job, self.threads = job, threads
        self.H = job.size["H"]
        self.layer = LAYERS[job.cell](self.H, return_sequences=True)
        x = array(job, "x").transpose(1, 0, 2)
        self.layer.build(x.shape)
        self.layer.set_weights(self.theirs(*(array(job, n) for n in "WRb")))
        self.x = tf.Variable(x)
        if job.kind == "TRAIN":
            self.dy = tf.constant(array(job, "dy").transpose(1, 0, 2))
        self.call = tf.function(self.train if job.kind == "TRAIN" else self.forward, jit_compile=mode == "xla")

    def theirs(self, W, R, b):
        if self.job.cell != "gru":
            return [W, R, b]
        n = self.H  # ours W: r z n, R: q r z, b: q r z n; theirs all: z r n, b of x, then of h
        second = numpy.concatenate([numpy.zeros(2 * n, numpy.float32), b[:n]])
        return [swap(W, n), swap(numpy.concatenate([R[:, n:], R[:, :n]], axis=1), n), numpy.stack([swap(b[n:], n), second])]

    def forward(self):
        return self.layer(self.x)

    def train(self):
        with tf.GradientTape() as tape:
            y = self.layer(self.x)
        return y, tape.gradient(y, [self.x] + self.layer.trainable_variables, output_gradients=self.dy)

    def enter(self):
        bind(self.threads)

    def step(self):
        got = self.call()
        (got if self.job.kind == "INFER" else got[1][0]).numpy()
        return got

    def outcome(self):
        self.enter()
        got = self.step()
        if self.job.kind == "INFER":
            return {"y": raw(got.numpy().transpose(1, 0, 2))}, {}
        y, grads = got
        dx, W, R, b = (g.numpy() for g in grads)
        if self.job.cell == "gru":
            n = self.H
            W, R, second, b = swap(W, n), swap(R, n), b[1], swap(b[0], n)
            R = numpy.concatenate([R[:, 2 * n:], R[:, :2 * n]], axis=1)
            b = numpy.concatenate([second[2 * n:], b])
        return {"y": raw(y.numpy().transpose(1, 0, 2))}, {"x": raw(dx.transpose(1, 0, 2)), "W": raw(W), "R": raw(R), "b": raw(b)}
