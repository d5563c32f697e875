#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of this folder find what they are for: small trees with one fault each."""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent

# (name, file, its text, part of the complaint; None where the tree is sound)
INCLUDE_CASES = (
    ("stage sees core", "metrics/a.cc", '#include "core/score.h"\n', None),
    ("stage sees stage", "metrics/a.cc", '#include "scenes/truth.h"\n', "metrics includes scenes"),
    ("core sees stage", "core/a.h", '#include "app/verbs.h"\n', "core includes app"),
    ("app sees all", "app/a.cc", '#include "scenes/truth.h"\n#include <sqlite3.h>\n', None),
    ("not from the root", "core/a.cc", '#include "score.h"\n', "not spelled from the root"),
    ("library outside its room", "reports/a.cc", "#include <opencv2/core.hpp>\n", "belongs to metrics"),
    ("core stays light", "core/a.cc", "#include <yaml-cpp/yaml.h>\n", "Eigen, fmt and JSON only"),
    ("type in a public header", "scenes/a.h", "class A { btVector3* v_; };\n", "shows btVector3"),
    ("type in an internal header", "scenes/internal_a.h", "class A { btVector3* v_; };\n", None),
    ("type in a comment", "scenes/a.h", "// Unlike btVector3 this is a value.\n", None),
    ("library in a public header", "app/a.h", "#include <sqlite3.h>\n", "public header includes"),
    ("folder name", "core/utils/a.cc", "\n", "no folder may be called utils"),
)


def run(check, *arguments):
    done = subprocess.run([sys.executable, HERE / check, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def tree(folder, file, text):
    path = pathlib.Path(folder) / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def main():
    failures = []
    for name, file, text, complaint in INCLUDE_CASES:
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, file, text)
            code, output = run("check_includes.py", folder)
            if (code == 0) != (complaint is None) or (complaint or "") not in output:
                failures.append(f"{name}: exit {code}: {output}")

    with tempfile.TemporaryDirectory() as folder:
        tree(folder, "core/a.cc", "void F(int a) {\n" + "  a++;\n" * 70 + "}\n")
        if run("check_sizes.py", folder, "--strict")[0] != 1 or run("check_sizes.py", folder)[0] != 0:
            failures.append("a function of 72 lines: only --strict must fail")

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        tree(folder, "web/lock.json", '"resolved": "https://' + "registry." + 'npmjs.org/x"\n')
        if run("check_hosts.py", folder)[0] != 1:
            failures.append("a registry's name in a lock file goes unnoticed")

    print("\n".join(failures) or f"{len(INCLUDE_CASES) + 2} faults found or rightly passed over")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
