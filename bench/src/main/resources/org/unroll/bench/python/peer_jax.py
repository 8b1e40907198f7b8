"""JAX on the CPU: a layer as lax.scan over time after one product for all inputs, compiled by XLA; the gradient by vjp. Its
threads are fixed when it starts, so fewer are had by holding the process on fewer cores.

    TRAIN    scan; unrolled: eight steps in one round of the loop
    INFER    scan; unrolled
    STREAM   step: one call a step
"""
import jax
import jax.numpy as np
import numpy
from jax import lax
from jax.nn import sigmoid
from peer import Absent, bind

MODES = {"TRAIN": ["scan", "unrolled"], "INFER": ["scan", "unrolled"], "STREAM": ["step"]}


def version():
    return "JAX " + jax.__version__ + ", jaxlib " + jax.lib.__version__


def modes(kind, cell):
    if kind not in MODES or cell not in CELLS:
        raise Absent("not written for this case")
    return MODES[kind]


def contestant(job, mode, threads):
    return Layer(job, mode, threads)


def lstm(R, state, z):
    h, c = state
    i, f, g, o = np.split(z + h @ R, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return (h, c), h


def gru(Rq, state, z):
    R, q = Rq
    (h,) = state
    n = h.shape[-1]
    a = h @ R + q
    r, u = np.split(sigmoid(z[:, :2 * n] + a[:, n:]), 2, axis=-1)
    h = (1 - u) * np.tanh(z[:, 2 * n:] + r * a[:, :n]) + u * h
    return (h,), h


def elman(R, state, z):
    h = np.tanh(z + state[0] @ R)
    return (h,), h


CELLS = {"lstm": (lstm, 2), "gru": (gru, 1), "elman": (elman, 1)}


def first(cell, weights, x):
    """What a step needs beside its input: recurrent weights, the inputs' part of all gates."""
    W, R, b = weights
    if cell == "gru":  # R: q r z, b: q r z n
        n = R.shape[0]
        return (R, np.concatenate([b[:n], np.zeros(2 * n, b.dtype)])), x @ W + b[n:]
    return R, x @ W + b


class Layer:
    def __init__(self, job, mode, threads):
        self.job, self.threads = job, threads
        self.weights = tuple(array(job, n) for n in "WRb")
        self.x = array(job, "x")
        cell, slots = CELLS[job.cell]
        rows = 1 if job.kind == "STREAM" else job.size["B"]
        self.zero = (np.zeros((rows, job.size["H"]), np.float32),) * slots
        unroll = 8 if mode == "unrolled" else 1

        def forward(weights, x):
            R, z = first(job.cell, weights, x)
            return lax.scan(lambda s, z: cell(R, s, z), self.zero, z, unroll=unroll)[1]

        def train(weights, x, dy):
            y, back = jax.vjp(forward, weights, x)
            return y, back(dy)

        def step(weights, x, state):
            R, z = first(job.cell, weights, x)
            return cell(R, state, z)[0]

        if job.kind == "TRAIN":
            self.dy = array(job, "dy")
            self.call = jax.jit(train)
            self.step = lambda: jax.block_until_ready(self.call(self.weights, self.x, self.dy))
        elif job.kind == "INFER":
            self.call = jax.jit(forward)
            self.step = lambda: jax.block_until_ready(self.call(self.weights, self.x))
        else:
            self.call = jax.jit(step)
            self.inputs = [x for x in self.x]
            self.step = self.stream
            self.restart()

    def enter(self):
        bind(self.threads)

    def restart(self):
        self.state, self.at = self.zero, 0

    def stream(self):
        self.state = jax.block_until_ready(self.call(self.weights, self.inputs[self.at], self.state))
        self.at = (self.at + 1) % len(self.inputs)

    def outcome(self):
        self.enter()
        if self.job.kind == "STREAM":
            self.restart()
            for _ in self.inputs:
                self.step()
            h = self.state[0]
            self.restart()
            return {"h": raw(h.reshape(-1))}, {}
        got = self.step()
        if self.job.kind == "INFER":
            return {"y": raw(got)}, {}
        y, ((dW, dR, db), dx) = got
        return {"y": raw(y)}, {"x": raw(dx), "W": raw(dW), "R": raw(dR), "b": raw(db)}


def array(job, name):
    shape, data = job.arrays[name]
    return np.asarray(numpy.frombuffer(data, numpy.float32).reshape(shape))


def raw(a):
    a = numpy.ascontiguousarray(a, dtype="<f4")
    return a.shape, a.tobytes()
