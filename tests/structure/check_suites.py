#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a test suite of a program would be run by no ctest entry, or an entry would run nothing.

usage: check_suites.py PROGRAM PREFIX ...
"""
import subprocess
import sys


def main(program, prefixes):
    listing = subprocess.run([program, "--gtest_list_tests"], check=True, capture_output=True, text=True).stdout
    # Suites stand at the line's start and end with a dot; "Instance/SuiteTest." is a parameterised one.
    suites = [line.split("#")[0].strip().rstrip(".") for line in listing.splitlines()
              if line and not line.startswith(" ") and line.split("#")[0].strip().endswith(".")]

    def covers(prefix, suite):
        return any(part.startswith(prefix) for part in suite.split("/")[:2])

    problems = [f"suite {suite} belongs to no test file: name it after its file (foo_bar_test.cc: FooBarTest…)"
                for suite in suites if not any(covers(prefix, suite) for prefix in prefixes)]
    problems += [f"no suite starts with {prefix}, so its test file runs nothing"
                 for prefix in prefixes if not any(covers(prefix, suite) for suite in suites)]
    print("\n".join(problems) or f"{len(suites)} suites in {len(prefixes)} files")
    return 1 if problems or not suites else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
