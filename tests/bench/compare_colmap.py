#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plumb's cameras beside those of the stock `colmap` program (Debian 3.8), clip by clip.

usage: tests/bench/compare_colmap.py PROGRAM FOLDER [--size WxH ...] [--seeds N] [--step render|stock|ours|table ...]
       tests/bench/compare_colmap.py PROGRAM FOLDER --video FILE ...

PROGRAM is bench_cameras of a build with PLUMB_BENCH=ON. FOLDER keeps the clips, and each side's cameras and times:
what is there is not made again, so that a stopped run goes on where it ended. `--runs N` does ours N times anew, counts
the quickest and says whether all gave the same bytes. `--video` does ours alone, on files without a truth.

The stock program gets 20 of the clip's frames, evenly chosen: feature_extractor (no GPU, one shared SIMPLE_PINHOLE
camera), exhaustive_matcher, mapper, one thread; of several models the largest counts. Ours gets the whole clip, on one
thread too. ATE is the root mean square distance of the camera centres from the true ones after the best
similarity, as a share of the largest distance between two true centres; ours over every posed frame of the clip, and
over the stock program's frames alone.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

import numpy

SCENARIOS = ["orbit_room", "dolly_room", "loop_room", "handheld_room", "dynamic_room"]
FRAMES = 120


def clips(args):
    """Seed by seed, so that a stopped run has seen every scenario."""
    for size in args.size:
        for seed in range(1, args.seeds + 1):
            for scenario in SCENARIOS:
                yield size, scenario, seed, args.folder / f"{scenario}-{seed}-{size}"


def run_timed(command, log):
    """Processor and wall seconds of a command; its output goes into a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1")
    with open(log, "ab") as output:
        failed = subprocess.run(command, stdout=output, stderr=output, env=environment).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu_s, "wall_s": time.monotonic() - start, "failed": failed}


def render(program, clip):
    size, scenario, seed, folder = clip
    if not (folder / "clip.mkv").exists():
        subprocess.run([program, "render", scenario, str(seed), size, str(FRAMES), folder], check=True)


def stock(clip):
    folder = clip[-1]
    if (folder / "stock.json").exists():
        return
    work = folder / "stock"
    shutil.rmtree(work, ignore_errors=True)
    (work / "models").mkdir(parents=True)
    database = ["--database_path", work / "database.db"]
    images = ["--image_path", folder / "keyframes"]
    steps = {
        "features": ["feature_extractor", *database, *images, "--ImageReader.single_camera", "1",
                     "--ImageReader.camera_model", "SIMPLE_PINHOLE", "--SiftExtraction.use_gpu", "0",
                     "--SiftExtraction.num_threads", "1"],
        "matching": ["exhaustive_matcher", *database, "--SiftMatching.use_gpu", "0", "--SiftMatching.num_threads", "1"],
        "mapping": ["mapper", *database, *images, "--output_path", work / "models", "--Mapper.num_threads", "1"],
    }
    result = {name: run_timed(["colmap", *map(str, step)], work / "log.txt") for name, step in steps.items()}
    models = [stock_cameras(model, work) for model in sorted((work / "models").iterdir())]
    best = max(models, key=len, default=[])
    (folder / "stock.txt").write_text("".join(best))
    result["models"] = len(models)
    (folder / "stock.json").write_text(json.dumps(result))


def stock_cameras(model, work):
    """Lines as bench_cameras writes them: frame, centre, rotation x y z w of world_from_camera."""
    text = work / "text"
    text.mkdir(exist_ok=True)
    run_timed(["colmap", "model_converter", "--input_path", model, "--output_path", text, "--output_type", "TXT"],
              work / "log.txt")
    rows = [row for row in (text / "images.txt").read_text().splitlines() if not row.startswith("#")][::2]
    lines = []
    for row in rows:
        fields = row.split()
        w, x, y, z = map(float, fields[1:5])
        rotation = numpy.array([[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]])
        centre = -rotation.T @ numpy.array([float(v) for v in fields[5:8]])
        lines.append(f"{int(fields[9].split('.')[0])} {centre[0]} {centre[1]} {centre[2]} {-x} {-y} {-z} {w}\n")
    return lines


def solve(program, video, cameras, runs):
    """The quickest run's numbers, and whether all runs wrote the same cameras."""
    results, bytes_of = [], set()
    for _ in range(runs):
        done = subprocess.run([program, "solve", video, cameras], check=True, capture_output=True, text=True)
        results.append(json.loads(done.stdout))
        bytes_of.add(cameras.read_bytes())
    best = min(results, key=lambda result: result["cpu_s"])
    return dict(best, wall_s=min(result["wall_s"] for result in results), runs=runs, same=len(bytes_of) == 1)


