# SPDX-License-Identifier: Apache-2.0
"""Cases of `camera_path`: the definitions of WorldScore, MemoBench and WRBench's D1 written down in NumPy, apart from
the C++: poses as 4x4 matrices, angles by SciPy, the scale of least distance by a search."""
import math

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.spatial.transform import Rotation

from metric_case_files import number, write_case


def matrices(rotations, positions):
    poses = np.tile(np.eye(4), (len(positions), 1, 1))
    poses[:, :3, :3] = rotations.as_matrix()
    poses[:, :3, 3] = positions
    return poses


def tum(stamps, poses):
    quaternions = Rotation.from_matrix(poses[:, :3, :3]).as_quat()
    return "".join(" ".join(f"{x:.12g}" for x in [stamp, *pose[:3, 3], *quaternion]) + "\n"
                   for stamp, pose, quaternion in zip(stamps, poses, quaternions))


def read_back(text):
    rows = np.array([[float(x) for x in line.split()] for line in text.splitlines()])
    return matrices(Rotation.from_quat(rows[:, 4:]), rows[:, 1:4])


def angle(a, b):
    return math.degrees(Rotation.from_matrix(a[:3, :3].T @ b[:3, :3]).magnitude())


def worldscore(target, found):
    target, found = np.linalg.inv(target[0]) @ target, np.linalg.inv(found[0]) @ found
    far = 2 + 2 * np.abs(target[:, :3, 3]).max() / max(np.linalg.norm(found[:, :3, 3], axis=1).max(), 1e-12)

    def distance(scale):
        return np.linalg.norm(target[:, :3, 3] - scale * found[:, :3, 3], axis=1).mean()

    # A coarse grid first, then the interval of its best point.
    grid = np.linspace(-far, far, 20001)
    best = grid[np.argmin([distance(scale) for scale in grid])]
    step = grid[1] - grid[0]
    search = minimize_scalar(distance, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-13})
    rotation = np.mean([angle(a, b) for a, b in zip(target, found)])
    translation = min(search.fun, distance(best))
    control = math.sqrt(max(0, 1 - rotation / 15) * max(0, 1 - translation / 0.5))
    return {"rotation_deg": rotation, "translation": translation, "camera_control": control}


def memobench(target, found):
    align = target[0, :3, :3] @ found[0, :3, :3].T
    errors = np.array([angle(a, np.pad(align @ b[:3, :3], (0, 1))) for a, b in zip(target, found)])
    rmse = math.sqrt(np.mean(errors**2))
    total = angle(target[0], target[-1])
    steps = [angle(target[i].T @ target[i + 1], found[i].T @ found[i + 1]) for i in range(len(target) - 1)]
    return {"camera_controllability": max(0.0, 1 - rmse / max(total, 10.0)), "ate_rot_deg": rmse,
            "total_gt_rotation_deg": total, "mean_rot_error_deg": np.mean(steps)}


def wrbench(target, found, kind):
    found = target[0] @ np.linalg.inv(found[0]) @ found
    rotation = np.mean([angle(a, b) for a, b in zip(target, found)])
    way, other = target[:, :3, 3] - target[0, :3, 3], found[:, :3, 3] - found[0, :3, 3]
    square = np.sum(other * other)
    scale = max(np.sum(way * other) / square, 0.0) if square > 1e-12 else 1.0
    spread = math.sqrt(np.mean(np.sum(way**2, axis=1))) + 1e-8
    shape = math.sqrt(np.mean(np.sum((way - scale * other)**2, axis=1))) / spread
    reward = math.exp(-(rotation / 45 + shape))

    def peak(values):
        return values[np.argmax(np.abs(values))]

    def yaw(poses):
        relative = np.linalg.inv(poses[0]) @ poses
        return peak(np.degrees(np.arctan2(relative[:, 0, 2], relative[:, 0, 0])))

    def same(a, b, least):
        return abs(a) > least and abs(b) > least and (a > 0) == (b > 0)

    still = max(angle(found[0], pose) for pose in found) <= 2 and np.linalg.norm(other, axis=1).max() <= 0.05
    accuracy = {"any": reward, "static": float(still), "yaw": reward if same(yaw(target), yaw(found), 2.0) else 0.0,
                "pan": reward if same(peak(way[:, 0]), peak(other[:, 0]), 1e-4) else 0.0}[kind]
    return {"camera_accuracy": accuracy, "pose_reward": reward, "rot_error_deg": rotation, "trans_error": shape}


