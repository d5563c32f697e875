# SPDX-License-Identifier: Apache-2.0
"""Cases of trajectories, judged by evo itself."""
import copy

import numpy as np
from evo import EvoException
from evo.core import metrics, sync
from evo.core.trajectory import PoseTrajectory3D
from scipy.spatial.transform import Rotation

from metric_case_files import UNDEFINED, number, write_case

STATISTICS = ["rmse", "mean", "median", "max", "min", "std", "sse", "n"]
ALIGNMENTS = {
    "none": {}, "se3": {"align": True}, "sim3": {"align": True, "correct_scale": True},
    "scale_only": {"correct_scale": True}, "origin": {"align_origin": True},
}


def aligned(truth, estimate, align=False, correct_scale=False, align_origin=False):
    estimate = copy.deepcopy(estimate)
    if align or correct_scale:
        estimate.align(truth, correct_scale, correct_scale and not align)
    if align_origin:
        estimate.align_origin(truth)
    return estimate


def statistics(name, metric, truth, estimate, options):
    try:
        metric.process_data((truth, aligned(truth, estimate, **options)))
        found = {**metric.get_all_statistics(), "n": len(metric.error)}
    except EvoException:
        found = dict.fromkeys(STATISTICS)
    return {f"{name}/{key}": number(found[key]) for key in STATISTICS}


def judged_by_evo(truth, estimate, deltas):
    translation, degrees = metrics.PoseRelation.translation_part, metrics.PoseRelation.rotation_angle_deg
    try:
        truth, estimate = sync.associate_trajectories(copy.deepcopy(truth), copy.deepcopy(estimate), max_diff=0.01)
        pairs = truth.num_poses
    except sync.SyncException:
        pairs = 0
    expected = {"associated_pairs": pairs}

    def add(name, make, options):
        expected.update(statistics(name, make(), truth, estimate, options) if pairs else
                        {f"{name}/{key}": UNDEFINED for key in STATISTICS})

    for alignment, options in ALIGNMENTS.items():
        add(f"ape_trans/{alignment}", lambda: metrics.APE(translation), options)
        add(f"ape_rot_deg/{alignment}", lambda: metrics.APE(degrees), options)
    for frames, all_pairs in deltas:
        label = f"d{frames}{'_all' if all_pairs else ''}"
        make = lambda relation: metrics.RPE(relation, frames, metrics.Unit.frames, all_pairs=all_pairs)
        for alignment in ("none", "sim3"):
            add(f"rpe_trans/{label}/{alignment}", lambda: make(translation), ALIGNMENTS[alignment])
        add(f"rpe_rot_deg/{label}", lambda: make(degrees), {})
    return expected


def path_of(stamps, positions, rotations):
    quaternions = np.roll(rotations.as_quat(), 1, axis=1)
    return PoseTrajectory3D(np.array(positions), quaternions, np.array(stamps, dtype=float))


def tum(path):
    rows = []
    for stamp, position, wxyz in zip(path.timestamps, path.positions_xyz, path.orientations_quat_wxyz):
        rows.append(" ".join(f"{x:.12g}" for x in [stamp, *position, *np.roll(wxyz, -1)]))
    return "# time x y z qx qy qz qw\n" + "\n".join(rows) + "\n"


def read_back(text):
    rows = np.array([[float(x) for x in line.split()] for line in text.splitlines() if not line.startswith("#")])
    return path_of(rows[:, 0], rows[:, 1:4], Rotation.from_quat(rows[:, 4:]))


def trajectory_case(name, truth, estimate, note, deltas=((1, False), (10, False), (10, True))):
    texts = {"truth.tum": tum(truth), "estimate.tum": tum(estimate)}
    case = {
        "metric": "trajectory", "reference": "evo 1.38.1", "notes": note,
        "inputs": {"truth": "truth.tum", "estimate": "estimate.tum"}, "settings": {"t_max_diff": 0.01},
        "expected": judged_by_evo(read_back(texts["truth.tum"]), read_back(texts["estimate.tum"]), deltas),
        "tolerance": {"default": 1e-9, "rot_deg": 1e-6},
    }
    write_case(name, case, texts)


