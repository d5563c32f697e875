#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The smallest outside model: it shows the known frames and then stands still.

    plumb run --model "command:python3 examples/command_model.py"

Replace `make_video` by your own model; everything else stays. docs/command_models.md describes the exchange.
"""
import json
import pathlib
import shutil
import sys


def make_video(folder, cell):
    """Writes the video of one cell below `folder` and returns its path relative to it.

    Any file that FFmpeg reads will do; here it is a folder of PNG frames, in name order.
    """
    known = [folder / name for name in cell["conditioning"]]
    if not known:
        raise ValueError("this model needs at least one known frame")
    frames = folder / "frames"
    frames.mkdir()
    for index in range(cell["frames"]):
        shutil.copy(known[min(index, len(known) - 1)], frames / f"{index:05}.png")
    return "frames"


def main():
    # A large model would be loaded here, once.
    for line in sys.stdin:
        request = json.loads(line)
        cell = request["cell"]
        answer = {"cell_id": cell["cell_id"], "status": "done"}
        try:
            answer["output"] = make_video(pathlib.Path(request["folder"]), cell)
        except Exception as error:  # one cell that fails must not end the program
            answer.update(status="failed", reason=str(error))
        # Standard output carries answers only, one a line; print everything else to sys.stderr.
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
