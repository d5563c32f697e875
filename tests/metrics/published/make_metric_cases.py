#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the parity cases of `plumb measure` in cases/ beside this file.

Trajectories are judged by evo itself (trajectory_cases.py), camera paths by camera_path_cases.py. The metrics of matches and models have no package: their
values come from the definitions in the papers and programs that case.json names, written down here once more in NumPy,
apart from the C++.

  python3 -m venv env && env/bin/pip install --no-deps -r requirements.txt && env/bin/python make_metric_cases.py
"""
import json
import math
import shutil
import sqlite3

import numpy as np
from scipy.spatial.transform import Rotation

from camera_path_cases import camera_paths
from metric_case_files import CASES, number, write_case
from trajectory_cases import trajectories

# --- matches ---

def two_views(count, seed, noise=0.5, wrong=0.0):
    random = np.random.default_rng(seed)
    points = random.uniform([-2, -1.5, 4], [2, 1.5, 9], size=(count, 3))
    rotation = Rotation.from_rotvec([0.05, -0.2, 0.03]).as_matrix()
    shift = np.array([0.6, 0.1, -0.2])
    calibration = np.array([[600, 0, 320], [0, 600, 240], [0, 0, 1.0]])
    first, second = points @ calibration.T, (points @ rotation.T + shift) @ calibration.T
    pixels = np.concatenate([first[:, :2] / first[:, 2:], second[:, :2] / second[:, 2:]], axis=1)
    pixels += random.normal(size=pixels.shape) * noise
    outliers = random.random(count) < wrong
    pixels[outliers, 2:] = random.uniform([0, 0], [640, 480], size=(int(outliers.sum()), 2))
    cross = np.array([[0, -shift[2], shift[1]], [shift[2], 0, -shift[0]], [-shift[1], shift[0], 0]])
    rays = np.linalg.inv(calibration)
    fundamental = rays.T @ cross @ rotation @ rays
    return np.round(pixels, 4), fundamental / fundamental[2, 2], ~outliers


def csv(pixels, inliers=None):
    header = "x1,y1,x2,y2" + ("" if inliers is None else ",inlier")
    rows = [",".join(f"{x:.4f}" for x in row) + ("" if inliers is None else f",{int(inliers[i])}")
            for i, row in enumerate(pixels)]
    return "\n".join([header, *rows]) + "\n"


def homogeneous(pixels):
    return np.concatenate([pixels, np.ones((len(pixels), 1))], axis=1)


def gvgc_pair(pixels, fundamental, inliers):
    """compute_fundamental_error and EvaluateErrBetweenTwoImage of the published program."""
    matches = len(pixels)
    if fundamental is None:
        return dict.fromkeys(["mean", "median", "rmse", "mae", "keep_ratio", "inliers"]) | {"matches": matches}
    chosen = pixels[inliers]
    lines = homogeneous(chosen[:, :2]) @ fundamental.T
    errors = np.abs(np.sum(lines * homogeneous(chosen[:, 2:]), axis=1)) / np.hypot(lines[:, 0], lines[:, 1])
    some = len(errors) > 0
    return {"mean": errors.mean() if some else None, "median": np.median(errors) if some else None,
            "rmse": np.sqrt(np.mean(errors**2)) if some else None, "mae": errors.mean() if some else None,
            "keep_ratio": len(errors) / matches if matches else None, "inliers": len(errors), "matches": matches}


def gvgc_video(pairs):
    """The brief result of AutoEvaluate.py."""
    statistic = {"mean_error": ("mean", np.mean), "median_error": ("median", np.median),
                 "rmse": ("rmse", lambda x: np.sqrt(np.mean(np.square(x)))), "mae": ("mae", np.mean),
                 "keep_ratio": ("keep_ratio", np.mean), "inliers": ("inliers", np.mean),
                 "matches": ("matches", np.mean)}
    found = {}
    for name, (key, function) in statistic.items():
        values = [pair[key] for pair in pairs]
        found[f"video/{name}"] = None if None in values else number(function(np.array(values, dtype=float)))
    return found


def gvgc_case(name, views, note):
    files, inputs, pairs = {}, [], []
    for i, (pixels, fundamental, inliers) in enumerate(views):
        files[f"matches{i}.csv"] = csv(pixels, inliers)
        matrix = None if fundamental is None else fundamental.tolist()
        files[f"F{i}.json"] = json.dumps({"F": matrix, "convention": "x2^T F x1 = 0"})
        inputs.append([f"matches{i}.csv", f"F{i}.json"])
        pairs.append(gvgc_pair(pixels, fundamental, inliers))
    expected = {f"pair{i}/{key}": number(value) for i, pair in enumerate(pairs) for key, value in pair.items()}
    write_case(name, {"metric": "gvgc", "reference": "arXiv 2402.17403, NumPy", "notes": note,
                      "inputs": {"pairs": inputs}, "settings": {}, "expected": {**expected, **gvgc_video(pairs)},
                      "tolerance": {"default": 1e-9}}, files)


def sampson_case(name, pixels, fundamental, note):
    first, second = homogeneous(pixels[:, :2]), homogeneous(pixels[:, 2:])
    expected = {}

    def errors(matrix):
        ahead, back = first @ matrix.T, second @ matrix
        return np.sqrt(np.sum(second * ahead, axis=1)**2 /
                       (np.sum(ahead[:, :2]**2, axis=1) + np.sum(back[:, :2]**2, axis=1)) + 1e-8)

    def normalised(points):
        mean = points[:, :2].mean(axis=0)
        scale = math.sqrt(2) / np.linalg.norm(points[:, :2] - mean, axis=1).mean()
        return np.array([[scale, 0, -scale * mean[0]], [0, scale, -scale * mean[1]], [0, 0, 1]])

    def eight_point():
        a, b = normalised(first), normalised(second)
        x, y = first @ a.T, second @ b.T
        rows = np.einsum("ni,nj->nij", y, x).reshape(len(x), 9)
        matrix = np.linalg.svd(rows)[2][-1].reshape(3, 3)
        u, s, v = np.linalg.svd(matrix)
        return b.T @ (u @ np.diag([s[0], s[1], 0]) @ v) @ a

    enough = len(pixels) >= 20
    given = errors(fundamental)
    fitted = errors(eight_point()) if enough else None
    expected["given_F/mean_error"] = number(given.mean()) if enough else None
    expected["given_F/inlier_rate_5px"] = number((given <= 5).mean()) if enough else None
    expected["given_F/median"] = number(np.median(given)) if enough else None
    expected["given_F/max"] = number(given.max()) if enough else None
    expected["eight_point/mean_error"] = number(fitted.mean()) if enough else None
    expected["eight_point/inlier_rate_5px"] = number((fitted <= 5).mean()) if enough else None
    write_case(name, {"metric": "sampson", "reference": "arXiv 2510.21615, NumPy", "notes": note,
                      "inputs": {"matches": "matches.csv", "F": "F.json"},
                      "settings": {"min_matches": 20, "inlier_px": 5.0, "eps": 1e-8}, "expected": expected,
                      "tolerance": {"default": 1e-9, "eight_point": 1e-7}},
               {"matches.csv": csv(pixels), "F.json": json.dumps({"F": fundamental.tolist()})})


def matches():
    gvgc_case("gvgc-three-pairs", [two_views(40, 20, 0.4, 0.2), two_views(25, 21, 1.0, 0.4), two_views(60, 22)],
              "median of medians, root of the mean square")
    pixels, fundamental, inliers = two_views(30, 23)
    gvgc_case("gvgc-no-inliers", [two_views(20, 24), (pixels, fundamental, inliers & False)],
              "one pair keeps nothing: no error of it, none of the video")
    gvgc_case("gvgc-no-matrix", [(pixels[:5], None, inliers[:5])], "too few matches for a matrix")
    pixels, fundamental, _ = two_views(50, 25, 0.6)
    sampson_case("sampson-clean", pixels, fundamental, "noise of 0.6 px")
    sampson_case("sampson-few", pixels[:19], fundamental, "one match too few")
    pixels, fundamental, _ = two_views(61, 26, 0.8, 0.3)
    sampson_case("sampson-wrong", pixels, fundamental, "every third match is wrong; an odd number")


# --- COLMAP databases and models ---

def database(names, keypoints, matches):
    """`matches` by pair of indices into `names`."""
    path = CASES / "database.tmp"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size = 1024")
    connection.executescript("""
        CREATE TABLE cameras (camera_id INTEGER PRIMARY KEY, model INTEGER, width INTEGER, height INTEGER, params BLOB,
            prior_focal_length INTEGER);
        CREATE TABLE images (image_id INTEGER PRIMARY KEY, name TEXT UNIQUE, camera_id INTEGER);
        CREATE TABLE keypoints (image_id INTEGER PRIMARY KEY, rows INTEGER, cols INTEGER, data BLOB);
        CREATE TABLE matches (pair_id INTEGER PRIMARY KEY, rows INTEGER, cols INTEGER, data BLOB);""")
    connection.execute("INSERT INTO cameras VALUES (1, 1, 256, 256, NULL, 0)")
    ids = {}
    for name, identity in names:
        ids[name] = identity
        connection.execute("INSERT INTO images VALUES (?, ?, 1)", (identity, name))
    for name, points in keypoints.items():
        data = np.concatenate([points, np.zeros((len(points), 4))], axis=1).astype(np.float32)
        connection.execute("INSERT INTO keypoints VALUES (?, ?, 6, ?)", (ids[name], len(points), data.tobytes()))
    for (a, b), pairs in matches.items():
        swapped = ids[a] > ids[b]
        pairs = pairs[:, ::-1] if swapped else pairs
        pair_id = min(ids[a], ids[b]) * 2147483647 + max(ids[a], ids[b])
        connection.execute("INSERT INTO matches VALUES (?, ?, 2, ?)",
                           (pair_id, len(pairs), np.ascontiguousarray(pairs, dtype=np.uint32).tobytes()))
    connection.commit()
    connection.execute("VACUUM")
    connection.close()
    content = path.read_bytes()
    path.unlink()
    return content


def symmetric_distance(pose_1, pose_2, focal, first, second):
    """compute_sed.py: poses are camera to world, y up, z backward."""
    intrinsics = np.array([[focal, 0, 128], [0, focal, 128], [0, 0, 1]]) @ np.diag([1, -1, -1])
    inverse = np.linalg.inv(intrinsics)

    def distance(a, b, p, q):
        relative = np.linalg.inv(a) @ b
        t = relative[:3, 3]
        cross = np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])
        matrix = inverse.T @ (np.linalg.inv(relative[:3, :3]) @ cross).T @ inverse
        lines = homogeneous(p) @ matrix
        return np.abs(np.sum(lines * homogeneous(q), axis=1)) / np.hypot(lines[:, 0], lines[:, 1])

    return 0.5 * (distance(pose_1, pose_2, first, second) + distance(pose_2, pose_1, second, first))


def tsed_case(name, note, seed, counts, noise, reverse_ids=False, still=False):
    random = np.random.default_rng(seed)
    frames = len(counts) + 1
    points = random.uniform([-1, -1, -4], [1, 1, -2], size=(80, 3))
    poses, keypoints = [], {}
    for i in range(frames):
        pose = np.eye(4)
        pose[:3, :3] = Rotation.from_euler("y", 0.0 if still else 4 * i, degrees=True).as_matrix()
        pose[:3, 3] = 0 if still else [0.15 * i, 0.05 * i, 0.3]
        pose = np.round(pose, 9)
        poses.append(pose)
        camera = homogeneous(points) @ np.linalg.inv(pose).T
        pixels = np.stack([128 + 230.4 * camera[:, 0] / -camera[:, 2], 128 - 230.4 * camera[:, 1] / -camera[:, 2]], 1)
        keypoints[f"{i:04d}.png"] = (pixels + random.normal(size=pixels.shape) * noise).astype(np.float32)
    names = [(f"{i:04d}.png", frames - i if reverse_ids else i + 1) for i in range(frames)]
    pairs, expected, medians = {}, {}, []
    for i, count in enumerate(counts):
        a, b = f"{i:04d}.png", f"{i + 1:04d}.png"
        indices = random.permutation(80)[:count]
        other = indices.copy()
        other[: count // 10] = random.integers(0, 80, count // 10)
        if count:
            pairs[(a, b)] = np.stack([indices, other], 1)
        distances = symmetric_distance(poses[i], poses[i + 1], 230.4, keypoints[a][indices].astype(float),
                                       keypoints[b][other].astype(float))
        median = 99999999999 if count == 0 else np.median(distances)
        medians.append(median)
        expected[f"pair{i}/median_sed"] = number(median)
        expected[f"pair{i}/matches"] = count
    for error in (1, 2, 4, 0.5):
        for least in (10, 30, 20):
            consistent = sum(int(c >= least and m < error) for c, m in zip(counts, medians))
            expected[f"tsed/te{error}_tm{least}"] = consistent / len(counts)
            expected[f"consistent_pairs/te{error}_tm{least}"] = consistent
    write_case(name, {"metric": "tsed", "reference": "Photoconsistent-NVS compute_sed.py, NumPy", "notes": note,
                      "inputs": {"database": "database.db", "poses": "poses.json"},
                      "settings": {"size": 256, "principal_point": 128, "table": "matches (raw)"},
                      "expected": expected, "tolerance": {"default": 1e-7}},
               {"database.db": database(names, keypoints, pairs),
                "poses.json": json.dumps({"poses": [pose.tolist() for pose in poses], "focal_y": 0.9})})


def coverage(centres, points, plane):
    """calculate_coverage of SysCON3D's metrics.py."""
    if len(points) == 0 or len(centres) < 2:
        return 0.0
    middle, axes = np.median(points, axis=0), None
    if plane == "pca" and len(centres) >= 3:
        _, singular, v = np.linalg.svd(centres - centres.mean(axis=0), full_matrices=False)
        axes = v[:2].T if singular[1] >= 1e-6 else None
    flat = (centres - middle) @ axes if axes is not None else (centres - middle)[:, [0, 2]]
    angles = np.sort(np.degrees(np.arctan2(flat[:, 0], flat[:, 1])) % 360)
    return float(360 - max([*np.diff(angles), 360 - angles[-1] + angles[0]]))


