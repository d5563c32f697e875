# SPDX-License-Identifier: Apache-2.0
"""Writes cases of metrics into cases/ beside this file."""
import json
import math
import pathlib

CASES = pathlib.Path(__file__).resolve().parent / "cases"
UNDEFINED = None


def write_case(name, case, files):
    folder = CASES / name
    folder.mkdir(parents=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n", encoding="utf-8")


def number(value):
    return float(value) if value is not None and math.isfinite(value) else UNDEFINED
