# SPDX-License-Identifier: Apache-2.0
"""Work of a program beside work done here, in turn: what compare_dit.py and compare_video.py measure with.

Times are processor time of the one thread that works, so that other work on the machine disturbs little.
"""
import statistics
import subprocess
import time

import torch
from safetensors.torch import load_file


class Program:
    """A program that answers every line with the seconds a piece of work took; see bench_turns.h."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def output(self, file):
        self.ask(f"write {file}")
        return load_file(file)

    def finish(self, file):
        result = self.output(file)["sample"]
        self.process.stdin.close()
        self.process.wait()
        return result


def type_name(kind):
    return str(kind).removeprefix("torch.")


def timed(work):
    start = time.thread_time()
    result = work()
    return time.thread_time() - start, result


def paired(program, line, theirs, pairs, between=lambda: None):
    """[(seconds of the program, seconds of `theirs`)], the last output of `theirs`."""
    found, result = [], None
    for i in range(pairs + 1):
        mine = float(program.ask(line))
        seconds, result = timed(theirs)
        between()
        if i > 0:  # the first one lays weights out and fills caches
            found.append((mine, seconds))
    return found, result


def medians(pairs):
    return tuple(statistics.median(side) for side in zip(*pairs))


def ratio_text(pairs):
    ratios = sorted(theirs / mine for mine, theirs in pairs)
    quarter = len(ratios) // 4
    return f"{statistics.median(ratios):5.2f} [{ratios[quarter]:.2f}, {ratios[-1 - quarter]:.2f}]"