def syscon_case(name, note, centres, points, attempted, binary=False, folder="model"):
    random = np.random.default_rng(len(name))
    images, rows, binary_images = [], [], b""
    for i, centre in enumerate(centres):
        rotation = Rotation.random(random_state=random)
        shift = -rotation.apply(centre)
        x, y, z, w = rotation.as_quat()
        image = [w, x, y, z, *shift]
        images.append(f"frame_{i:03d}.png")
        rows.append(f"{i + 1} " + " ".join(f"{v:.17g}" for v in image) + f" 1 frame_{i:03d}.png\n\n")
        binary_images += (np.uint32(i + 1).tobytes() + np.array(image).tobytes() + np.uint32(1).tobytes() +
                          f"frame_{i:03d}.png".encode() + b"\0" + np.uint64(1).tobytes() + bytes(24))
    if binary:
        cloud = np.uint64(len(points)).tobytes()
        for i, point in enumerate(points):
            cloud += (np.uint64(i + 1).tobytes() + np.array(point).tobytes() + bytes(3) + np.float64(0.5).tobytes() +
                      np.uint64(1).tobytes() + bytes(8))
        files = {f"{folder}/images.bin": np.uint64(len(images)).tobytes() + binary_images,
                 f"{folder}/points3D.bin": cloud}
    else:
        files = {f"{folder}/images.txt": "# two lines each\n" + "".join(rows),
                 f"{folder}/points3D.txt": "# one line each\n" + "".join(
                     f"{i + 1} " + " ".join(f"{v:.17g}" for v in point) + " 9 9 9 0.5\n"
                     for i, point in enumerate(points))}
    files["database.db"] = database([(attempt, i + 1) for i, attempt in enumerate(attempted)], {}, {})
    registered = len(set(attempted) & set(images))
    expected = {"coverage/pca": coverage(centres, points, "pca"), "coverage/xz": coverage(centres, points, "xz"),
                "registration_rate": registered / len(attempted) if attempted else 0.0,
                "attempted_images": len(attempted), "registered_images": registered, "points": len(points)}
    write_case(name, {"metric": "syscon3d_sparse", "reference": "SysCON3D colmap_metrics, NumPy", "notes": note,
                      "inputs": {"model": folder.split("/")[0] + "/", "database": "database.db"},
                      "settings": {"coverage_planes": ["pca", "xz"]}, "expected": expected,
                      "tolerance": {"default": 1e-9, "coverage": 1e-6}}, files)


