"""Softmax with cross-entropy, and a linear-chain CRF in PyTorch as its packages compute it: a loop over time in the log domain,
logsumexp over B x K x K, the gradient by autograd; Viterbi by maxima with their arguments. Sequences are all of full length, so
no masks are applied, which is to this form's advantage; the way back through the arguments takes all rows at once.
"""
import torch
import torch.nn.functional as F
from peer_torch_base import Contestant, raw, tensor

CHUNKED = hasattr(F, "linear_cross_entropy")


def crf_loss(e: torch.Tensor, A: torch.Tensor, start: torch.Tensor, end: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean negative log-likelihood of the labels y [T, B] under scores e [T, B, K]."""
    T = e.size(0)
    score = start[y[0]] + end[y[T - 1]] + e.gather(2, y.unsqueeze(2)).squeeze(2).sum(0)
    if T > 1:
        score = score + A[y[:T - 1], y[1:]].sum(0)
    alpha = start + e[0]
    for t in range(1, T):
        alpha = torch.logsumexp(alpha.unsqueeze(2) + A + e[t].unsqueeze(1), dim=1)
    return (torch.logsumexp(alpha + end, dim=1) - score).mean()


def crf_best(e: torch.Tensor, A: torch.Tensor, start: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
    """The best labels [T, B]."""
    T = e.size(0)
    score = start + e[0]
    back: list[torch.Tensor] = []
    for t in range(1, T):
        score, k = torch.max(score.unsqueeze(2) + A, dim=1)
        score = score + e[t]
        back.append(k)
    label = torch.argmax(score + end, dim=1, keepdim=True)
    path = [label]
    for t in range(T - 2, -1, -1):
        label = back[t].gather(1, label)
        path.append(label)
    path.reverse()
    return torch.cat(path, dim=1).t()


class Softmax(Contestant):
    def build(self):
        self.y = tensor(self.job, "y").long()
        self.h = tensor(self.job, "h").requires_grad_()
        self.W = tensor(self.job, "W").t().contiguous().requires_grad_()
        self.b = tensor(self.job, "b").requires_grad_()
        self.loss = self.plain
        if self.mode == "chunked":
            self.loss = lambda h, W, b, y: F.linear_cross_entropy(h, W, y, linear_bias=b)
        if self.mode == "compile":
            self.loss = torch.compile(self.plain)

    @staticmethod
    def plain(h, W, b, y):
        return F.cross_entropy(F.linear(h, W, b), y)

    def step(self):
        self.h.grad = self.W.grad = self.b.grad = None
        loss = self.loss(self.h, self.W, self.b, self.y)
        loss.backward()
        return loss

    def outcome(self):
        self.enter()
        loss = self.step()
        return {"loss": raw(loss)}, {"h": raw(self.h.grad), "W": raw(self.W.grad.t()), "b": raw(self.b.grad)}


class Crf(Contestant):
    def build(self):
        self.leaves = {n: tensor(self.job, n).requires_grad_() for n in ("e", "A", "start", "end")}
        self.y = tensor(self.job, "y").long()
        self.loss = torch.jit.script(crf_loss) if self.mode == "script" else crf_loss

    def step(self):
        for leaf in self.leaves.values():
            leaf.grad = None
        loss = self.loss(*self.leaves.values(), self.y)
        loss.backward()
        return loss

    def outcome(self):
        self.enter()
        loss = self.step()
        return {"loss": raw(loss)}, {n: raw(leaf.grad) for n, leaf in self.leaves.items()}


class Viterbi(Contestant):
    def build(self):
        self.given = [tensor(self.job, n) for n in ("e", "A", "start", "end")]
        self.best = torch.jit.script(crf_best) if self.mode == "script" else crf_best

    def step(self):
        with torch.no_grad():
            return self.best(*self.given)

    def outcome(self):
        self.enter()
        return {"path": raw(self.step())}, {}
