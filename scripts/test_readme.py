#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tested examples of a Markdown file; see scripts/test-readme --help.

usage: test_readme.py ROOT PROGRAM FILE
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"<!-- tested(?::\s*exit (\d+))? -->\s*\n```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(block):
    """(command, expected output) pairs; a command goes on over lines that end with a backslash."""
    pairs = []
    for line in block.splitlines():
        if line.startswith("$ "):
            pairs.append([line[2:], []])
        elif pairs and pairs[-1][0].endswith("\\"):
            pairs[-1][0] = pairs[-1][0] + "\n" + line
        elif pairs:
            pairs[-1][1].append(line)
    return pairs


def matches(expected, actual):
    """Compares line by line without trailing space; a line "..." skips lines, "..." inside one skips text."""
    pattern = ""
    for line in expected:
        if line.strip() in ("...", "…"):
            pattern += r"(?:.*\n)*?"
        else:
            # Runs of blanks count as one, so that a table may be set narrower in the text.
            parts = [r"\s+".join(re.escape(word) for word in part.split(" ") if word or part == "")
                     for part in re.split(r"\.\.\.|…", re.sub(r"\s+", " ", line.strip()))]
            pattern += r"\s*" + r".*".join(parts) + r"\s*\n"
    return re.fullmatch(pattern, actual) is not None


def run_block(number, code, block, folder, environment):
    failures = []
    pairs = commands(block)
    for index, (command, expected) in enumerate(pairs):
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, check=False)
        wanted = code if index == len(pairs) - 1 else 0
        actual = "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())
        if done.returncode != wanted:
            failures.append(f"example {number}: $ {command}\nexit {done.returncode}, expected {wanted}\n{actual}")
        elif expected and not matches(expected, actual):
            failures.append(f"example {number}: $ {command}\nprinted\n{actual}expected\n" + "\n".join(expected))
        print("ok  " if not failures else "FAIL", command.splitlines()[0], flush=True)
        if failures:
            break
    return failures


def main(root, program, file):
    text = pathlib.Path(file).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120",
                   "PATH": f"{pathlib.Path(program).parent}:{os.environ['PATH']}"}
    failures = []
    with tempfile.TemporaryDirectory(prefix="plumb-readme-") as folder:
        for name in ("scenes", "tests", "README.md"):
            (pathlib.Path(folder) / name).symlink_to(pathlib.Path(root) / name)
        for number, (code, block) in enumerate(blocks, 1):
            failures += run_block(number, int(code or 0), block, folder, environment)
    print("\n".join(failures) or f"{len(blocks)} tested examples of {file} print what they say")
    if not blocks:
        print("no example is marked as tested")
    return 1 if failures or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
