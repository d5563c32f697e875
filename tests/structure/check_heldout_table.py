#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when scripts/heldout-table counts a clip that changed its objects as one that kept them, or the other way.

usage: check_heldout_table.py ROOT
"""
import importlib.machinery
import importlib.util
import pathlib
import sys
import types


def load(root):
    path = str(pathlib.Path(root, "scripts/heldout-table"))
    spec = importlib.util.spec_from_loader("heldout_table", importlib.machinery.SourceFileLoader("heldout_table", path))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def measured(value, **more):
    return {"status": "measured", "value": value, "evidence": more}


def refused(code):
    return {"status": "not_measurable", "value": None, "reason": {"code": code, "text": ""}, "evidence": {}}


def clip(table, wide=10.0, high=10.0, kept=1.0, colour=0.0, odd_frames=0):
    """A finished cell with one ball, of ten by ten pixels in the truth, in 11 frames; in the odd ones it is tiny."""
    boxes = [{"body": "ball", "frame": frame, "state": "visible",
              "box": [3, 4, 1, 1] if frame < odd_frames else [3, 4, wide, high]} for frame in range(11)]
    return {"status": "done", "scores": {table.PERSISTENCE: measured(kept, boxes=boxes), table.KEPT: measured(kept),
                                         table.COLOUR: measured(colour)}}


def without_values(table, code):
    return {"status": "done", "scores": {score: refused(code) for score in
                                         (table.PERSISTENCE, table.KEPT, table.COLOUR)}}


def shape_problems(table):
    truth = clip(table)
    for keeps, what, cell in (
            (True, "the truth", truth),
            (True, "a pixel too wide", clip(table, wide=11)),
            (True, "wrong in 5 of 11 frames", clip(table, odd_frames=5)),
            (False, "wrong in 6 of 11 frames", clip(table, odd_frames=6)),
            (False, "1.2 times as large", clip(table, wide=12, high=12)),
            (False, "0.8 times as large", clip(table, wide=8, high=8)),
            (False, "of the same area, but oblong", clip(table, wide=12, high=10 / 1.2)),
            (False, "lost in a fifth of the frames", clip(table, kept=0.8)),
            (False, "never found", without_values(table, "object_not_found")),
            (False, "failed", {"status": "failed", "scores": {}})):
        if table.keeps_shape(cell, truth) != keeps:
            yield f"shape, {what}: expected {keeps}"


def colour_problems(table):
    for keeps, cell in ((True, clip(table, colour=9.9)), (False, clip(table, colour=10.1)),
                        (False, without_values(table, "unrelated"))):
        if table.keeps_colour(cell, clip(table)) != keeps:
            yield f"colour of {cell}: expected {keeps}"


def share_problems(table):
    cells = [clip(table), clip(table, colour=30), without_values(table, "no_event"),
             without_values(table, "object_not_found"), clip(table)]
    oracles = [clip(table)] * 4 + [without_values(table, "object_not_found")]
    run = types.SimpleNamespace(pairs=lambda _: list(zip(cells, oracles)))
    found = table.Run.share(run, "model", table.COLOUR, table.keeps_colour)
    # Neither the clip that stands still nor the one whose truth can't be asked.
    if found != "33 % (1 of 3)":
        yield f"share is {found}, expected 33 % (1 of 3)"
    none = types.SimpleNamespace(pairs=lambda _: [(without_values(table, "no_event"), clip(table))])
    if table.Run.share(none, "model", table.COLOUR, table.keeps_colour) != "–":
        yield "a model that always stands still has no share"


def page_problems(table):
    page = table.fill(table.fill("# Page\n", "a", ["one"]), "b", ["two"])
    again = table.fill(table.fill(page, "a", ["new \\1"]), "b", ["two"])
    if "one" in again or again.count("new \\1") != 1 or again.count("<!-- table: a -->") != 1:
        yield f"a table is not replaced by itself:\n{again}"
    if table.shown("native:models/plumb-tiny/checkpoints/early") != "`early`" or table.shown("frozen") != "`frozen`":
        yield "a row has another name than its folder's"


def main(root):
    table = load(root)
    problems = [*shape_problems(table), *colour_problems(table), *share_problems(table), *page_problems(table)]
    print("\n".join(problems) or "kept and changed clips are told apart")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
