#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the shape of the house: who may include whom, and which libraries may show.

usage: check_includes.py ROOT

A stage includes core and itself; core includes only itself; app and tests see all. A library stays inside its
room, and no type of it shows in a room's public header (files named internal*.h, or under internal/, are not
public). Includes are spelled from the root.
"""
import pathlib
import re
import sys

STAGES = ("scenes", "generator", "metrics", "reports")
ROOMS = ("core", *STAGES, "app")
FORBIDDEN_FOLDERS = {"utils", "util", "common", "helpers", "manager"}

# What the library's headers start with, and the rooms that may include them. Tests may include all.
LIBRARIES = (
    (r"torch/|ATen/|c10/", ("generator",)),
    (r"sentencepiece", ("generator",)),
    (r"btBullet|btBulletDynamics|LinearMath/|BulletCollision/|BulletDynamics/", ("scenes",)),
    (r"embree", ("scenes",)),
    (r"opencv2/|ceres/|(base|controllers|estimators|feature|mvs|optim|retrieval|sfm|util)/\w+\.h", ("metrics",)),
    (r"sqlite3|libav|libsw", ("app",)),
    (r"yaml-cpp/|CLI/|spdlog/", ("app",)),
    (r"openssl/", ("app", "generator")),
)
# The last two rows are light: app's headers may show them.
HEAVY = LIBRARIES[:-2]
CORE_ALLOWS = r"Eigen/|fmt/|nlohmann/|[a-z_0-9]+$|(fcntl|unistd|sys/\w+)\.h$"
THIRD_PARTY_TYPE = re.compile(r"\bbt[A-Z]\w+|\bRTC[A-Z]\w+|\btorch::|\bat::|\bcv::|\bcolmap::|\bceres::|\bsqlite3\w*")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def without_comments(text):
    """The text with comments and string contents blanked, line numbers kept."""
    def blank(match):
        return match.group(0) if match.group(0).startswith('"') else re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', blank, text, flags=re.DOTALL)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def check_include(room, kind, target, root):
    """What is wrong with one include, or None."""
    if kind == '"':
        other = target.split("/")[0]
        if other not in (*ROOMS, "tests"):
            return f'"{target}" is not spelled from the root'
        if other == "tests" and room != "tests":
            return f"{room} includes tests"
        if room in (*STAGES, "core") and other not in ("core", room):
            return f"{room} includes {other}: a stage sees only core and itself"
        return None
    if room == "tests":
        return None
    if room == "core" and not re.match(CORE_ALLOWS, target):
        return f"core includes <{target}>: Eigen, fmt and JSON only"
    for pattern, rooms in LIBRARIES:
        if re.match(pattern, target) and room not in rooms:
            return f"{room} includes <{target}>, which belongs to {', '.join(rooms)}"
    return None


def is_public_header(path):
    return path.suffix == ".h" and not path.name.startswith("internal") and "internal" not in path.parts[:-1]


def check_file(root, path):
    text = without_comments((root / path).read_text(encoding="utf-8"))
    room = path.parts[0]
    problems = []
    for match in INCLUDE.finditer(text):
        problem = check_include(room, match.group(1), match.group(2), root)
        if problem:
            problems.append(f"{path}:{line_of(text, match.start())}: {problem}")
        elif room in ROOMS and is_public_header(path) and match.group(1) == "<":
            if any(re.match(pattern, match.group(2)) for pattern, _ in HEAVY):
                problems.append(f"{path}:{line_of(text, match.start())}: public header includes <{match.group(2)}>")
    if room in ROOMS and is_public_header(path):
        code = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
        for match in THIRD_PARTY_TYPE.finditer(code):
            problems.append(f"{path}:{line_of(code, match.start())}: public header shows {match.group(0)}")
    return problems


def main(root):
    root = pathlib.Path(root)
    files = [path.relative_to(root) for room in (*ROOMS, "tests") for path in sorted((root / room).rglob("*"))
             if path.suffix in (".h", ".cc") and "node_modules" not in path.parts]
    problems = [problem for path in files for problem in check_file(root, path)]
    problems += [f"{path.parent}: no folder may be called {path.parent.name}" for path in files
                 if FORBIDDEN_FOLDERS & set(path.parts[:-1])]
    print("\n".join(sorted(set(problems))) or f"{len(files)} files keep to their rooms")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
