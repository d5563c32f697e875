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



def plumb(text):
    return "namespace plumb {\n" + text + "\n}\n"


CLASS = plumb("class Pair { int a_; };")
HIDDEN = plumb("namespace {\nstruct Pair { int a; };\n}")
# (name, files with their texts, part of the complaint; None where the tree is sound)
TYPE_CASES = (
    ("two rooms, one name", {"scenes/a.cc": CLASS, "metrics/b.h": CLASS}, "metrics/b.h:2: plumb::Pair is also"),
    ("an enum and a class", {"core/a.h": plumb("enum class Pair : int { kA };"), "core/b.cc": CLASS}, "core/a.h:2"),
    ("a template", {"core/a.h": plumb("template <class T, class U = A<T>>\nstruct Pair final : T {\n};"),
                    "app/b.cc": CLASS}, "app/b.cc:2: plumb::Pair is also defined in core/a.h:3"),
    ("a test and the program", {"core/a.h": CLASS, "tests/core/a_test.cc": CLASS}, "tests/core/a_test.cc:2"),
    ("tests of one program", {"tests/core/a_test.cc": CLASS, "tests/core/b_test.cc": CLASS}, "is also defined"),
    ("two test programs", {"tests/core/a_test.cc": CLASS, "tests/app/b_test.cc": CLASS}, None),
    ("unnamed namespaces", {"scenes/a.cc": HIDDEN, "metrics/b.cc": HIDDEN, "core/c.h": CLASS}, None),
    ("behind a brace in a text", {"core/a.cc": 'const char* a = "}{"; char b = \'{\'; // {\n' + CLASS,
                                  "app/b.h": CLASS}, "is also defined"),
    ("behind a long number", {"core/a.cc": "int a = 1'000'000;\n" + CLASS, "core/b.h": CLASS}, "is also defined"),
    ("inside of another type", {"core/a.h": plumb("class A { class Pair { }; };"), "core/b.h": CLASS}, None),
    ("only declared", {"core/a.h": plumb("class Pair;\nstruct Pair* F(struct Pair& p);"), "core/b.h": CLASS}, None),
    ("in a function", {"core/a.cc": plumb("void F() {\n  struct Pair { };\n}"), "core/b.h": CLASS}, None),
    ("in a comment", {"core/a.h": plumb("/*\nclass Pair { };\n*/ // class Pair { };"), "core/b.h": CLASS}, None),
    ("in a macro", {"core/a.h": plumb("#define A \\\n  class Pair { };"), "core/b.h": CLASS}, None),
)
LONG_FUNCTION = "void F(int a) {\n" + "  a++;\n" * 59 + "}\n"
# (name, file, its text, exit code, part of what is printed)
SIZE_CASES = (
    ("a function of 61 lines", "core/a.cc", LONG_FUNCTION, 1, "too long: core/a.cc:1: function of 61 lines"),
    ("a function of 60 lines", "core/a.cc", LONG_FUNCTION.replace("  a++;\n", "", 1), 0, "look again: core/a.cc:1"),
    ("a file of 501 lines", "app/a.h", "\n" * 501, 1, "too long: app/a.h: 501 lines"),
    ("a file of 500 lines", "app/a.h", "\n" * 500, 0, "look again: app/a.h: 500 lines"),
    ("a file of 300 lines", "app/a.h", "\n" * 300, 0, "0 to look at again, 0 too long"),
)


def run(check, *arguments):
    done = subprocess.run([sys.executable, HERE / check, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def tree(folder, file, text):
    path = pathlib.Path(folder) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    failures = []
    for name, file, text, complaint in INCLUDE_CASES:
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, file, text)
            code, output = run("check_includes.py", folder)
            if (code == 0) != (complaint is None) or (complaint or "") not in output:
                failures.append(f"{name}: exit {code}: {output}")

    for name, files, complaint in TYPE_CASES:
        with tempfile.TemporaryDirectory() as folder:
            for file, text in files.items():
                tree(folder, file, text)
            code, output = run("check_types.py", folder)
            if (code == 0) != (complaint is None) or (complaint or "") not in output:
                failures.append(f"{name}: exit {code}: {output}")

    for name, file, text, expected, part in SIZE_CASES:
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, file, text)
            code, output = run("check_sizes.py", folder)
            if code != expected or part not in output:
                failures.append(f"{name}: exit {code}: {output}")

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        tree(folder, "web/lock.json", '"resolved": "https://' + "registry." + 'npmjs.org/x"\n')
        if run("check_hosts.py", folder)[0] != 1:
            failures.append("a registry's name in a lock file goes unnoticed")

    cases = len(INCLUDE_CASES) + len(TYPE_CASES) + len(SIZE_CASES) + 1
    print("\n".join(failures) or f"{cases} faults found or rightly passed over")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
