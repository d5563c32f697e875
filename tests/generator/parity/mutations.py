#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes one wiring choice of DiT, its autoencoder or its sampling loop at a time and shows that a parity case notices.

usage: tests/generator/parity/mutations.py [--build build/release] [--list] [WORD ...]

The build must be up to date (ninja plumb). Every source that a mutation changes is compiled once beside the build, with
all of its mutations in it and a number from the environment to choose one, and linked in front of the generator's
library into a copy of `plumb`, which then replays the cases. The checkout and the build stay as they are. Prints one
row per mutation: the largest error over its tolerance. Exit code 1 when the program as it is fails a case, or a
mutation passes all of them. A WORD chooses the mutations whose description holds it.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
CASES = ROOT / "tests/generator/parity/cases"
DIT = "generator/dit/dit_transformer.cc"
KL = "generator/autoencoder_kl/autoencoder_kl.cc"
LOOP = "generator/dit/dit_pipeline.cc"
PICTURE = "generator/dit/lineage_parity.cc"
DDIM = "generator/schedulers/ddim.cc"
NORM = "generator/kernels/adaln_pass.cc"
HEADS = "generator/kernels/head_attention.cc"
PACKED = "generator/kernels/packed_linear.cc"

SHORTCUT = "(shortcut ? shortcut->forward(x) : x) + h"
FFN_NORM = "next(rows, 3, config_.feed_forward_eps)"
GUIDED = "sampling_.kind == DitGuidance::kUpstream ? std::min<int64_t>(3, channels_) : channels_"
KEPT = "keeps_variance_ ? output : output.narrow(1, 0, channels_)"
RESIDUAL = "x[i] += gate[i] * ToFloat(branch[i])"
OUT = "rows.reshape({b, h, w, p, p, c}).permute({0, 5, 1, 3, 2, 4}).reshape({b, c, h * p, w * p})"
NULL = "std::min(kDiffusersNull, config.num_classes)"
HEAD_SCALE = "1.0F / std::sqrt(static_cast<float>(width / heads))"
DIT_CASES, KL_CASES, LOOP_CASES = "dit-*", "kl-*", "dit-loop-*"

