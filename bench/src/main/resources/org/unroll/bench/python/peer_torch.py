"""PyTorch on the CPU: its own modules, from our weights. A mode is one way to call them.

    TRAIN    eager: nn.LSTM, nn.GRU, nn.RNN
    RAGGED   packed: a PackedSequence; padded: all steps of all rows, whose y is then not read behind the end
    DEEP     eager: nn.LSTM of two layers, bidirectional, with dropout
    INFER    eager; frozen: traced, frozen, optimized for inference
    STREAM   cell: nn.LSTMCell, nn.GRUCell, nn.RNNCell; layer: the module called for one step; frozen: the cell as in INFER
    MODEL    foreach, fused: how Adam updates
    SOFTMAX  eager: linear, cross_entropy; compile: the same through Inductor; chunked: linear_cross_entropy, where it exists
    CRF      eager; script: TorchScript
    VITERBI  eager; script

torch.compile is not among the modes of a step, where it was slower than the cell (61 against 36 microseconds at 128 units), nor
of the CRF, whose loop of 64 steps it did not finish compiling within ten minutes; it does not look into nn.LSTM, nn.GRU, nn.RNN.
"""
import torch
import torch.nn.functional as F
from peer import Absent
from peer_torch_base import Contestant, raw, tensor
from torch import nn

import peer_torch_heads as heads

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}
CELLS = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "elman": nn.RNNCell}
MODES = {"TRAIN": ["eager"], "RAGGED": ["packed", "padded"], "DEEP": ["eager"], "INFER": ["eager", "frozen"],
         "STREAM": ["cell", "layer", "frozen"], "MODEL": ["foreach", "fused"],
         "SOFTMAX": ["eager", "compile"] + ["chunked"] * heads.CHUNKED, "CRF": ["eager", "script"],
         "VITERBI": ["eager", "script"]}


def version():
    config = torch.__config__.show()
    parts = [p.strip(" -") for p in config.split("\n") if "MKL-DNN" in p or "Math Kernel" in p or "CPU cap" in p]
    return "PyTorch " + torch.__version__ + ": " + "; ".join(p.split(" (Git")[0] for p in parts)


def modes(kind, cell):
    if kind not in MODES:
        raise Absent("it has nothing of this kind")
    if cell and cell not in LAYERS:
        raise Absent("PyTorch has no such layer")
    return MODES[kind]


def contestant(job, mode, threads):
    torch.set_num_threads(threads)
    return CONTESTANTS[job.kind](job, mode, threads)


def weights(job, suffix):
    """Our W, R, b as weight_ih, weight_hh, bias_ih, bias_hh."""
    H = job.size["H"]
    W, R, b = (tensor(job, n + suffix) for n in "WRb")
    ih, hh, second = W.t(), R.t(), torch.zeros(R.shape[1])
    if job.cell == "gru":  # R: q r z, b: q r z n
        hh = torch.cat([hh[H:], hh[:H]])
        second[2 * H:] = b[:H]
        b = b[H:]
    return ih, hh, b, second


def load(module, names, values):
    with torch.no_grad():
        for name, v in zip(names, values):
            getattr(module, name).copy_(v)
    return module


def gradients(job, module, end, suffix, into):
    """Gradients of the four parameters whose names end with `end`, as those of our W, R, b."""
    H = job.size["H"]
    ih, hh, first, second = (getattr(module, n + end).grad for n in PARAMETERS)
    if job.cell == "gru":
        hh = torch.cat([hh[2 * H:], hh[:2 * H]])
        first = torch.cat([second[2 * H:], first])
    into.update({"W" + suffix: raw(ih.t()), "R" + suffix: raw(hh.t()), "b" + suffix: raw(first)})


PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
ENDS = {"0f": "_l0", "0b": "_l0_reverse", "1f": "_l1", "1b": "_l1_reverse"}


def layer(job):
    module = LAYERS[job.cell](job.size["I"], job.size["H"])
    return load(module, [n + "_l0" for n in PARAMETERS], weights(job, ""))


class Train(Contestant):
    def build(self):
        self.module = layer(self.job)
        self.x = tensor(self.job, "x").requires_grad_()
        self.dy = tensor(self.job, "dy")

    def run(self):
        return self.module(self.x)[0]

    def step(self):
        self.module.zero_grad(set_to_none=True)
        self.x.grad = None
        self.run().backward(self.dy)

    def outcome(self):
        self.enter()
        self.step()
        into = {"x": raw(self.x.grad)}
        gradients(self.job, self.module, "_l0", "", into)
        with torch.no_grad():
            return {"y": raw(self.run())}, into


class Ragged(Train):
    def build(self):
        super().build()
        self.lengths = tensor(self.job, "lengths").long()
        T = self.job.size["T"]
        self.real = (torch.arange(T)[:, None] < self.lengths).unsqueeze(2)

    def run(self):
        if self.mode == "padded":
            return self.module(self.x)[0]
        packed = nn.utils.rnn.pack_padded_sequence(self.x, self.lengths)
        return nn.utils.rnn.pad_packed_sequence(self.module(packed)[0], total_length=self.job.size["T"])[0]

    def outcome(self):
        _, into = super().outcome()
        with torch.no_grad():
            return {"y": raw(self.run() * self.real)}, into


