#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plumb's DiT beside that of Diffusers: same LibTorch, same weights, one thread each, pass by pass in turn.

usage: $(scripts/parity-venv) tests/bench/compare_dit.py PROGRAM [--pairs N] [--type float32|bfloat16] [WIDTHxTOKENS ...]
       $(scripts/parity-venv) tests/bench/compare_dit.py PROGRAM --loop STEPS [WIDTHxTOKENS ...]

PROGRAM is bench_dit of a build with PLUMB_BENCH=ON. Times are processor time of the thread; the ratio is the median over pairs, with the lowest and highest of their middle half. "error"
is each side's largest error against the same weights in float64, over the output's root mean square. "of GEMM" compares
the pass's floating-point work with the rate of LibTorch's own product of the same width in the same minute.

--loop times DiTPipeline whole: STEPS of DDIM with guidance, then the autoencoder. The error is then that of the pictures
against Diffusers' own in float32 (0 to 1).
"""
import argparse
import pathlib
import statistics
import tempfile

import diffusers.pipelines.dit.pipeline_dit as pipeline_module
import torch
import torch.nn.functional as functional
from diffusers import AutoencoderKL, DDIMScheduler, DiTPipeline, DiTTransformer2DModel
from safetensors.torch import save_file

from taking_turns import Program, medians, paired, ratio_text, timed, type_name

HEAD_DIMS = {384: 64, 512: 64, 768: 64, 1024: 64, 1152: 72}
SHAPES = ["384x256", "384x576", "384x1024", "384x1444", "768x256", "768x1024", "1152x256", "1152x1024", "1152x1444"]
LOOP_SHAPES = ["384x256", "1152x256"]


def make_model(width, tokens, layers):
    torch.manual_seed(0)
    head = HEAD_DIMS.get(width, 64)
    model = DiTTransformer2DModel(num_attention_heads=width // head, attention_head_dim=head, in_channels=4,
                                  out_channels=8, num_layers=layers, sample_size=2 * round(tokens**0.5))
    for parameter in model.parameters():
        scale = parameter[0].numel() ** -0.5 if parameter.dim() > 1 else 0.2
        parameter.data = torch.randn_like(parameter) * scale
    return model.eval()


def make_pipeline(width, tokens, layers):
    """The transformer of make_model with an autoencoder of a quarter of the released one's width."""
    torch.manual_seed(1)
    vae = AutoencoderKL(block_out_channels=(32, 64, 128, 128), layers_per_block=2, norm_num_groups=32,
                        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
    scheduler = DDIMScheduler(beta_start=0.0001, beta_end=0.02, beta_schedule="linear", clip_sample=False)
    pipeline = DiTPipeline(make_model(width, tokens, layers), vae.eval(), scheduler)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def gemm_rate(width, rows, kind):
    """LibTorch's own product of the feed-forward's shape, in GFLOP/s: the best of five."""
    a, b = torch.randn(rows, width, dtype=kind), torch.randn(4 * width, width, dtype=kind)
    seconds = min(timed(lambda: functional.linear(a, b))[0] for _ in range(5))
    return 8e-9 * rows * width * width / seconds


def draw_inputs(side, batch):
    torch.manual_seed(2)
    return {"hidden_states": torch.randn(batch, 4, side, side), "timestep": torch.full((batch,), 400),
            "class_labels": torch.arange(batch)}


def compare_pass(width, tokens, kind, options):
    model = make_model(width, tokens, options.layers)
    inputs = draw_inputs(model.config.sample_size, options.batch)
    call = lambda net, type_: net(inputs["hidden_states"].to(type_), timestep=inputs["timestep"],
                                  class_labels=inputs["class_labels"]).sample
    rates = []
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        folder = pathlib.Path(folder)
        model.save_pretrained(folder / "transformer")
        save_file(inputs, folder / "inputs.safetensors")
        exact = call(model.double(), torch.float64)
        model = make_model(width, tokens, options.layers).to(kind)
        ours = Program(options.program, folder, type_name(kind))
        pairs, result = paired(ours, "forward", lambda: call(model, kind), options.pairs,
                               lambda: rates.append(gemm_rate(width, options.batch * tokens, kind)))
        mine_out = ours.finish(folder / "out.safetensors")
    rms = exact.pow(2).mean().sqrt()
    error = lambda out: ((out.double() - exact).abs().max() / rms).item()
    n, d = tokens, width
    work = 1e-9 * options.batch * options.layers * (24 * n * d * d + 4 * n * n * d)
    mine, theirs = medians(pairs)
    print(f"{width:5} {tokens:6}  {type_name(kind):8}  {1e3 * mine:9.1f} {1e3 * theirs:9.1f}  "
          f"{ratio_text(pairs)}  {work / mine:7.1f} {work / theirs:9.1f}  {work / mine / statistics.median(rates):7.1%}  "
          f"{error(mine_out):.1e} {error(result):.1e}", flush=True)


def compare_loop(width, tokens, kind, options):
    pipeline = make_pipeline(width, tokens, options.layers)
    inputs = draw_inputs(pipeline.transformer.config.sample_size, options.batch)
    pipeline_module.randn_tensor = lambda *_, dtype, **__: inputs["hidden_states"].to(dtype)
    call = lambda: pipeline(class_labels=inputs["class_labels"].tolist(), guidance_scale=4.0,
                            num_inference_steps=options.loop, output_type="pt").images
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        folder = pathlib.Path(folder)
        pipeline.save_pretrained(folder)
        save_file(inputs, folder / "inputs.safetensors")
        exact = call()
        pipeline.to(dtype=kind)
        ours = Program(options.program, folder, type_name(kind))
        pairs, result = paired(ours, f"loop {options.loop}", call, options.pairs)
        mine_out = ours.finish(folder / "out.safetensors")
    error = lambda out: (out.float() - exact).abs().max().item()
    mine, theirs = medians(pairs)
    print(f"{width:5} {tokens:6}  {type_name(kind):8}  {mine:9.2f} {theirs:9.2f}  {ratio_text(pairs)}  "
          f"{error(mine_out):.1e} {error(result):.1e}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("shapes", nargs="*")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--batch", type=int, help="samples; default 2 of a pass (class and no class), 1 of a loop")
    parser.add_argument("--loop", type=int, metavar="STEPS")
    parser.add_argument("--type", choices=["float32", "bfloat16"])
    options = parser.parse_intermixed_args()
    options.batch = options.batch or (1 if options.loop else 2)
    torch.set_num_threads(1)
    kinds = [getattr(torch, options.type)] if options.type else [torch.float32, torch.bfloat16]
    what = f"loops of {options.loop} steps" if options.loop else "passes"
    print(f"torch {torch.__version__}, {what}, {options.batch} samples, {options.layers} layers, {options.pairs} pairs")
    print("width tokens  type        ours [s]  Diffusers  ratio              error  theirs" if options.loop else
          "width tokens  type      ours [ms]  Diffusers  ratio              GFLOP/s  Diffusers  of GEMM  error  theirs")
    for kind in kinds:
        for shape in options.shapes or (LOOP_SHAPES if options.loop else SHAPES):
            width, tokens = map(int, shape.split("x"))
            (compare_loop if options.loop else compare_pass)(width, tokens, kind, options)


if __name__ == "__main__":
    main()
