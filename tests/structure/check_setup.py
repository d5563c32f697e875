#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs scripts/setup against small wheels of its own: which LibTorch it takes, what it says first and what it keeps.

usage: check_setup.py CHECKOUT

Nothing is installed and nothing outside a scratch folder is read or written: the cache, the package index and the
built COLMAP are stand-ins. Passes with a word where Debian packages are missing, because set-up would install them.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

VERSION = "2.13.0"
CPU = {"torch/include/torch/csrc/api/include/torch/torch.h": "", "torch/lib/libtorch_cpu.so": "",
       "torch/lib/libc10.so": "", "torch/lib/libtorch_python.so": "", "torch/share/cmake/Torch/TorchConfig.cmake": "",
       "torch/__init__.py": ""}
CUDA = CPU | {"torch/lib/libtorch_cuda.so": "", "torch/lib/libc10_cuda.so": ""}
# As the real wheels do, torch names some CUDA libraries itself and the others through a package without files.
INDEX = (
    ("torch", VERSION, CUDA, ["filelock", 'cuda-toolkit[cudart,crt]==13.0.3; platform_system == "Linux"',
                              'nvidia-cudnn-cu13==9.20; platform_system == "Linux"', "triton==3.7.1"]),
    ("cuda-toolkit", "13.0.3", {}, ['nvidia-cuda-runtime==13.0.96; extra == "cudart"',
                                    'nvidia-cuda-crt==13.0.88; extra == "crt"']),
    ("nvidia-cuda-runtime", "13.0.96", {"nvidia/cu13/lib/libcudart.so.13": "", "nvidia/cu13/include/cuda.h": ""}, []),
    ("nvidia-cuda-crt", "13.0.88", {"nvidia/cu13/include/crt.h": ""}, []),
    ("nvidia-cudnn-cu13", "9.20", {"nvidia/cudnn/lib/libcudnn.so.9": "x" * 2_000_000}, []),
    ("triton", "3.7.1", {"triton/__init__.py": ""}, []),
    ("filelock", "4.0", {"filelock/__init__.py": ""}, []),
)
KEPT_OF_CUDA = {"torch/lib/libtorch_cuda.so", "torch/lib/libc10_cuda.so", "torch/lib/libtorch_cpu.so",
                "nvidia/cu13/lib/libcudart.so.13", "nvidia/cudnn/lib/libcudnn.so.9"}
NEVER_KEPT = {"torch/lib/libtorch_python.so", "torch/__init__.py", "nvidia/cu13/include/cuda.h", "triton/__init__.py"}


def write_wheel(folder, name, version, files, requirements):
    """A wheel that any Python takes."""
    stem = f"{name.replace('-', '_')}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: cudart",
             "Provides-Extra: crt", *[f"Requires-Dist: {text}" for text in requirements]]
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
        wheel.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
        wheel.writestr(f"{stem}.dist-info/licenses/LICENSE", "")
    return path


def write_index(folder):
    """A package index as pip reads it from a folder."""
    (folder / "files").mkdir(parents=True)
    for name, version, files, requirements in INDEX:
        path = write_wheel(folder / "files", name, version, files, requirements)
        (folder / name).mkdir()
        (folder / name / "index.html").write_text(f'<a href="../files/{path.name}">{path.name}</a>')
    return folder.as_uri()


class Setup:
    """scripts/setup with a cache of its own, in which COLMAP is there already."""

    def __init__(self, checkout, scratch):
        self.script = checkout / "scripts/setup"
        self.scratch = scratch
        self.local = scratch / "local"
        self.local.mkdir()
        write_wheel(self.local, "torch", f"{VERSION}+cpu", CPU, ["filelock"])
        self.index = write_index(scratch / "index")
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith("PIP_")} | {
            "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.index, "PIP_FIND_LINKS": str(self.local),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def run(self, cache, *options):
        """Exit code, output and the files below the LibTorch in use."""
        self.environment["PLUMB_CACHE"] = str(self.scratch / cache)
        colmap, libtorch = (pathlib.Path(subprocess.run(
            ["bash", self.script.parent / "cache-path", name], env=self.environment, check=True, capture_output=True,
            text=True).stdout.strip()) for name in ("colmap", "libtorch"))
        for name in ("lib/libcolmap.a", "share/colmap/COLMAPConfig.cmake"):
            (colmap / name).parent.mkdir(parents=True, exist_ok=True)
            (colmap / name).touch()
        done = subprocess.run(["bash", self.script, *options], env=self.environment, capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL)
        top = libtorch.resolve().parent
        kept = {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()} if libtorch.exists() else set()
        return done.returncode, done.stdout + done.stderr, kept


def check_wheels(setup, expect):
    """Which of the wheels are taken: the machine's own by default, the named index's alone when one is named."""
    code, text, kept = setup.run("cuda", "--torch-index", setup.index)
    expect(code == 0, f"a CUDA build must be taken: {text}")
    said = "torch 2.13.0 for CUDA: 4 wheel(s), 2 MB, torch from file://"
    expect(said in text, f"the download's size is not said: {text}")
    expect(KEPT_OF_CUDA <= kept, f"missing of the CUDA build: {KEPT_OF_CUDA - kept}")
    expect(not kept & NEVER_KEPT, f"kept without need: {kept & NEVER_KEPT}")
    code, text, again = setup.run("cuda")
    expect(code == 0 and again == kept and "wheel" not in text, f"a second call must do nothing: {text}")

    code, text, kept = setup.run("cpu")
    expect(code == 0 and "for the CPU: 1 wheel(s)" in text, f"a wheel beside pip needs no index: {text}")
    expect("torch/lib/libtorch_cpu.so" in kept, f"not the CPU build: {kept}")
    expect("torch/lib/libtorch_cuda.so" not in kept, f"not the CPU build: {kept}")

    code, text, kept = setup.run("none", "--torch-index", (setup.scratch / "nowhere").as_uri())
    expect(code == 5 and "name a package index" in text, f"an empty index: {code} {text}")
    expect(not kept, "a named index must not be replaced by another source")


def check_folders(setup, expect):
    """An unpacked LibTorch is taken as it lies there; a folder without one is refused and changes nothing."""
    own = setup.scratch / "own"
    for name in ("torch/lib/libtorch_cpu.so", "torch/include/torch/csrc/api/include/torch/torch.h"):
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).touch()
    code, text, kept = setup.run("folder", "--libtorch", str(own / "torch"))
    expect(code == 0 and "torch/lib/libtorch_cpu.so" in kept, f"an unpacked LibTorch must be taken: {text}")
    code, text, again = setup.run("folder", "--libtorch", str(setup.local))
    expect(code == 5 and "holds no LibTorch" in text, f"a folder without LibTorch: {code} {text}")
    expect(again == kept, "a refused folder must leave the LibTorch in use alone")
    expect(setup.run("folder", "--libtorch")[0] == 2, "an option without its value is a mistake in the call")


def main(checkout):
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(pathlib.Path(checkout).resolve(), pathlib.Path(folder))
        if "Debian packages" in setup.run("check", "--check")[1]:
            print("skipped: set-up would install Debian packages")
            return 0
        problems = []
        expect = lambda holds, text: holds or problems.append(text)
        check_wheels(setup, expect)
        check_folders(setup, expect)
        print("\n".join(problems) or "set-up takes what it should")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
