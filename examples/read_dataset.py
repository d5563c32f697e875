#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the clips of a data set from `plumb scenes export` hold."""
import json
import pathlib
import sys


def clips(root):
    for line in (root / "clips.jsonl").read_text(encoding="utf-8").splitlines():
        clip = json.loads(line)
        folder = root / clip["folder"]
        captions = json.loads((folder / "captions.json").read_text(encoding="utf-8"))
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        yield clip["clip"], folder / clip["video"], captions, truth


for name, video, captions, truth in clips(pathlib.Path(sys.argv[1])):
    moved = [body["name"] for body in truth["scene"]["bodies"] if not body["fixed"]]
    print(f"{name}: {video.stat().st_size} bytes, {len(truth['states'])} frames, {moved}: {captions['caption']}")