# Per description the cases of which one must fail, and (file, expression, what stands there instead). An expression
# must stand once in its file; where it doesn't, text around it tells which, with the expression between two §.
MUTATIONS = [
    ("adaLN: shift and scale exchanged", DIT_CASES, (DIT, "Part(rows, shift + 1, width)", "Part(rows, shift, width)"),
     (DIT, "Part(rows, shift, width)", "Part(rows, shift + 1, width)")),
    ("adaLN: the feed-forward's gate on the attention", DIT_CASES, (DIT, "Part(rows, 2, width)", "Part(rows, 5, width)")),
    ("adaLN: the attention's gate on the feed-forward", DIT_CASES, (DIT, "Part(rows, 5, width)", "Part(rows, 2, width)")),
    ("adaLN: feed-forward modulated as the attention", DIT_CASES, (DIT, FFN_NORM, FFN_NORM.replace("3", "0"))),
    ("adaLN: scale without 1 +", DIT_CASES, (NORM, "(1.0F + scale[i])", "scale[i]")),
    ("adaLN: branch without gate", DIT_CASES, (NORM, RESIDUAL, "x[i] += ToFloat(branch[i])")),
    ("adaLN: no residual", DIT_CASES, (NORM, RESIDUAL, "x[i] = gate[i] * ToFloat(branch[i])")),
    ("conditions: no silu before the projection", DIT_CASES,
     (DIT, "at::silu(time + table->forward(labels))", "time + table->forward(labels)")),
    ("conditions: no silu in the timestep embedder", DIT_CASES,
     (DIT, "at::silu(time_in->forward(sinusoid))", "time_in->forward(sinusoid)")),
    ("conditions: label left out", DIT_CASES, (DIT, "at::silu(time + table->forward(labels))", "at::silu(time)")),
    ("conditions: one embedder for all blocks", DIT_CASES,
     (DIT, "Pair(embedder, sinusoid, labels)", "Pair(embedders_.front(), sinusoid, labels)")),
    ("conditions: output from the last block's embedder", DIT_CASES,
     (DIT, "Pair(embedders_.front(), sinusoid, labels)", "Pair(embedders_.back(), sinusoid, labels)")),
    ("sinusoid: frequencies over half, not half - 1", DIT_CASES,
     (DIT, "static_cast<double>(half - 1)", "static_cast<double>(half)")),
    ("sinusoid: sines first", DIT_CASES,
     (DIT, "at::cat({angles.cos(), angles.sin()}, 1)", "at::cat({angles.sin(), angles.cos()}, 1)")),
    ("norms: epsilon 1e-5 before the attention", DIT_CASES, (DIT, "next(rows, 0, kNormEps)", "next(rows, 0, 1e-5)")),
    ("norms: epsilon 1e-6 before the feed-forward", DIT_CASES, (DIT, FFN_NORM, "next(rows, 3, kNormEps)")),
    ("GELU: exact for tanh, tanh for exact", DIT_CASES,
     (DIT, "config_.gelu_tanh ? LinearActivation::kGeluTanh : LinearActivation::kGelu",
      "config_.gelu_tanh ? LinearActivation::kGelu : LinearActivation::kGeluTanh")),
    ("GELU: exact in the packed product", DIT_CASES,
     (PACKED, 'char* algorithm = §activation == LinearActivation::kGeluTanh ? "tanh" : "none"§', '"none"')),
    ("positions: rows first", DIT_CASES,
     (DIT, "PositionHalf(grid[1].flatten(), width / 2)", "PositionHalf(grid[0].flatten(), width / 2)"),
     (DIT, "PositionHalf(grid[0].flatten(), width / 2)", "PositionHalf(grid[1].flatten(), width / 2)")),
    ("positions: cosines first", DIT_CASES,
     (DIT, "at::cat({angles.sin(), angles.cos()}, 1)", "at::cat({angles.cos(), angles.sin()}, 1)")),
    ("positions: other sizes not spread", "dit-other-size",
     (DIT, "(static_cast<double>(count) / static_cast<double>(base))", "1.0")),
    ("patches: channels innermost on the way in", DIT_CASES,
     (DIT, "x.reshape({b, c, h, p, w, p}).permute({0, 2, 4, 1, 3, 5}).reshape({b * h * w, c * p * p})",
      "x.reshape({b, c, h, p, w, p}).permute({0, 2, 4, 3, 5, 1}).reshape({b * h * w, c * p * p})")),
    ("patches: channels outermost on the way out", DIT_CASES,
     (DIT, OUT, "rows.reshape({b, h, w, c, p, p}).permute({0, 3, 1, 4, 2, 5}).reshape({b, c, h * p, w * p})")),
    ("attention: no scale", DIT_CASES, (HEADS, HEAD_SCALE, "1.0F")),
    ("attention: scale of the whole width", DIT_CASES,
     (HEADS, HEAD_SCALE, "1.0F / std::sqrt(static_cast<float>(width))")),
    ("attention: keys and values exchanged", DIT_CASES, (DIT, "Part(qkv, 1, width)", "Part(qkv, 2, width)"),
     (DIT, "Part(qkv, 2, width)", "Part(qkv, 1, width)")),
    ("attention: queries and keys exchanged", DIT_CASES, (DIT, "Part(qkv, 0, width)", "Part(qkv, 1, width)"),
     (DIT, "Part(qkv, 1, width)", "Part(qkv, 0, width)")),
    ("attention: no projection behind", DIT_CASES, (DIT, "block.to_out(mixed)", "mixed")),
    ("autoencoder: padding left and above where it halves", KL_CASES,
     (KL, "at::constant_pad_nd(x, {0, 1, 0, 1})", "at::constant_pad_nd(x, {1, 0, 1, 0})")),
    ("autoencoder: group norms' epsilon 1e-5", KL_CASES, (KL, "channels).eps(§kEps§)", "1e-5")),
    ("autoencoder: attention without residual", KL_CASES,
     (KL, "return §x + to_out->forward(mixed).transpose(1, 2).reshape(x.sizes())§;",
      "to_out->forward(mixed).transpose(1, 2).reshape(x.sizes())")),
    ("autoencoder: attention without norm", KL_CASES, (KL, "norm->forward(x).flatten(2)", "x.flatten(2)")),
    ("autoencoder: no attention in the middle", KL_CASES, (KL, "x = attention(x)", "x = x")),
    ("autoencoder: mean and variance exchanged", KL_CASES, (KL, "return {§moments[0]§,", "moments[1]"),
     (KL, "moments[1].clamp(-30.0, 20.0)", "moments[0].clamp(-30.0, 20.0)")),
    ("autoencoder: no quant_conv", KL_CASES, (KL, "x = §quant_conv_->forward(x)§", "x")),
    ("autoencoder: no post_quant_conv", KL_CASES, (KL, "x = §post_quant_conv_->forward(x)§", "x")),
    ("autoencoder: no shortcut where channels change", KL_CASES, (KL, SHORTCUT, "(shortcut ? h : x + h)")),
    ("autoencoder: shortcut behind the norm", KL_CASES,
     (KL, SHORTCUT, "(shortcut ? shortcut->forward(at::silu(norm1->forward(x))) : x) + h")),
    ("autoencoder: no silu before the second convolution", KL_CASES,
     (KL, "at::silu(norm2->forward(h))", "norm2->forward(h)")),
    ("autoencoder: bilinear enlargement", KL_CASES,
     (KL, "at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2})",
      "at::upsample_bilinear2d(x, {x.size(2) * 2, x.size(3) * 2}, false)")),
    ("autoencoder: no silu before the output", KL_CASES, (KL, "at::silu(norm_out->forward(x))", "norm_out->forward(x)")),
    ("loop: guidance on all channels for upstream", LOOP_CASES, (LOOP, GUIDED, "channels_")),
    ("loop: guidance on three channels for Diffusers", LOOP_CASES, (LOOP, GUIDED, "std::min<int64_t>(3, channels_)")),
    ("loop: guidance from the class, not from no class", LOOP_CASES,
     (LOOP, "without + sampling_.guidance * (with_class - without)",
      "with_class + sampling_.guidance * (with_class - without)")),
    ("loop: upstream's null class 0", LOOP_CASES, (LOOP, ": §config.num_classes§;", "int64_t{0}")),
    ("loop: Diffusers' null class 0", LOOP_CASES, (LOOP, NULL, "int64_t{0}")),
    ("loop: learned variance dropped", LOOP_CASES,
     (LOOP, KEPT, "keeps_variance_ ? at::cat({output.narrow(1, 0, channels_), "
                  "at::zeros_like(output.narrow(1, 0, channels_))}, 1) : output.narrow(1, 0, channels_)")),
    ("loop: variance of no class", LOOP_CASES,
     (LOOP, "output.narrow(1, count, output.size(1) - count)",
      "predicted.narrow(0, 1, 1).narrow(1, count, output.size(1) - count)")),
    ("loop: DDIM a fixed stride down where it is respaced", LOOP_CASES,
     (DDIM, "end_ == StepEnd::kStrideBelow", "true")),
    ("loop: latents decoded as they are", LOOP_CASES,
     (PICTURE, "latents / vae->config().scaling_factor", "latents")),
]

