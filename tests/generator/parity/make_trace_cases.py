#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes parity cases of Diffusers' schedulers: what every step gives for given network outputs.

usage: $(scripts/parity-venv) tests/generator/parity/make_trace_cases.py [--out FOLDER] [NAME ...]

Tables (timesteps, sigmas) are the library's own float32; the steps are its own code run on them in float64. A case's
tolerance is ten times the error of the same code in float32. Names of cases choose some; the default is all of them,
into cases/ beside this script.
"""
import argparse
import contextlib
import json
import math
import pathlib
import sys
import zlib

import diffusers
import numpy as np
import torch
from safetensors.torch import save_file
from torch.overrides import TorchFunctionMode

SHAPES = {4: (2, 3, 3, 2), 5: (2, 2, 3, 2, 3)}
WAN = {"prediction_type": "flow_prediction", "use_flow_sigmas": True}
SD = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
COGVIDEOX = {"prediction_type": "v_prediction", "timestep_spacing": "trailing", "rescale_betas_zero_snr": True}
SVD = {**SD, "prediction_type": "v_prediction", "timestep_type": "continuous", "timestep_spacing": "leading",
       "use_karras_sigmas": True, "sigma_max": 700.0, "sigma_min": 0.002, "steps_offset": 1}


def mochi_sigmas(steps, threshold=0.025):
    """Mochi's schedule: straight at first, then a parabola; from 1 down."""
    half = steps // 2
    gap = half - threshold * steps
    rest = steps - half
    a = gap / (half * rest**2)
    b = threshold / half - 2 * gap / rest**2
    low = [i * threshold / half for i in range(half)]
    high = [a * i**2 + b * i + a * half**2 for i in range(half, steps)]
    return [1.0 - x for x in low + high]