def camera_path_case(name, note, target, found, kind="any", late=0.0):
    stamps = np.arange(len(target)) / 24
    texts = {"truth.tum": tum(stamps, target), "estimate.tum": tum(stamps[: len(found)] + late, found)}
    target, found = read_back(texts["truth.tum"]), read_back(texts["estimate.tum"])
    pairs = min(len(target), len(found)) if late <= 0.01 else 0
    expected = {"associated_pairs": pairs}
    forms = [("worldscore", worldscore), ("memobench", memobench), ("wrbench", lambda a, b: wrbench(a, b, kind))]
    for form, measure in forms:
        values = measure(target[:pairs], found[:pairs]) if pairs > 1 else measure(target, target)
        expected |= {f"{form}/{key}": number(value) if pairs > 1 else None for key, value in values.items()}
    write_case(name, {"metric": "camera_path", "reference": "WorldScore, MemoBench and WRBench D1, NumPy",
                      "notes": note, "inputs": {"truth": "truth.tum", "estimate": "estimate.tum"},
                      "settings": {"t_max_diff": 0.01, "camera": kind}, "expected": expected,
                      "tolerance": {"default": 1e-7, "_deg": 1e-6}}, texts)


def path(count, turn_deg, way, start):
    share = np.linspace(0, 1, count)
    turns = Rotation.from_rotvec(np.outer(np.radians(turn_deg) * share, [0.1, 0.98, 0.17]))
    positions = np.outer(share, way) + np.outer(np.sin(3 * share), [0.02, 0.1, -0.05])
    return start @ matrices(turns, positions)


def noisy(poses, seed, scale, degrees, spread):
    random = np.random.default_rng(seed)
    wobble = matrices(Rotation.from_rotvec(np.radians(degrees) * random.normal(size=(len(poses), 3))),
                      spread * random.normal(size=(len(poses), 3)))
    found = poses @ wobble
    found[:, :3, 3] *= scale
    return found


def camera_paths():
    identity = np.eye(4)
    start = matrices(Rotation.from_rotvec([[0.3, -0.8, 0.2]]), [[1.0, -4.0, 2.0]])[0]
    asked = path(30, 25, [0.8, 0.1, 0.3], identity)
    moved = path(30, 25, [0.8, 0.1, 0.3], start)
    camera_path_case("camera-near", "another world and scale, little noise", moved, noisy(asked, 1, 3.0, 0.3, 0.01))
    camera_path_case("camera-far", "so far off that all clip at nought", asked,
                     noisy(path(30, -40, [-0.9, 1.2, 0.3], identity), 2, 0.5, 4.0, 0.2), "pan")
    camera_path_case("camera-identical", "no error at all", moved, moved, "yaw")
    camera_path_case("camera-wrong-way", "turns to the other side", moved,
                     noisy(path(30, -25, [0.8, 0.1, 0.3], identity), 3, 1.0, 0.2, 0.005), "yaw")
    still = path(30, 0, [0, 0, 0], start) * 1.0
    still[:, :3, 3] = still[0, :3, 3]
    camera_path_case("camera-still", "nothing was asked for and little is seen", still,
                     noisy(still, 4, 1.0, 0.2, 0.004), "static")
    camera_path_case("camera-no-way", "the estimate never leaves its place", asked,
                     np.repeat(asked[:1], 30, axis=0), "pan")
    camera_path_case("camera-one-pose", "one pose says nothing", asked, asked[:1])
    camera_path_case("camera-late", "no overlap in time", asked, asked, late=0.02)
