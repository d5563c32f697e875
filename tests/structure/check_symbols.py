#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a library or program holds code that COLMAP bundles under licences other than its own.

usage: check_symbols.py FILE ...

PBA is GPL, LSD is AGPL, SiftGPU is for non-commercial use. Only names that these define are looked for; COLMAP's
own functions may carry such a word in their name or take such a type as an argument.
"""
import re
import subprocess
import sys

FORBIDDEN = re.compile(r"^(pba::|ParallelBA|SparseBundleC|ConfigBA|SiftGPU::|SiftMatchGPU::|SiftMatchCU|SiftPyramid::|"
                       r"PyramidGL|PyramidCU|ProgramGLSL|ProgramCU|ShaderMan::|GlobalUtil::|"
                       r"(vtable|typeinfo) for (pba::|SiftGPU|SiftMatchGPU)|"
                       r"(lsd|lsd_scale|lsd_scale_region|LineSegmentDetection)(\(|$))")


def main(paths):
    problems = []
    for path in paths:
        listing = subprocess.run(["nm", "-C", path], capture_output=True, text=True, check=True).stdout
        # A line is "[address] type name"; undefined names have no address.
        for line in listing.splitlines():
            match = re.match(r"^\s*[0-9a-f]*\s+[A-Za-z]\s+(.*)$", line)
            if match and FORBIDDEN.match(match.group(1)):
                problems.append(f"{path}: {match.group(1)}")
    print("\n".join(sorted(set(problems))) or f"{len(paths)} file(s) hold none of PBA, LSD, SiftGPU")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
