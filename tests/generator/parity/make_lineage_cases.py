#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes parity cases of DiT and its autoencoder with small random weights.

usage: $(scripts/parity-venv) tests/generator/parity/make_lineage_cases.py [--out FOLDER] [NAME ...]

All parameters come from wide distributions (norm gains, gates and tables too), so that no wiring is hidden by a factor
near 0 or 1. Values are the library's own modules in float64; a case's tolerance is ten times the error of the same
modules in float32. Names of cases choose some; the default is all of them, into cases/ beside this script.
"""
import argparse
import json
import math
import pathlib
import zlib

import diffusers
import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, DiTPipeline, DiTTransformer2DModel
from safetensors.torch import save_file

from make_trace_cases import InDouble, error_of, rounded_up

DIT = {"num_attention_heads": 2, "attention_head_dim": 8, "in_channels": 4, "out_channels": 8, "num_layers": 2,
       "sample_size": 8, "patch_size": 2, "num_embeds_ada_norm": 10}
KL = {"block_out_channels": (4, 8, 6), "layers_per_block": 2, "norm_num_groups": 2, "latent_channels": 4,
      "down_block_types": ("DownEncoderBlock2D",) * 3, "up_block_types": ("UpDecoderBlock2D",) * 3}
LINEAR = {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "clip_sample": False}


def generator_of(name):
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def randomise(module, name, scales=()):
    """Matrices keep about the size of their input, everything else is near 1 in size and of both signs."""
    generator = generator_of(name)
    for key, parameter in sorted(module.named_parameters()):
        values = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() > 1 and "embedding_table" not in key:
            values *= 1.4 / parameter[0].numel() ** 0.5
        if key.endswith(("to_q.weight", "to_k.weight")):
            values *= 1.6  # attention far from uniform
        if "norm" in key and parameter.dim() == 1 and key.endswith("weight"):
            values = 0.4 + values.abs()
        for part, scale in scales:
            if part in key:
                values *= scale
        parameter.data = values.to(parameter.dtype)
    return module.eval()


def draw(name, *shape, scale=1.0):
    return scale * torch.randn(shape, generator=generator_of(name))


class Case:
    """Runs something in float32 and in float64 and writes what came out."""

    def __init__(self, folder, component, call, args=None, reference=None):
        self.folder, self.description = folder, {"component": component, "call": call, "args": args or {}}
        self.description["reference"] = reference or f"diffusers {diffusers.__version__}"
        (folder / "checkpoint").mkdir(parents=True, exist_ok=True)

    def finish(self, inputs, run, modules):
        """`run` takes the inputs; the modules are turned to double for the second time."""
        with torch.no_grad():
            single = run(inputs)
            for module in modules:
                module.double()
            lifted = {key: value.double() if value.is_floating_point() else value for key, value in inputs.items()}
            torch.set_default_dtype(torch.float64)
            try:
                with InDouble():
                    exact = run(lifted)
            finally:
                torch.set_default_dtype(torch.float32)
        for key, value in exact.items():
            assert value.dtype == torch.float64 and value.isfinite().all(), (self.folder, key, value.dtype)
        errors = {key: error_of(single[key], exact[key]) for key in exact}
        self.description.update(abs_tol=0.0, rel_tol=rounded_up(10 * max(max(errors.values()), 1.2e-7)),
                                float32_reference_error={key: float(f"{value:.3g}") for key, value in errors.items()})
        save_file({key: value.contiguous() for key, value in inputs.items()}, self.folder / "inputs.safetensors")
        save_file({key: value.float().contiguous() for key, value in exact.items()},
                  self.folder / "outputs.safetensors")
        (self.folder / "case.json").write_text(json.dumps(self.description, indent=1) + "\n")
        return max(errors.values())


def cancelling_latents(dit, name):
    """Latents whose tokens all but cancel the positions, so that the first norm's epsilon counts."""
    width, p = dit.inner_dim, dit.config.patch_size
    grid = dit.config.sample_size // p
    weight = dit.pos_embed.proj.weight.reshape(width, -1).double()
    target = draw(name, grid * grid, width, scale=1e-3).double() - dit.pos_embed.pos_embed[0].double()
    rows = torch.linalg.solve(weight, (target - dit.pos_embed.proj.bias.double()).T).T
    rows = rows.reshape(grid, grid, dit.config.in_channels, p, p).permute(2, 0, 3, 1, 4)
    return rows.reshape(1, dit.config.in_channels, grid * p, grid * p).float().detach()