def models():
    tsed_case("tsed-noise", "some matches wrong; one pair without matches, one with nine", 30, [40, 0, 9, 60, 30], 1.2)
    tsed_case("tsed-reversed-ids", "image ids run against the names", 31, [30, 12, 25], 0.3, reverse_ids=True)
    tsed_case("tsed-still", "a camera that stands still defines no line", 32, [20, 20], 0.3, still=True)
    random = np.random.default_rng(40)
    cloud = random.normal(size=(15, 3)) + [0.3, 0, 0.2]
    angles = np.radians([5, 40, 90, 130, 200])
    ring = np.stack([3 * np.sin(angles), 0.4 * np.cos(3 * angles), 3 * np.cos(angles)], 1)
    attempted = [f"frame_{i:03d}.png" for i in range(5)] + ["missing_0.png", "missing_1.png"]
    syscon_case("syscon-ring", "text model in sub-folder 0", ring, cloud, attempted, folder="sparse/0")
    syscon_case("syscon-binary", "binary model, a tilted ring", ring @ Rotation.from_euler(
        "x", 50, degrees=True).as_matrix().T, cloud, attempted[1:], binary=True)
    syscon_case("syscon-line", "cameras on a line fall back to x-z", np.outer([1, 2, 3], [1.0, 0, 0]), cloud, attempted)
    syscon_case("syscon-two", "two cameras fall back to x-z", ring[:2], cloud, attempted[:2])
    syscon_case("syscon-one-camera", "one camera covers nothing", ring[:1], cloud, attempted[:1])
    syscon_case("syscon-no-points", "no points, no middle", ring, np.zeros((0, 3)), attempted)
    syscon_case("syscon-nothing", "nothing was attempted", np.zeros((0, 3)), np.zeros((0, 3)), [])


def main():
    shutil.rmtree(CASES, ignore_errors=True)
    CASES.mkdir(parents=True)
    trajectories()
    camera_paths()
    matches()
    models()
    count = len(list(CASES.iterdir()))
    size = sum(path.stat().st_size for path in CASES.rglob("*") if path.is_file())
    print(f"{count} cases, {size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
