#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a file names a package registry or mirror: which one is used is the machine's own setting.

usage: check_hosts.py ROOT
"""
import pathlib
import re
import subprocess
import sys

HOSTS = re.compile(r"\b(pypi\.(org|python)|(files\.)?pythonhosted\.|registry\.(npmjs|yarnpkg)\.|npmmirror\.|"
                   r"(deb|security|snapshot|ftp\.\w+)\.debian\.org|download\.pytorch\.|download\.nvidia\.|"
                   r"huggingface\.co/\S+/resolve)", re.IGNORECASE)


def main(root):
    root = pathlib.Path(root)
    listing = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True, check=False)
    if listing.returncode:
        print("not a git checkout: nothing to list")
        return 0
    problems = []
    for name in sorted(set(listing.stdout.splitlines())):
        path = root / name
        if not path.is_file() or path.stat().st_size > 4_000_000:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = HOSTS.search(line)
            if match:
                problems.append(f"{name}:{number}: names {match.group(0)}")
    print("\n".join(problems) or "no file names a package registry")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