def dit_case(folder, name, options, side, timesteps, labels, small=False):
    scales = (("norm1.linear", 0.03),) if small else ()
    dit = randomise(DiTTransformer2DModel(**{**DIT, **options}), name, scales)
    dit.save_pretrained(folder / "checkpoint/transformer")
    batch = len(timesteps)
    latents = (cancelling_latents(dit, name) if small else
               draw(name + " latents", batch, dit.config.in_channels, side, side))
    inputs = {"hidden_states": latents, "timestep": torch.tensor(timesteps), "class_labels": torch.tensor(labels)}
    return Case(folder, "DiTTransformer2DModel", "forward").finish(
        inputs, lambda given: {"sample": dit(given["hidden_states"], timestep=given["timestep"],
                                             class_labels=given["class_labels"]).sample}, [dit])


def kl_case(folder, name, options, call, height, width, scales=()):
    vae = randomise(AutoencoderKL(**{**KL, **options}), name, scales)
    vae.save_pretrained(folder / "checkpoint/vae")
    case = Case(folder, "AutoencoderKL", call)
    if call == "decode":
        inputs = {"z": draw(name + " z", 2, vae.config.latent_channels, height, width)}
        return case.finish(inputs, lambda given: {"sample": vae.decode(given["z"]).sample}, [vae])

    def encode(given):
        posterior = vae.encode(given["x"]).latent_dist
        return {"mean": posterior.mean, "logvar": posterior.logvar}

    return case.finish({"x": draw(name + " x", 2, 3, height, width)}, encode, [vae])


class Respaced:
    """The original repository's diffusion on some of its steps, from its formulas: a step goes from one kept level to
    the next lower one, the last to none. Levels are linear in beta; nothing is clipped."""

    def __init__(self, steps, train_steps=1000, beta_start=0.0001, beta_end=0.02):
        stride = (train_steps - 1) / (steps - 1) if steps > 1 else 1.0
        self.kept, reached = [], 0.0
        for _ in range(steps):
            self.kept.append(round(reached))
            reached += stride
        products = np.cumprod(1.0 - np.linspace(beta_start, beta_end, train_steps))[self.kept]
        self.products, self.lower = products.tolist(), [1.0, *products[:-1].tolist()]

    def clean(self, i, sample, noise):
        return (sample - (1 - self.products[i]) ** 0.5 * noise) / self.products[i] ** 0.5

    def ddim(self, i, sample, noise):
        """Song et al. 2021, formula 12, with the deviation 0."""
        return self.lower[i] ** 0.5 * self.clean(i, sample, noise) + (1 - self.lower[i]) ** 0.5 * noise

    def ddpm(self, i, sample, noise, spread, fresh):
        """Ho et al. 2020, formula 7; the variance between the posterior's at -1 and beta at 1 (Nichol & Dhariwal
        2021, formula 15). No noise is added in the last step."""
        product, lower = self.products[i], self.lower[i]
        beta = 1 - product / lower
        mean = (beta * lower**0.5 * self.clean(i, sample, noise)
                + (1 - lower) * (1 - beta) ** 0.5 * sample) / (1 - product)
        if i == 0:
            return mean
        share, posterior = (spread + 1) / 2, beta * (1 - lower) / (1 - product)
        return mean + torch.exp((share * math.log(beta) + (1 - share) * math.log(posterior)) / 2) * fresh


def upstream_loop(dit, vae, given, args):
    """The sampling of the original repository: guidance on the first three channels, variance learned or dropped."""
    labels = torch.tensor(args["class_labels"])
    count, channels = len(labels), dit.config.in_channels
    both = torch.cat([labels, torch.full_like(labels, dit.config.num_embeds_ada_norm)])
    diffusion = Respaced(args["num_inference_steps"])
    latents = given["latents"]
    for i in reversed(range(args["num_inference_steps"])):
        timestep = torch.full((2 * count,), diffusion.kept[i])
        predicted = dit(torch.cat([latents, latents]), timestep=timestep, class_labels=both).sample
        with_class, without = predicted.chunk(2)
        guided = without[:, :3] + args["guidance_scale"] * (with_class[:, :3] - without[:, :3])
        noise = torch.cat([guided, with_class[:, 3:channels]], dim=1)
        if args["sampler"] == "ddim":
            latents = diffusion.ddim(i, latents, noise)
        else:
            fresh = given[f"noise.{args['num_inference_steps'] - 1 - i}"]
            latents = diffusion.ddpm(i, latents, noise, with_class[:, channels:], fresh)
    frames = (vae.decode(latents / vae.config.scaling_factor).sample / 2 + 0.5).clamp(0, 1)
    return {"latents": latents, "frames": frames}


def diffusers_loop(dit, vae, scheduler, given, args):
    import diffusers.pipelines.dit.pipeline_dit as module
    module.randn_tensor = lambda *_, **__: given["latents"]
    pipeline = DiTPipeline(dit, vae, scheduler)
    pipeline.set_progress_bar_config(disable=True)
    seen = {}
    decode = vae.decode
    vae.decode = lambda z: seen.update(z=z) or decode(z)
    call = {key: value for key, value in args.items() if key != "guidance_channels"}
    frames = pipeline(**call, output_type="pt").images
    vae.decode = decode
    return {"latents": seen["z"] * vae.config.scaling_factor, "frames": frames}