class Deep(Train):
    def build(self):
        self.module = nn.LSTM(self.job.size["I"], self.job.size["H"], 2, bidirectional=True,
                              dropout=self.job.size["percent"] / 100)
        for suffix, end in ENDS.items():
            load(self.module, [n + end for n in PARAMETERS], weights(self.job, suffix))
        self.x = tensor(self.job, "x").requires_grad_()
        self.dy = tensor(self.job, "dy")

    def outcome(self):
        self.enter()
        self.module.eval()
        self.step()
        into = {"x": raw(self.x.grad)}
        for suffix, end in ENDS.items():
            gradients(self.job, self.module, end, suffix, into)
        with torch.no_grad():
            y = self.run()
        self.module.train()
        return {"y": raw(y)}, into


def frozen(module, *example):
    module = torch.jit.trace(module.eval(), example)
    return torch.jit.optimize_for_inference(torch.jit.freeze(module))


class Infer(Contestant):
    def build(self):
        self.x = tensor(self.job, "x")
        with torch.no_grad():
            self.module = layer(self.job).eval()
            if self.mode == "frozen":
                self.module = frozen(self.module, self.x)

    def step(self):
        with torch.inference_mode():
            return self.module(self.x)[0]

    def outcome(self):
        self.enter()
        return {"y": raw(self.step())}, {}


class Stream(Contestant):
    def build(self):
        I, H = self.job.size["I"], self.job.size["H"]
        self.two = self.job.cell == "lstm"
        self.cellwise = self.mode != "layer"
        self.x = [x if self.cellwise else x.unsqueeze(0) for x in tensor(self.job, "x")]
        zero = torch.zeros(1, H) if self.cellwise else torch.zeros(1, 1, H)
        self.zero = (zero, zero) if self.two else zero
        with torch.no_grad():
            if self.cellwise:
                self.module = load(CELLS[self.job.cell](I, H), PARAMETERS, weights(self.job, "")).eval()
            else:
                self.module = layer(self.job).eval()
            if self.mode == "frozen":
                self.module = frozen(self.module, self.x[0], self.zero)
        self.restart()

    def restart(self):
        self.state, self.at = self.zero, 0

    def step(self):
        with torch.no_grad():
            x = self.x[self.at]
            self.at = self.at + 1 if self.at + 1 < len(self.x) else 0
            self.state = self.module(x, self.state) if self.cellwise else self.module(x, self.state)[1]

    def outcome(self):
        self.enter()
        self.restart()
        for _ in self.x:
            self.step()
        h = self.state[0] if self.two else self.state
        self.restart()
        return {"h": raw(h.reshape(-1))}, {}


class Model(Contestant):
    def build(self):
        I, H, V = (self.job.size[n] for n in "IHV")
        self.embedding, self.lstm, self.dense = nn.Embedding(V, I), nn.LSTM(I, H, 2), nn.Linear(H, V)
        load(self.embedding, ["weight"], [tensor(self.job, "E")])
        load(self.dense, ["weight", "bias"], [tensor(self.job, "U").t(), tensor(self.job, "c")])
        for suffix in "01":
            load(self.lstm, [n + "_l" + suffix for n in PARAMETERS], weights(self.job, suffix))
            getattr(self.lstm, "bias_hh_l" + suffix).requires_grad_(False)  # ours has one bias
        parts = (self.embedding, self.lstm, self.dense)
        self.trained = [p for m in parts for p in m.parameters() if p.requires_grad]
        self.adam = torch.optim.Adam(self.trained, lr=self.job.size["micro"] * 1e-6, **{self.mode: True})
        self.ids = tensor(self.job, "ids").long()
        self.state, self.chunk = None, 0

    def step(self):
        T, V = self.job.size["T"], self.job.size["V"]
        first = self.chunk * T
        self.chunk = (self.chunk + 1) % self.job.size["chunks"]
        self.adam.zero_grad(set_to_none=True)
        y, state = self.lstm(self.embedding(self.ids[first:first + T]), self.state)
        loss = F.cross_entropy(self.dense(y).view(-1, V), self.ids[first + 1:first + T + 1].reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.adam.step()
        self.state = tuple(s.detach() for s in state)
        return loss

    def outcome(self):
        self.enter()
        self.build()
        losses = [self.step().detach() for _ in range(self.job.size["chunks"])]
        self.build()
        return {"loss": raw(torch.stack(losses))}, {}


CONTESTANTS = {"TRAIN": Train, "RAGGED": Ragged, "DEEP": Deep, "INFER": Infer, "STREAM": Stream, "MODEL": Model,
               "SOFTMAX": heads.Softmax, "CRF": heads.Crf, "VITERBI": heads.Viterbi}