def wandering(count, seed, step=1 / 30, start=10.0):
    random = np.random.default_rng(seed)
    positions = np.cumsum(random.normal(size=(count, 3)) * 0.1, axis=0) + [1, -2, 3]
    rotations = Rotation.from_rotvec(np.cumsum(random.normal(size=(count, 3)) * 0.05, axis=0))
    return path_of(start + step * np.arange(count), positions, rotations)


def moved(path, seed, scale=1.0, noise=0.0, turn=None, shift=(0, 0, 0), mirror=False):
    random = np.random.default_rng(seed)
    turn = turn or Rotation.identity()
    positions = path.positions_xyz * ([1, 1, -1] if mirror else [1, 1, 1])
    positions = scale * turn.apply(positions + random.normal(size=positions.shape) * noise) + shift
    wobble = Rotation.from_rotvec(random.normal(size=positions.shape) * noise)
    rotations = turn * Rotation.from_quat(np.roll(path.orientations_quat_wxyz, -1, axis=1)) * wobble
    return path_of(path.timestamps, positions, rotations)


def part(path, chosen, shift_s=0.0):
    reduced = copy.deepcopy(path)
    reduced.reduce_to_ids(list(chosen))
    return path_of(reduced.timestamps + shift_s, reduced.positions_xyz,
                   Rotation.from_quat(np.roll(reduced.orientations_quat_wxyz, -1, axis=1)))


def trajectories():
    turn = Rotation.from_rotvec([0.4, -1.1, 0.7])
    path = wandering(40, 1)
    trajectory_case("traj-similarity", path, moved(path, 2, 2.5, 0.03, turn, (4, -1, 0.5)),
                    "turned, scaled, shifted, with noise; more deltas", ((1, False), (3, True), (7, False)))
    trajectory_case("traj-identical", path, path, "no error at all")
    trajectory_case("traj-mirrored", path, moved(path, 3, mirror=True), "the best rotation of a mirror image")
    sparse = moved(part(path, range(0, 40, 2), 0.004), 4, noise=0.02)
    trajectory_case("traj-half-rate", path, sparse, "the estimate has half the poses, stamps off by 4 ms")
    trajectory_case("traj-denser-estimate", sparse, path, "the truth has half the poses")
    fine = wandering(40, 5, step=1 / 128)
    trajectory_case("traj-tie", part(fine, range(0, 40, 4)), part(moved(fine, 6, noise=0.01), range(2, 40, 4)),
                    "every stamp is over 10 ms from its neighbours: nothing belongs together")
    ties = path_of(np.arange(24) / 64, wandering(24, 7).positions_xyz, Rotation.identity(24))
    trajectory_case("traj-between", ties, part(ties, range(0, 20, 2), 1 / 128), "stamps halfway: the earlier counts")
    order = np.random.default_rng(8).permutation(40)
    trajectory_case("traj-unsorted", part(path, order), moved(part(path, range(30)), 9, noise=0.02),
                    "the longer path's stamps don't rise")
    twice = part(path, sorted([*range(40), 7, 7, 20]))
    trajectory_case("traj-stamps-twice", twice, moved(part(path, range(5, 35)), 10, noise=0.02), "equal stamps")
    trajectory_case("traj-no-overlap", path, part(path, range(40), 100), "no overlap in time")
    line = path_of(path.timestamps, np.outer(np.arange(40), [0.25, 0, 0]), Rotation.identity(40))
    trajectory_case("traj-collinear", line, moved(line, 11), "a straight path fixes no rotation")
    trajectory_case("traj-still", part(line, [3] * 12), part(line, [5] * 12), "a camera that doesn't move")
    trajectory_case("traj-one-pose", part(path, [4]), part(path, [4]), "one pose")
    trajectory_case("traj-two-poses", part(path, [4, 5]), moved(part(path, [4, 5]), 12, noise=0.1), "two poses")
    trajectory_case("traj-short", part(path, range(6)), moved(part(path, range(6)), 13, noise=0.05),
                    "shorter than a delta of 10")
