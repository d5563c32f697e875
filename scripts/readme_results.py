#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills the result blocks of README.md; see scripts/readme-results --help.

usage: readme_results.py ROOT PROGRAM DATA [NAME…]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"(<!-- result: ([\w-]+) -->\n```console\n)\$ ([^\n]*)\n.*?(```\n<!-- /result -->)", re.DOTALL)
SCREENSHOT_SIZE = "1440,900"


def run(command, folder, program):
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120",
                   "PATH": f"{pathlib.Path(program).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if done.returncode not in (0, 1, 3):  # a failed gate and nothing measured are results as well
        sys.exit(f"readme-results: {command}: exit code {done.returncode}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def take_picture(root, page):
    """The report as a browser shows it, when Chromium is there."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        print("no Chromium: the picture stays as it is")
        return
    picture = root / "docs" / "images" / "overview.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run([browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--user-data-dir={profile}", f"--window-size={SCREENSHOT_SIZE}",
                        "--virtual-time-budget=4000", f"--screenshot={picture}", page.resolve().as_uri()],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"{picture.relative_to(root)}: {picture.stat().st_size // 1024} KB")


def main(root, program, data, *names):
    root = pathlib.Path(root)
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    known = [match.group(2) for match in BLOCK.finditer(text)]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"readme-results: no block {', '.join(unknown)}; there is: {', '.join(known)}")

    def fill(match):
        opening, name, command, closing = match.groups()
        real = name.startswith("real-")
        if (names and name not in names) or (real and not data):
            print(f"{name}: left as it is")
            return match.group(0)
        output = run(command, data if real else root, program)
        print(f"{name}: {len(output.splitlines())} lines")
        return f"{opening}$ {command}\n{output}{closing}"

    readme.write_text(BLOCK.sub(fill, text), encoding="utf-8")
    page = root / "runs" / "quick" / "report" / "index.html"
    if (not names or "quick" in names) and page.exists():
        take_picture(root, page)


if __name__ == "__main__":
    main(*sys.argv[1:])