def lift_tables(scheduler):
    for key in ("alphas_cumprod", "final_alpha_cumprod", "one"):
        if hasattr(scheduler, key):
            setattr(scheduler, key, getattr(scheduler, key).double())


def loop_case(folder, name, scheduler, args, classes=10, shift=None):
    # A scaled-down last layer keeps the latents of a random network within a few units.
    dit = randomise(DiTTransformer2DModel(**{**DIT, "num_embeds_ada_norm": classes}), name, (("proj_out_2", 0.5),))
    vae = randomise(AutoencoderKL(**{**KL, "block_out_channels": (4, 6), "layers_per_block": 1,
                                     "down_block_types": ("DownEncoderBlock2D",) * 2,
                                     "up_block_types": ("UpDecoderBlock2D",) * 2}), name)
    DiTPipeline(dit, vae, scheduler).save_pretrained(folder / "checkpoint")
    is_upstream = "sampler" in args
    reference = (f"the original repository's respaced diffusion, from its formulas; modules of diffusers "
                 f"{diffusers.__version__}") if is_upstream else None
    count = len(args["class_labels"])
    inputs = {"latents": draw(name + " latents", count, 4, 8, 8)}
    if args.get("sampler") == "ddpm":
        for i in range(args["num_inference_steps"]):
            inputs[f"noise.{i}"] = draw(f"{name} noise {i}", count, 4, 8, 8)
    exact = False

    def run(given):
        nonlocal exact
        if exact:
            lift_tables(scheduler)
        exact = True
        if is_upstream:
            return upstream_loop(dit, vae, given, args)
        return diffusers_loop(dit, vae, scheduler, given, args)

    return Case(folder, "DiTPipeline", "sample", args, reference).finish(inputs, run, [dit, vae])


def cases():
    """name -> function of the folder"""
    loop = {"class_labels": [3, 7], "num_inference_steps": 5, "guidance_scale": 2.5}
    upstream = {**loop, "guidance_channels": "upstream"}
    return {
        "dit-learned-variance": lambda f: dit_case(f, f.name, {}, 8, [0, 999, 417], [3, 10, 0]),
        "dit-plain-gelu": lambda f: dit_case(
            f, f.name, {"out_channels": 4, "attention_bias": False, "activation_fn": "gelu", "norm_eps": 0.05,
                        "num_attention_heads": 3, "attention_head_dim": 4, "patch_size": 1, "sample_size": 4},
            4, [250, 750], [1, 2]),
        "dit-other-size": lambda f: dit_case(f, f.name, {"attention_head_dim": 6, "num_layers": 1}, 12, [63], [5]),
        "dit-small-tokens": lambda f: dit_case(f, f.name, {"norm_eps": 1e-6}, 8, [500], [4], small=True),
        "dit-large-patch": lambda f: dit_case(
            f, f.name, {"patch_size": 4, "num_layers": 3, "num_attention_heads": 1, "attention_head_dim": 12},
            8, [12, 980], [9, 9]),
        "kl-encode": lambda f: kl_case(f, f.name, {}, "encode", 20, 12),
        "kl-decode": lambda f: kl_case(f, f.name, {}, "decode", 5, 3),
        "kl-encode-small-values": lambda f: kl_case(f, f.name, {"use_quant_conv": False, "layers_per_block": 1},
                                                    "encode", 8, 12, (("encoder.conv_in", 1e-3),)),
        "kl-decode-without-attention": lambda f: kl_case(
            f, f.name, {"mid_block_add_attention": False, "use_post_quant_conv": False, "layers_per_block": 1},
            "decode", 3, 4),
        "dit-loop-ddim": lambda f: loop_case(
            f, f.name, DDIMScheduler(**LINEAR), {**loop, "class_labels": [3, 640], "guidance_channels": "diffusers"},
            classes=1000),
        # At 21 steps the middle one lies between two training steps, and no stride fits.
        "dit-loop-ddim-upstream": lambda f: loop_case(
            f, f.name, DDIMScheduler(**LINEAR), {**upstream, "num_inference_steps": 21, "sampler": "ddim"}),
        "dit-loop-ddpm-upstream": lambda f: loop_case(f, f.name, DDIMScheduler(**LINEAR),
                                                      {**upstream, "sampler": "ddpm"}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "cases")
    options = parser.parse_args()
    torch.set_num_threads(1)
    made = cases()
    for name in options.names or made:
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{name}: float32 error {made[name](folder):.2e}", flush=True)


if __name__ == "__main__":
    main()
