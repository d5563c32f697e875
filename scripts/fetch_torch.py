#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Downloads the torch wheel and, where it was built for CUDA, the wheels of the CUDA libraries it loads.

usage: fetch_torch.py VERSION FOLDER [pip options, as --index-url URL]

pip finds the wheels first without fetching them, so that their size is said before the download starts. An index
that is named is the only source: pip's own other sources would put in a build that nobody asked for.
"""
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request


def pip_that_resolves(folder):
    """pip from 23.2 reads a wheel's requirements without fetching it; an older one is asked for a newer one."""
    pip = [sys.executable, "-m", "pip"]
    words = subprocess.run(pip + ["--version"], check=True, capture_output=True, text=True).stdout.split()
    if tuple(int(number) for number in re.findall(r"\d+", words[1])[:2]) >= (23, 2):
        return pip
    fetch = subprocess.run(pip + ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", folder, "pip"])
    wheels = [name for name in os.listdir(folder) if name.startswith("pip-")]
    # A wheel of pip can be run without being installed.
    return [sys.executable, os.path.join(folder, wheels[0], "pip")] if not fetch.returncode and wheels else pip


def leave_out_other_sources():
    """From here on pip looks nowhere but where its options say; how it reaches the network stays as it is set."""
    done = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True)
    kept = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for line in done.stdout.splitlines():
        key, _, value = line.partition("=")
        setting = key.rpartition(".")[2]
        if setting in ("cert", "client-cert", "proxy", "trusted-host", "timeout", "default-timeout"):
            kept["PIP_" + setting.upper().replace("-", "_")] = ast.literal_eval(value)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        del os.environ[name]
    os.environ.update(kept)


def resolve(pip, version, options, folder):
    """What pip would install for torch: a list of (name, version, address, requirements), or None and pip's words."""
    report = os.path.join(folder, "report.json")
    command = pip + ["install", "--quiet", "--dry-run", "--ignore-installed", "--target", folder,
                     "--only-binary", ":all:", "--report", report, *options, f"torch=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return None, done.stderr
    with open(report, encoding="utf-8") as file:
        found = json.load(file)["install"]
    return [(item["metadata"]["name"], item["metadata"]["version"], item["download_info"]["url"],
             item["metadata"].get("requires_dist", [])) for item in found], ""


def find_wheels(version, options, folder):
    """The torch wheel, and those of the CUDA libraries if it was built for them; and the pip that found them."""
    # A wheel in a folder that pip is set to look in needs no index, if it asks for nothing that is to be kept.
    if not options:
        pip = [sys.executable, "-m", "pip"]
        local, _ = resolve(pip, version, ["--no-index", "--no-deps"], folder)
        if local and not any(re.match(r"nvidia-|cuda-", text) for text in local[0][3]):
            return local, pip + ["--no-input"], ["--no-index"]
    pip = pip_that_resolves(folder)
    if options:
        leave_out_other_sources()
    found, error = resolve(pip, version, options, folder)
    if found is None:
        sys.exit(f"{error}pip finds no torch {version}; name a package index with --torch-index or an unpacked "
                 "LibTorch with --libtorch")
    # Of torch's requirements only the CUDA libraries are needed: everything else serves Python.
    return [item for item in found if item[0] == "torch" or item[0].startswith("nvidia-")], pip, options


def size_of(url):
    """Bytes of a wheel, or None where the server does not say."""
    try:
        parts = urllib.parse.urlparse(url)
        if parts.scheme == "file":
            return os.path.getsize(urllib.request.url2pathname(parts.path))
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=30) as answer:
            return int(answer.headers["Content-Length"])
    except (OSError, TypeError, ValueError):
        return None


def main(version, into, options):
    with tempfile.TemporaryDirectory() as folder:
        wheels, pip, options = find_wheels(version, options, folder)
        sizes = [size_of(url) for _, _, url, _ in wheels]
        known = sum(size for size in sizes if size)
        kind = "for CUDA" if len(wheels) > 1 else "for the CPU"
        unknown = "" if all(sizes) else " or more (not every server says the size)"
        source = next(url for name, _, url, _ in wheels if name == "torch").rpartition("/")[0]
        print(f"torch {version} {kind}: {len(wheels)} wheel(s), {known / 1e6:,.0f} MB{unknown}, torch from {source}",
              flush=True)
        os.makedirs(into, exist_ok=True)
        subprocess.run(pip + ["download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary", ":all:",
                              "-d", into, *options, *[f"{name}=={release}" for name, release, *_ in wheels]], check=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