def ours(program, clip, runs):
    folder = clip[-1]
    if not (folder / "ours.json").exists() or runs:
        result = solve(program, folder / "clip.mkv", folder / "ours.txt", runs or 1)
        (folder / "ours.json").write_text(json.dumps(result))


def read_centres(path):
    return {int(line.split()[0]): numpy.array([float(v) for v in line.split()[1:4]])
            for line in path.read_text().splitlines()}


def ate(found, truth, frames=None):
    """In percent of the path's extent; None with fewer than three cameras."""
    common = sorted(frame for frame in found if frames is None or frame in frames)
    if len(common) < 3:
        return None
    source = numpy.array([found[frame] for frame in common])
    target = numpy.array([truth[frame] for frame in common])
    every = numpy.array(list(truth.values()))
    extent = max(numpy.linalg.norm(every - centre, axis=1).max() for centre in every)
    centred, aim = source - source.mean(0), target - target.mean(0)
    u, d, vt = numpy.linalg.svd(aim.T @ centred)
    sign = numpy.diag([1, 1, numpy.sign(numpy.linalg.det(u @ vt))])
    scale = (d * numpy.diag(sign)).sum() / (centred**2).sum()
    error = scale * centred @ (u @ sign @ vt).T - aim
    return 100 * float(numpy.sqrt((error**2).sum(1).mean())) / extent


def row(clip):
    size, scenario, seed, folder = clip
    truth = read_centres(folder / "truth.txt")
    result = {"clip": f"{scenario} {seed}"}
    if (folder / "ours.json").exists():
        result |= json.loads((folder / "ours.json").read_text())
        mine = read_centres(folder / "ours.txt")
        result["ate"] = ate(mine, truth)
    if (folder / "stock.json").exists():
        theirs = json.loads((folder / "stock.json").read_text())
        centres = read_centres(folder / "stock.txt")
        result |= {"stock_cpu": sum(theirs[step]["cpu_s"] for step in ("features", "matching", "mapping")),
                   "stock_posed": len(centres), "stock_ate": ate(centres, truth)}
        if "cpu_s" in result:
            result["ate_there"] = ate(mine, truth, set(centres) or None)
    return result


COLUMNS = [("cpu_s", "ours: CPU s", "{:.2f}"), ("wall_s", "wall s", "{:.2f}"), ("posed", "posed", "{}"),
           ("ate", "ATE, %", "{:.3f}"), ("ate_there", "on stock's frames", "{:.3f}"),
           ("stock_cpu", "stock: CPU s", "{:.1f}"), ("stock_posed", "posed of 20", "{}"),
           ("stock_ate", "ATE, %", "{:.3f}"), ("less", "times less CPU", "{:.1f}")]


def table(rows):
    print("| clip | " + " | ".join(title for _, title, _ in COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for line in rows:
        if line.get("cpu_s") and line.get("stock_cpu"):
            line["less"] = line["stock_cpu"] / line["cpu_s"]
        cells = [text.format(line[key]) if line.get(key) is not None else "–" for key, _, text in COLUMNS]
        print(f"| {line['clip']} | " + " | ".join(cells) + " |")
    lowest_is_worst = {"posed", "stock_posed", "less"}
    for name, of in (("median", statistics.median), ("worst", None)):
        cells = []
        for key, _, text in COLUMNS:
            values = [line[key] for line in rows if line.get(key) is not None]
            choose = of or (min if key in lowest_is_worst else max)
            cells.append(text.format(choose(values)) if values else "–")
        print(f"| **{name}** | " + " | ".join(cells) + " |")
    differing = [line["clip"] for line in rows if not line.get("same", True)]
    if differing:
        print("not the same bytes in every run:", ", ".join(differing))


def videos(args):
    print("| file | frames | CPU s | wall s | most memory, MB | posed | worlds | in the largest |")
    print("|---" * 8 + "|")
    for path in args.video:
        done = solve(args.program, path, args.folder / f"{path.stem}.txt", args.runs or 1)
        print("| {} | {frames} | {cpu_s:.1f} | {wall_s:.1f} | {most_memory_mb} | {posed_in_any} | {worlds} | {posed} |".format(
            path.name, **done))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--size", nargs="+", default=["256x256", "640x480"])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--step", nargs="+", default=["render", "stock", "ours", "table"])
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--video", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.video:
        videos(args)
        return
    for clip in clips(args):
        if "render" in args.step:
            render(args.program, clip)
        if "stock" in args.step:
            stock(clip)
        if "ours" in args.step:
            ours(args.program, clip, args.runs)
    if "table" in args.step:
        for size in args.size:
            print(f"\n{size}, {FRAMES} frames\n")
            table([row(clip) for clip in clips(args) if clip[0] == size])


if __name__ == "__main__":
    main()