PROLOGUE = """#include <cstdlib>
static const int chosen_mutation = [] {
  const char* number = std::getenv("PLUMB_MUTATION");
  return number == nullptr ? 0 : std::atoi(number);
}();
"""


def mutated(file, edits):
    """The source with all of its edits; [(number, text, replacement)]."""
    source = (ROOT / file).read_text()
    texts = {}
    for number, text, replacement in edits:
        texts.setdefault(text, []).append((number, replacement))
    for text, choices in texts.items():
        before, expression, after = text.split("§") if "§" in text else ("", text, "")
        if source.count(before + expression + after) != 1:
            sys.exit(f"mutations: {file}: '{text}' stands {source.count(text.replace('§', ''))} times, not once")
        chosen = f"({expression})"
        for number, replacement in choices:
            # Hidden from later searches: an inserted replacement is not the program's own text.
            chosen = f"(chosen_mutation == {number} ? ({hidden(replacement)}) : {chosen})"
        source = source.replace(before + expression + after, before + chosen.replace(expression, hidden(expression)) + after)
    return PROLOGUE + source.replace(HIDE, "")


HIDE = "\N{ZERO WIDTH SPACE}"


def hidden(text):
    return HIDE.join(text)


class Builder:
    def __init__(self, build):
        self.build = build.resolve()
        done = subprocess.run(["ninja", "-C", str(build), "-t", "commands", "plumb"], capture_output=True, text=True,
                              check=True)
        lines = [line.split("] ", 1)[-1] for line in done.stdout.splitlines()]
        self.link = lines[-1].removeprefix(": && ").removesuffix(" && :")
        self.compile = {}
        for line in lines:
            found = re.search(r" -c (\S+\.cc)$", line)
            source = (self.build / found.group(1)).resolve() if found else ROOT
            if ROOT in source.parents:
                self.compile[str(source.relative_to(ROOT))] = line

    def program(self, folder, edits):
        """plumb with the edits of all files; {file: [(number, text, replacement)]}."""
        objects = []
        for file, of_file in edits.items():
            source = folder / pathlib.Path(file).name
            source.write_text(mutated(file, of_file))
            words = shlex.split(self.compile[file])
            objects.append(str(source) + ".o")
            words[words.index("-o") + 1] = objects[-1]
            words[-1] = str(source)
            if "-MF" in words:
                words[words.index("-MF") + 1] = str(source) + ".d"
            print(f"compiling {file} with {len(of_file)} mutations", file=sys.stderr, flush=True)
            subprocess.run(words, cwd=self.build, check=True)
        words = shlex.split(self.link)
        at = words.index("-o")
        words[at + 1] = str(folder / "plumb")
        words[at:at] = objects
        subprocess.run(words, cwd=self.build, check=True)
        return folder / "plumb"


