#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when two files define a type of the same name in the same namespace.

usage: check_types.py ROOT

The whole program is one flat namespace, and every room is linked into it. Two classes of one name, each seen only in
its own file, break the one-definition rule without a word from compiler or linker: whichever constructor the linker
finds first serves both. Types in unnamed namespaces and inside of other types are free; so are those of two test
programs, which are never linked together.
"""
import collections
import pathlib
import re
import sys

ROOMS = ("core", "scenes", "generator", "metrics", "reports", "app", "tests")
NOT_CODE = re.compile(r'R"([^()\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|' r"'(?:\\[^\n']{1,4}|[^'\\\n])'|//[^\n]*|/\*.*?\*/",
                      re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
TEMPLATE = re.compile(r"\btemplate\s*<(?:[^<>;{}]|<[^<>]*>)*>")
ATTRIBUTE = r"(?:(?:alignas\s*\([^)]*\)|\[\[[^\]]*\]\])\s*)*"
TOKEN = re.compile(
    r"\bnamespace\b\s*(?P<namespace>[\w:]*)\s*\{|"
    r"\b(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+" + ATTRIBUTE +
    r"(?P<type>[\w:]+(?:\s*<[^;{}()]*?>)?)\s*(?:final\s*)?(?::[^;{}()=]*)?\{|\{|\}")


def blanked(pattern, text):
    """The text with every match made of blanks, line numbers kept."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def types(text):
    """(qualified name, line) of each type that is defined outside of unnamed namespaces, types and functions."""
    for pattern in (NOT_CODE, PREPROCESSOR, TEMPLATE):
        text = blanked(pattern, text)
    scopes = []  # names of the open namespaces; None for every other block
    for match in TOKEN.finditer(text):
        if match.group(0) == "}":
            del scopes[-1:]
            continue
        if match.group("type") and None not in scopes:
            yield "::".join((*scopes, re.sub(r"\s", "", match.group("type")))), text.count("\n", 0, match.start()) + 1
        scopes.append(match.group("namespace") or None)


def may_be_linked(a, b):
    """Whether one program can hold both files: two test programs are two programs."""
    return a.parts[0] != "tests" or b.parts[0] != "tests" or a.parts[1] == b.parts[1]


def main(root):
    root = pathlib.Path(root)
    found = collections.defaultdict(list)
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".h", ".cc") and "node_modules" not in path.parts:
                for name, line in types(path.read_text(encoding="utf-8")):
                    found[name].append((path.relative_to(root), line))
    problems = []
    for name, places in sorted(found.items()):
        for i, (path, line) in enumerate(places):
            others = [f"{other}:{at}" for other, at in places[:i] if other != path and may_be_linked(other, path)]
            if others:
                problems.append(f"{path}:{line}: {name} is also defined in {others[0]}")
    print("\n".join(problems) or f"{len(found)} types, each with a name of its own")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
