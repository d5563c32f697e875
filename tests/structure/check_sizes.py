#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on C++ files above 500 lines and functions above 60; names those above 300 and 40 to look at again.

usage: check_sizes.py ROOT

Functions are found by their braces: a block at the indentation of
a definition whose opening line ends with "{" and holds a parameter list.
"""
import pathlib
import re
import sys

ROOMS = ("core", "scenes", "generator", "metrics", "reports", "app", "tests")
FILE_LOOK, FILE_MOST, FUNCTION_LOOK, FUNCTION_MOST = 300, 500, 40, 60
NOT_FUNCTIONS = re.compile(r"^\s*(namespace|class|struct|enum|union|if|for|while|switch|do|else|extern)\b")


def functions(lines):
    """(first line, length) of each function whose closing brace stands at column 0 or 2."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None:
            opens = line.rstrip().endswith("{") and not line.startswith("    ") and not NOT_FUNCTIONS.match(line)
            # The parameter list may have started on an earlier line.
            head = " ".join(lines[max(0, number - 6):number])
            if opens and ")" in line + head and "= {" not in line:
                start, indent = number, re.match(r"\s*", line).group(0)
                indent = indent if len(indent) <= 2 else ""
        elif line.startswith(indent + "}"):
            yield start, number - start + 1
            start = None


def main(root):
    root = pathlib.Path(root)
    look, over = [], []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in (".h", ".cc") or "node_modules" in path.parts:
                continue
            lines = path.read_text(encoding="utf-8").splitlines()
            name = path.relative_to(root)
            found = [(len(lines), FILE_LOOK, FILE_MOST, f"{name}: {len(lines)} lines")]
            found += [(length, FUNCTION_LOOK, FUNCTION_MOST, f"{name}:{start}: function of {length} lines")
                      for start, length in functions(lines)]
            over += [text for length, _, most, text in found if length > most]
            look += [text for length, limit, most, text in found if limit < length <= most]
    for text in look:
        print("look again:", text)
    for text in over:
        print("too long:", text)
    print(f"{len(look)} to look at again, {len(over)} too long")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