def worst(program, number, pattern):
    """(largest error over tolerance, its case and tensor) of the cases; infinite where a value is missing."""
    cases = sorted(str(path) for path in CASES.glob(pattern))
    done = subprocess.run([str(program), "parity", "--json", *cases], capture_output=True, text=True,
                          env={**os.environ, "PLUMB_MUTATION": str(number)})
    found = (0.0, "")
    for case in json.loads(done.stdout)["cases"]:
        name = pathlib.Path(case["case"]).name
        if case["status"] == "rejected":
            found = max(found, (float("inf"), f"{name}: {case['reason']}"))
        for tensor in case["tensors"]:
            error = tensor["max_abs_error"]
            if error is None or tensor["tolerance"] == 0:
                ratio = 0.0 if error == 0 else float("inf")
            else:
                ratio = error / tensor["tolerance"]
            found = max(found, (ratio, f"{name} {tensor['name']}"))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--list", action="store_true", help="name the mutations, change nothing")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [(number, mutation) for number, mutation in enumerate(MUTATIONS, 1)
              if not options.words or any(word in mutation[0] for word in options.words)]
    if options.list:
        print("\n".join(mutation[0] for _, mutation in chosen))
        return 0
    edits = {}
    for number, (_, _, *changes) in chosen:
        for file, text, replacement in changes:
            edits.setdefault(file, []).append((number, text, replacement))
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        program = Builder(options.build).program(pathlib.Path(folder), edits)
        rows = [(0, "none: the program as it is", "*")] + [(number, m[0], m[1]) for number, m in chosen]
        for number, what, pattern in rows:
            ratio, where = worst(program, number, pattern)
            noticed = ratio > 1
            print(f"{ratio:12.3g}  {what:58} {where if noticed or number == 0 else 'NOT NOTICED'}", flush=True)
            survivors += [what] if noticed == (number == 0) else []
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutations fail a case")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
