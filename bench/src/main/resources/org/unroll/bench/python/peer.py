"""A peer in another process. `peer.py LIBRARY` reads commands from stdin, a line each, fields between tabs, and answers each
with one line: `ok` and what was asked for, or `absent` and half a line that says why not.

    version                              its versions, one line
    modes    KIND CELL                   the ways it has to do such a job; none: why not
    open     NAME JOB-FILE MODE THREADS  makes a contestant
    check    NAME FILE                   writes outputs (out.*) and gradients (grad.*), in the job's order of gates
    turn     NAME SECONDS FEWEST MOST    nanoseconds of each unit of work
    close    NAME
    quit

Files are safetensors of 32-bit floats. While no command is being answered, nothing runs.
"""
import array
import gc
import importlib
import json
import os
import struct
import sys
import time


class Absent(Exception):
    """Cannot take part; the message is the reason."""


class Job:
    """What is to be computed: kind, cell, sizes by letter, arrays by name as (shape, bytes)."""

    def __init__(self, file):
        with open(file, "rb") as f:
            data = f.read()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + length])
        meta = header.pop("__metadata__")
        self.kind, self.cell = meta["kind"], meta["cell"]
        self.size = {k[5:]: int(v) for k, v in meta.items() if k.startswith("size.")}
        base = 8 + length
        self.arrays = {}
        for name, t in header.items():
            first, end = t["data_offsets"]
            self.arrays[name] = (t["shape"], bytearray(data[base + first:base + end]))


def save(file, tensors):
    """Writes {name: (shape, bytes)}."""
    header, offset = {}, 0
    for name, (shape, data) in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        for _, data in tensors.values():
            f.write(data)


def timed(step, seconds, fewest, most):
    """Nanoseconds of each call, as a list: at least `fewest`, at most `most`, else for `seconds`."""
    times = array.array("q")
    now = time.perf_counter_ns
    end = now() + int(seconds * 1e9)
    while len(times) < fewest or (len(times) < most and now() < end):
        start = now()
        step()
        times.append(now() - start)
    return times


CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def bind(threads):
    """Holds all threads of this process on its first `threads` cores: for libraries whose number of threads is fixed once."""
    for task in os.listdir("/proc/self/task") if CORES else []:
        os.sched_setaffinity(int(task), CORES[:threads])


class Shop:
    """The contestants of one library. `library` has version(), modes(kind, cell), contestant(job, mode, threads)."""

    def __init__(self, library):
        self.library = library
        self.open = {}

    def version(self):
        return [self.library.version()]

    def modes(self, kind, cell):
        return self.library.modes(kind, cell)

    def open_(self, name, file, mode, threads):
        self.open[name] = self.library.contestant(Job(file), mode, int(threads))
        return []

    def check(self, name, file):
        outputs, gradients = self.open[name].outcome()
        tensors = {"out." + k: v for k, v in outputs.items()}
        tensors.update({"grad." + k: v for k, v in gradients.items()})
        save(file, tensors)
        return []

    def turn(self, name, seconds, fewest, most):
        contestant = self.open[name]
        contestant.enter()
        gc.collect()
        gc.disable()
        try:
            return [str(t) for t in timed(contestant.step, float(seconds), int(fewest), int(most))]
        finally:
            gc.enable()

    def close(self, name):
        del self.open[name]
        gc.collect()
        return []


def serve(library):
    shop = Shop(library)
    commands = {"version": shop.version, "modes": shop.modes, "open": shop.open_, "check": shop.check, "turn": shop.turn,
                "close": shop.close}
    out, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not be taken for an answer
    for line in sys.stdin:
        command, *fields = line.rstrip("\n").split("\t")
        if command == "quit":
            return
        try:
            answer = ["ok"] + commands[command](*fields)
        except Absent as e:
            answer = ["absent", str(e)]
        except Exception as e:  # whatever a library throws is its reason for staying away
            answer = ["absent", (type(e).__name__ + ": " + str(e)).strip().replace("\t", " ").replace("\n", " ")[:300]]
        out.write("\t".join(answer) + "\n")
        out.flush()


def main():
    sys.modules["peer"] = sys.modules["__main__"]  # one Absent for all
    name = sys.argv[1]
    try:
        library = importlib.import_module("peer_" + name)
    except ImportError as e:
        print("absent\t" + str(e).split("\n")[0], flush=True)
        return
    print("ok", flush=True)
    serve(library)


if __name__ == "__main__":
    main()
