#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The native text-to-video loop beside an eager PyTorch twin of the same network: same LibTorch, same weights, one
thread each, loop by loop in turn.

usage: $(scripts/parity-venv) tests/bench/compare_video.py PROGRAM [--checkpoint DIR] [--pairs N] [--frames N]
           [--type float32|bfloat16]

PROGRAM is bench_video of a build with PLUMB_BENCH=ON. Both sides start from the same noise and take the checkpoint's
default steps with guidance. The twin is written as Diffusers writes such networks and asks everything anew at every
step: text states, keys and values of the caption, rotations, time embeddings. Nothing of the clip is given, so that its
modulations are one row for all tokens, which is the fastest an eager program can have. "error" is the largest
difference of the latents from the twin in float64, over their root mean square; the run fails when ours in
float32 is more than 1e-3: then they are no twins.
"""
import argparse
import json
import math
import pathlib
import sys
import tempfile

import torch
import torch.nn.functional as functional
from diffusers import FlowMatchEulerDiscreteScheduler
from safetensors.torch import load_file
from torch import nn

from taking_turns import Program, medians, paired, ratio_text, type_name

STEPS, GUIDANCE = 20, 2.0
PROMPT = "a red rubber ball falls onto a grey floor and bounces"


class TextLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.to_qkv, self.to_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ffn_in, self.ffn_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        q, k, v = self.to_qkv(self.norm1(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        x = x + self.to_out(functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return x + self.ffn_out(functional.gelu(self.ffn_in(self.norm2(x)), approximate="tanh"))


class TextEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.token_embedding = nn.Embedding(config["vocab_size"], width)
        self.position_embedding = nn.Embedding(config["max_tokens"], width)
        self.layers = nn.ModuleList(TextLayer(width, config["num_heads"]) for _ in range(config["num_layers"]))
        self.norm_out = nn.LayerNorm(width)

    def forward(self, ids):
        x = self.token_embedding(ids) + self.position_embedding(torch.arange(ids.shape[1]))
        for layer in self.layers:
            x = layer(x)
        return self.norm_out(x)


def rotated(x, cosines, sines):
    a, b = x.unflatten(-1, (-1, 2)).unbind(-1)
    out = torch.empty_like(x)
    out[..., 0::2] = a * cosines - b * sines
    out[..., 1::2] = a * sines + b * cosines
    return out


class Attention(nn.Module):
    def __init__(self, config, context):
        super().__init__()
        self.heads, dim = config["num_attention_heads"], config["attention_head_dim"]
        width = self.heads * dim
        self.to_q, self.to_out = nn.Linear(width, width), nn.Linear(width, width)
        self.to_k, self.to_v = nn.Linear(context, width), nn.Linear(context, width)
        self.norm_q, self.norm_k = nn.RMSNorm(dim, eps=1e-6), nn.RMSNorm(dim, eps=1e-6)

    def forward(self, x, context, turns=None):
        heads = lambda y: y.unflatten(-1, (self.heads, -1))
        q, k, v = self.norm_q(heads(self.to_q(x))), self.norm_k(heads(self.to_k(context))), heads(self.to_v(context))
        if turns is not None:
            q, k = rotated(q, *turns), rotated(k, *turns)
        mixed = functional.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        return self.to_out(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["num_attention_heads"] * config["attention_head_dim"]
        self.scale_shift_table = nn.Parameter(torch.zeros(6, width))
        self.norm1, self.norm3 = (nn.LayerNorm(width, eps=1e-6, elementwise_affine=False) for _ in range(2))
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.attn1, self.attn2 = Attention(config, width), Attention(config, config["text_dim"])
        self.ffn_in, self.ffn_out = nn.Linear(width, config["ffn_dim"]), nn.Linear(config["ffn_dim"], width)

    def forward(self, x, modulation, text, turns):
        kind = self.ffn_in.weight.dtype
        shift1, scale1, gate1, shift2, scale2, gate2 = (self.scale_shift_table + modulation).chunk(6, dim=1)
        normed = (self.norm1(x) * (1 + scale1) + shift1).to(kind)
        x = x + self.attn1(normed, normed, turns) * gate1
        x = x + self.attn2(functional.layer_norm(x, x.shape[-1:], self.norm2.weight, self.norm2.bias, 1e-6).to(kind),
                           text)
        normed = (self.norm3(x) * (1 + scale2) + shift2).to(kind)
        return x + self.ffn_out(functional.gelu(self.ffn_in(normed), approximate="tanh")) * gate2


class Transformer(nn.Module):
    """Text to video alone: nothing of the clip is given."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width = config["num_attention_heads"] * config["attention_head_dim"]
        self.patch = math.prod(config["patch_size"]) * config["in_channels"]
        # Known or not; the nearest known patch, whether there is one, how far; place; ray; reference.
        self.features = 1 + self.patch + 2 + 16 + 7 + 1
        self.patch_embedding = nn.Linear(self.patch + self.features, width)
        self.time_in, self.time_out = nn.Linear(config["freq_dim"], width), nn.Linear(width, width)
        self.time_projection = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config["num_layers"]))
        self.scale_shift_table = nn.Parameter(torch.zeros(2, width))
        self.norm_out = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.proj_out = nn.Linear(width, self.patch)

    def place_features(self, frames, rows, columns):
        centres = lambda count: (torch.arange(count, dtype=torch.float64) + 0.5) * (2 / count) - 1
        axes = torch.meshgrid(torch.zeros(frames, dtype=torch.float64), centres(rows), centres(columns), indexing="ij")
        angles = [axes[axis].flatten() * (math.pi / 2 * 2**k) for axis in (1, 2) for k in range(4)]
        places = torch.stack([f(angle) for angle in angles for f in (torch.sin, torch.cos)], 1)
        features = torch.zeros(frames * rows * columns, self.features)
        features[:, self.patch + 3:self.patch + 19] = places
        return features

    def turns(self, times, rows, columns):
        config = self.config
        centred = lambda count: torch.arange(count, dtype=torch.float64) - 0.5 * (count - 1)
        grid = torch.meshgrid(times * config["rope_positions_per_second"], centred(rows), centred(columns), indexing="ij")
        angles = []
        for positions, dim in zip(grid, config["rope_dims"]):
            exponents = torch.arange(0, dim, 2, dtype=torch.float64) / dim
            angles.append(positions.flatten()[:, None] * config["rope_theta"] ** -exponents)
        pairs = config["attention_head_dim"] // 2
        angles.append(torch.zeros(grid[0].numel(), pairs - sum(config["rope_dims"]) // 2, dtype=torch.float64))
        angles = torch.cat(angles, 1)[None, :, None]
        return angles.cos(), angles.sin()

    def forward(self, latents, timestep, text, times):
        kind, wide = self.proj_out.weight.dtype, latents.dtype
        _, c, t, h, w = latents.shape
        tokens = latents[0].reshape(c, t, h // 2, 2, w // 2, 2).permute(1, 2, 4, 0, 3, 5).reshape(-1, self.patch)
        features = self.place_features(t, h // 2, w // 2).to(wide)
        turns = tuple(part.to(kind) for part in self.turns(times, h // 2, w // 2))
        half = self.config["freq_dim"] // 2
        angles = timestep.double() * torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float64) / half)
        sinusoid = torch.cat([angles.cos(), angles.sin()])[None].to(kind)
        x = self.patch_embedding(torch.cat([tokens, features], 1).to(kind)[None]).to(wide)
        time = self.time_out(functional.silu(self.time_in(sinusoid)))
        modulation = self.time_projection(functional.silu(time)).unflatten(-1, (6, -1)).to(wide)
        for block in self.blocks:
            x = block(x, modulation, text, turns)
        shift, scale = (self.scale_shift_table + time.to(wide)[:, None]).chunk(2, dim=1)
        out = self.proj_out((self.norm_out(x) * (1 + scale) + shift).to(kind)).to(wide)
        return out.reshape(t, h // 2, w // 2, c, 2, 2).permute(3, 0, 1, 4, 2, 5).reshape(latents.shape)


class Twin:
    def __init__(self, checkpoint, kind, wide=torch.float32):
        read = lambda file: json.loads((checkpoint / file).read_text())
        self.wide = wide
        self.index = read("model_index.json")
        self.vae = read("vae/config.json")
        self.text = TextEncoder(read("text_encoder/config.json"))
        self.text.load_state_dict(load_file(checkpoint / "text_encoder/model.safetensors"))
        self.transformer = Transformer(read("transformer/config.json"))
        self.transformer.load_state_dict(load_file(checkpoint / "transformer/diffusion_pytorch_model.safetensors"))
        self.text.to(wide).eval()
        self.transformer.to(kind).eval()
        if kind == torch.bfloat16:  # norms, tables and sums stay in float32, as Diffusers keeps them
            for module in self.transformer.modules():
                for name, parameter in module.named_parameters(recurse=False):
                    if name == "scale_shift_table" or isinstance(module, nn.LayerNorm):
                        parameter.data = parameter.data.to(wide)

    def loop(self, noise, tokens, no_tokens):
        kind = self.transformer.proj_out.weight.dtype
        stride = 2 ** sum(self.vae["temporal_downsample"])
        times = torch.arange(noise.shape[2], dtype=torch.float64) * (stride / self.index["native_fps"])
        scheduler = FlowMatchEulerDiscreteScheduler(shift=1.0)
        scheduler.set_timesteps(sigmas=[1 - i / STEPS for i in range(STEPS)])
        latents = noise.to(self.wide)
        for timestep in scheduler.timesteps:
            with_text, without = (self.transformer(latents, timestep, self.text(ids[None]).to(kind), times)
                                  for ids in (tokens, no_tokens))
            velocity = without + GUIDANCE * (with_text - without)
            latents = scheduler.step(velocity, timestep, latents, return_dict=False)[0]
        return latents


def compare(kind, options, folder):
    ours = Program(options.program, options.checkpoint, type_name(kind), options.frames, PROMPT)
    asked = {}
    for line in ("noise", "tokens", "no tokens"):
        ours.ask(line)
        asked[line] = ours.output(folder / "asked.safetensors")["sample"]
    given = (asked["noise"], asked["tokens"], asked["no tokens"])
    exact = Twin(options.checkpoint, torch.float64, torch.float64).loop(*given)
    twin = Twin(options.checkpoint, kind)
    pairs, result = paired(ours, "loop", lambda: twin.loop(*given), options.pairs)
    mine_out = ours.finish(folder / "out.safetensors")
    rms = exact.pow(2).mean().sqrt()
    mine_error, error = (((out.double() - exact).abs().max() / rms).item() for out in (mine_out, result))
    mine, theirs = medians(pairs)
    print(f"{type_name(kind):8}  {mine:9.2f} {theirs:9.2f}  {ratio_text(pairs)}  {mine_error:.1e} {error:.1e}", flush=True)
    return kind != torch.float32 or mine_error < 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--checkpoint", type=pathlib.Path, default="models/plumb-tiny")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--frames", type=int, default=33)
    parser.add_argument("--type", choices=["float32", "bfloat16"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    kinds = [getattr(torch, options.type)] if options.type else [torch.float32, torch.bfloat16]
    print(f"torch {torch.__version__}, {options.frames} frames, {STEPS} steps, guidance {GUIDANCE}, {options.pairs} pairs")
    print("type        ours [s]      twin  ratio              error  theirs")
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        equal = [compare(kind, options, pathlib.Path(folder)) for kind in kinds]
    if not all(equal):
        sys.exit("the latents differ: no twins")


if __name__ == "__main__":
    main()