def cases():
    """name -> (class, options, arguments of the run)"""
    made = {}

    def add(name, kind, steps, options=None, **args):
        if steps:
            args = {"num_inference_steps": steps, **args}
        made[name] = (kind, options or {}, args)

    plain = {"clip_sample": False}
    add("ddim-eps", "DDIMScheduler", 5, plain)
    add("ddim-v-zero-snr-trailing", "DDIMScheduler", 5,
        {**plain, **SD, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True,
         "timestep_spacing": "trailing"})
    add("ddim-clipped-eta", "DDIMScheduler", 5, {"clip_sample_range": 1.5}, eta=0.5, use_clipped_model_output=True)
    add("ddim-clean-linspace", "DDIMScheduler", 6,
        {**plain, "prediction_type": "sample", "timestep_spacing": "linspace", "set_alpha_to_one": False})
    add("ddim-offset", "DDIMScheduler", 7, {**plain, "steps_offset": 1, "set_alpha_to_one": False})
    add("ddim-threshold", "DDIMScheduler", 4,
        {"thresholding": True, "sample_max_value": 2.5, "dynamic_thresholding_ratio": 0.9})
    add("ddim-cosine-eta", "DDIMScheduler", 5, {**plain, "beta_schedule": "squaredcos_cap_v2"}, eta=1.0)
    add("ddim-trained-betas", "DDIMScheduler", 4,
        {**plain, "num_train_timesteps": 12, "trained_betas": [round(0.01 + 0.03 * i, 4) for i in range(12)]})

    for variance in ("fixed_small", "fixed_small_log", "fixed_large", "learned", "learned_range"):
        add(f"ddpm-{variance.replace('_', '-')}", "DDPMScheduler", 4, {**plain, "variance_type": variance})
    add("ddpm-v-trailing", "DDPMScheduler", 5,
        {**plain, **SD, "prediction_type": "v_prediction", "timestep_spacing": "trailing"})
    add("ddpm-clean-linspace", "DDPMScheduler", 5,
        {**plain, "prediction_type": "sample", "timestep_spacing": "linspace"})
    add("ddpm-clipped", "DDPMScheduler", 4, {"clip_sample": True, "clip_sample_range": 0.8})
    add("ddpm-threshold", "DDPMScheduler", 4, {"thresholding": True, "sample_max_value": 1.7})

    dpm = "DPMSolverMultistepScheduler"
    add("dpm-order1", dpm, 5, {"solver_order": 1})
    add("dpm-midpoint", dpm, 6, SD)
    add("dpm-heun", dpm, 6, {**SD, "solver_type": "heun"})
    add("dpm-order3", dpm, 7, {**SD, "solver_order": 3})
    add("dpm-16-steps", dpm, 16, {"solver_order": 3, "final_sigmas_type": "sigma_min"})
    add("dpm-euler-at-final", dpm, 16, {"euler_at_final": True, "final_sigmas_type": "sigma_min"})
    add("dpm-full-order", dpm, 5, {"lower_order_final": False, "final_sigmas_type": "sigma_min"})
    for order, solver in ((1, "midpoint"), (2, "midpoint"), (2, "heun"), (3, "midpoint")):
        add(f"dpm-sde-{order}-{solver}", dpm, 5,
            {"algorithm_type": "sde-dpmsolver++", "solver_order": order, "solver_type": solver})
        add(f"dpm-noise-{order}-{solver}", dpm, 5,
            {"algorithm_type": "dpmsolver", "solver_order": order, "solver_type": solver,
             "final_sigmas_type": "sigma_min"})
        if order < 3:
            add(f"dpm-sde-noise-{order}-{solver}", dpm, 5,
                {"algorithm_type": "sde-dpmsolver", "solver_order": order, "solver_type": solver,
                 "final_sigmas_type": "sigma_min"})
    add("dpm-noise-v", dpm, 5, {"algorithm_type": "dpmsolver", "prediction_type": "v_prediction",
                                "final_sigmas_type": "sigma_min"})
    add("dpm-karras", dpm, 7, {**SD, "use_karras_sigmas": True})
    add("dpm-exponential", dpm, 6, {"use_exponential_sigmas": True})
    add("dpm-beta", dpm, 6, {"use_beta_sigmas": True})
    add("dpm-lu", dpm, 6, {"use_lu_lambdas": True})
    add("dpm-flow", dpm, 6, {**WAN, "flow_shift": 3.0})
    add("dpm-flow-order3", dpm, 8, {**WAN, "flow_shift": 5.0, "solver_order": 3})
    add("dpm-flow-sde", dpm, 5, {**WAN, "flow_shift": 3.0, "algorithm_type": "sde-dpmsolver++"})
    add("dpm-flow-mu", dpm, 5, {**WAN, "use_dynamic_shifting": True}, mu=1.15)
    add("dpm-v-zero-snr-trailing", dpm, 5,
        {**SD, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"})
    add("dpm-clean-leading", dpm, 5, {"prediction_type": "sample", "timestep_spacing": "leading", "steps_offset": 1})
    add("dpm-cosine-clipped", dpm, 6, {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1})
    add("dpm-threshold", dpm, 4, {"thresholding": True, "sample_max_value": 2.0})

    unipc = "UniPCMultistepScheduler"
    add("unipc-order1", unipc, 5, {"solver_order": 1})
    add("unipc-order3", unipc, 7, {**SD, "solver_order": 3})
    add("unipc-bh1", unipc, 6, {"solver_type": "bh1", "final_sigmas_type": "sigma_min"})
    add("unipc-bh1-order3", unipc, 6, {"solver_type": "bh1", "solver_order": 3, "final_sigmas_type": "sigma_min"})
    add("unipc-noise", unipc, 6, {"predict_x0": False, "final_sigmas_type": "sigma_min"})
    add("unipc-noise-v", unipc, 6, {"predict_x0": False, "prediction_type": "v_prediction", "solver_order": 3,
                                    "final_sigmas_type": "sigma_min"})
    add("unipc-v-trailing", unipc, 6, {**SD, "prediction_type": "v_prediction", "timestep_spacing": "trailing",
                                       "rescale_betas_zero_snr": True})
    add("unipc-clean-leading", unipc, 6, {"prediction_type": "sample", "timestep_spacing": "leading"})
    add("unipc-full-order", unipc, 5, {"lower_order_final": False, "final_sigmas_type": "sigma_min"})
    add("unipc-half-corrected", unipc, 6, {"disable_corrector": [0, 2]})
    add("unipc-karras", unipc, 6, {**SD, "use_karras_sigmas": True})
    add("unipc-exponential", unipc, 6, {"use_exponential_sigmas": True, "final_sigmas_type": "sigma_min"})
    add("unipc-beta", unipc, 6, {"use_beta_sigmas": True})
    add("unipc-threshold", unipc, 4, {"thresholding": True, "sample_max_value": 2.0})
    add("unipc-wan-shift3", unipc, 6, {**WAN, "flow_shift": 3.0})
    add("unipc-wan-shift5-4-steps", unipc, 4, {**WAN, "flow_shift": 5.0})
    add("unipc-flow-order3", unipc, 7, {**WAN, "flow_shift": 8.0, "solver_order": 3})
    add("unipc-flow-sigma-min", unipc, 5, {**WAN, "flow_shift": 2.0, "final_sigmas_type": "sigma_min"})
    add("unipc-flow-mu", unipc, 5, {**WAN, "use_dynamic_shifting": True}, mu=0.8)
    add("unipc-flow-mu-linear", unipc, 5,
        {**WAN, "use_dynamic_shifting": True, "time_shift_type": "linear", "shift_terminal": 0.1}, mu=2.5)
    add("unipc-flow-given", unipc, None, {**WAN, "flow_shift": 3.0}, sigmas=[0.99, 0.8, 0.55, 0.3, 0.1])
    add("unipc-cosmos-karras", unipc, 7,
        {**WAN, "use_karras_sigmas": True, "sigma_max": 200.0, "sigma_min": 0.01})
    add("unipc-cosmos-karras-sigma-min", unipc, 5,
        {**WAN, "use_karras_sigmas": True, "sigma_max": 80.0, "sigma_min": 0.002, "final_sigmas_type": "sigma_min"})

    euler = "EulerDiscreteScheduler"
    add("euler-eps", euler, 6, SD)
    add("euler-svd", euler, 6, SVD)
    add("euler-v-zero-snr-trailing", euler, 5,
        {**SD, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"})
    add("euler-karras", euler, 7, {**SD, "use_karras_sigmas": True})
    add("euler-exponential", euler, 5, {"use_exponential_sigmas": True})
    add("euler-beta", euler, 5, {"use_beta_sigmas": True})
    add("euler-log-linear", euler, 5, {"interpolation_type": "log_linear"})
    add("euler-clean-leading", euler, 5, {"prediction_type": "sample", "timestep_spacing": "leading",
                                          "final_sigmas_type": "sigma_min"})
    add("euler-churn", euler, 6, SD, s_churn=1.2, s_tmin=0.3, s_tmax=8.0, s_noise=1.1)

    flow = "FlowMatchEulerDiscreteScheduler"
    add("flow-plain", flow, 6)
    add("flow-shift-inexact", flow, 6, {"shift": 1.7})
    add("flow-given", flow, None, {"shift": 5.0}, sigmas=[1.0, 0.8, 0.6, 0.4, 0.2])
    add("flow-mu", flow, 5, {"use_dynamic_shifting": True}, mu=1.15)
    add("flow-mu-linear", flow, 5, {"use_dynamic_shifting": True, "time_shift_type": "linear"}, mu=2.2)
    add("flow-given-mu-terminal", flow, None, {"use_dynamic_shifting": True, "shift_terminal": 0.1}, mu=0.9,
        sigmas=[1.0, 0.75, 0.5, 0.25])
    add("flow-terminal", flow, 5, {"shift": 2.0, "shift_terminal": 0.05})
    add("flow-karras", flow, 6, {"use_karras_sigmas": True, "shift": 3.0})
    add("flow-cosmos-karras", flow, 6, {"use_karras_sigmas": True, "sigma_max": 80.0, "sigma_min": 0.002,
                                        "sigma_data": 1.0, "final_sigmas_type": "sigma_min"})
    add("flow-exponential", flow, 5, {"use_exponential_sigmas": True, "shift": 3.0})
    add("flow-beta", flow, 6, {"use_beta_sigmas": True, "shift": 3.0})
    add("flow-mochi", flow, None, {"invert_sigmas": True}, sigmas=mochi_sigmas(8))
    add("flow-stochastic", flow, 5, {"stochastic_sampling": True, "shift": 3.0})
    add("flow-heun", "FlowMatchHeunDiscreteScheduler", 4, {"shift": 3.0})

    for kind in ("DDIM", "DPM"):
        name = f"CogVideoX{kind}Scheduler"
        add(f"cogvideox-{kind.lower()}-2b", name, 5, COGVIDEOX)
        add(f"cogvideox-{kind.lower()}-5b", name, 5, {**COGVIDEOX, "snr_shift_scale": 1.0})
        add(f"cogvideox-{kind.lower()}-eps", name, 5,
            {"beta_schedule": "linear", "set_alpha_to_one": False, "timestep_spacing": "linspace"}
            if kind == "DDIM" else {"beta_schedule": "linear"})
    return made


class InDouble(TorchFunctionMode):
    """The library's own conversions to float32 become float64."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        lift = lambda value: torch.float64 if value is torch.float32 else value
        if func is torch.Tensor.float:
            return args[0].double()
        if func is torch.Tensor.to:
            args = tuple(lift(value) for value in args)
            kwargs = {key: lift(value) for key, value in kwargs.items()}
        return func(*args, **kwargs)


@contextlib.contextmanager
def lifted(scheduler):
    """Steps in float64 on the float32 tables."""
    for name in ("alphas_cumprod", "final_alpha_cumprod", "one", "sigmas"):
        if isinstance(getattr(scheduler, name, None), torch.Tensor):
            setattr(scheduler, name, getattr(scheduler, name).double())
    torch.set_default_dtype(torch.float64)
    try:
        with InDouble():
            yield
    finally:
        torch.set_default_dtype(torch.float32)


def make_scheduler(kind, options, args):
    scheduler = getattr(diffusers, kind).from_config({**options, "_class_name": kind})
    given = {key: value for key, value in args.items() if key in ("num_inference_steps", "sigmas", "mu")}
    if "sigmas" in given:
        given["sigmas"] = np.array(given["sigmas"])
        if kind.startswith("Flow"):
            given["sigmas"] = list(given["sigmas"])
    scheduler.set_timesteps(**given)
    return scheduler


def steps(scheduler, inputs, args):
    """prev_sample.i for every step."""
    module = sys.modules[type(scheduler).__module__]
    taken = {key: value for key, value in args.items() if key not in ("num_inference_steps", "sigmas", "mu")}
    sample, clean, found = inputs["sample"], None, {}
    for i, timestep in enumerate(scheduler.timesteps):
        module.randn_tensor = lambda *_, noise=inputs[f"noise.{i}"], **__: noise
        scheduler.is_scale_input_called = True
        output = inputs[f"model_output.{i}"]
        if type(scheduler).__name__ == "CogVideoXDPMScheduler":
            back = scheduler.timesteps[i - 1] if i else None
            sample, clean = scheduler.step(output, clean, timestep, back, sample, return_dict=False)
        else:
            sample = scheduler.step(output, timestep, sample, return_dict=False, **taken)[0]
        found[f"prev_sample.{i}"] = sample
    return found


def make_inputs(name, kind, options, count):
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    shape = SHAPES[4 if kind in ("DDIMScheduler", "DDPMScheduler", "EulerDiscreteScheduler") else 5]
    draw = lambda: torch.randn(shape, generator=generator, dtype=torch.float64)
    # Values are float32 in both runs, so that only the arithmetic differs.
    draw_single = lambda scale=1.0: (scale * draw()).float().double()
    inputs = {"sample": draw_single(1.3)}
    for i in range(count):
        output = draw_single(0.9)
        if options.get("variance_type", "").startswith("learned"):
            # Standard normal: fractions beyond the ends of the range too; a plain variance must be positive.
            spread = draw_single()
            output = torch.cat([output, spread.abs() if options["variance_type"] == "learned" else spread], dim=1)
        inputs[f"model_output.{i}"] = output
        inputs[f"noise.{i}"] = draw_single()
    return inputs


def error_of(single, exact):
    rms = exact.pow(2).mean().sqrt().item()
    return (single.double() - exact).abs().max().item() / rms


def rounded_up(value):
    digits = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / digits) * digits:.1e}")


def make_case(folder, name, kind, options, args):
    scheduler = make_scheduler(kind, options, args)
    tables = {"timesteps": scheduler.timesteps.float().clone()}
    if isinstance(getattr(scheduler, "sigmas", None), torch.Tensor):
        tables["sigmas"] = scheduler.sigmas.float().clone()
    if name.endswith(("-eps", "-2b", "-cosine-clipped", "-trained-betas", "-v-zero-snr-trailing")):
        tables["alphas_cumprod"] = scheduler.alphas_cumprod.float().clone()
    inputs = make_inputs(name, kind, options, len(scheduler.timesteps))
    single = steps(scheduler, {key: value.float() for key, value in inputs.items()}, args)
    scheduler = make_scheduler(kind, options, args)
    with lifted(scheduler):
        exact = steps(scheduler, inputs, args)
    for key, value in exact.items():
        assert value.dtype == torch.float64 and value.isfinite().all(), f"{name}: {key} is not finite in float64"
    errors = {key: error_of(single[key], exact[key]) for key in exact}
    # A reference that happens to err by less than a rounding step is held to one.
    tolerance = rounded_up(10 * max(max(errors.values()), 1.2e-7))

    (folder / "checkpoint/scheduler").mkdir(parents=True, exist_ok=True)
    scheduler = make_scheduler(kind, options, args)
    scheduler.save_config(folder / "checkpoint/scheduler")
    wants_noise = (args.get("eta") or args.get("s_churn") or options.get("stochastic_sampling")
                   or "sde" in options.get("algorithm_type", "") or kind in ("DDPMScheduler", "CogVideoXDPMScheduler"))
    kept = {key: value.float().contiguous() for key, value in inputs.items()
            if wants_noise or not key.startswith("noise")}
    save_file(kept, folder / "inputs.safetensors")
    outputs = {**tables, **{key: value.float().contiguous() for key, value in exact.items()}}
    save_file(outputs, folder / "outputs.safetensors")
    description = {"component": kind, "call": "trace", "args": args, "reference": f"diffusers {diffusers.__version__}",
                   "abs_tol": 0.0, "rel_tol": tolerance,
                   "float32_reference_error": {key: float(f"{value:.3g}") for key, value in errors.items()}}
    (folder / "case.json").write_text(json.dumps(description, indent=1) + "\n")
    return max(errors.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "cases")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    torch.set_num_threads(1)
    diffusers.logging.set_verbosity_error()
    known = cases()
    for name in options.names:
        if name not in known:
            parser.error(f"no case {name}; there are: {', '.join(known)}")
    for name in options.names or known:
        error = make_case(options.out / f"trace-{name}", name, *known[name])
        print(f"trace-{name}: float32 error {error:.2g}")


if __name__ == "__main__":
    main()
