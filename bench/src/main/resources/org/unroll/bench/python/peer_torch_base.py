"""What the contestants on PyTorch have in common."""
import ctypes

import torch


def tensor(job, name):
    shape, data = job.arrays[name]
    return torch.frombuffer(data, dtype=torch.float32).reshape(shape)


def raw(t):
    t = t.detach().contiguous().float()
    return (tuple(t.shape) or (1,), ctypes.string_at(t.data_ptr(), 4 * t.numel()))


class Contestant:
    """One job in one mode. `step` is the unit of work, `outcome` what it computes."""

    def __init__(self, job, mode, threads):
        self.job, self.mode, self.threads = job, mode, threads
        self.build()

    def enter(self):
        torch.set_num_threads(self.threads)
