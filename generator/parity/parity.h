// SPDX-License-Identifier: Apache-2.0
// Parity cases: what a reference library returned for a component with small random weights, to be
// compared number for number. A case is a folder:
//
//   case.json            component (the class's name in the reference library), call, args,
//                        reference, abs_tol, rel_tol; other keys are notes
//   checkpoint/          weights and configurations in Diffusers layout
//   inputs.safetensors   named as the reference's call arguments
//   outputs.safetensors  what the reference returned, computed in float64
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/tensor.h"

namespace plumb {

using NamedTensors = std::map<std::string, Tensor>;

struct ParityCase {
  std::filesystem::path folder;
  std::string component;  // "DiTTransformer2DModel"
  std::string call;       // forward, encode, decode, trace, sample or tokenize
  Json args;              // object of the call's scalars
  std::string reference;  // "diffusers 0.42.1"
  double abs_tol = 0.0;
  double rel_tol = 0.0;  // of the root mean square of the expected values
  NamedTensors inputs;
  NamedTensors expected;

  std::filesystem::path Checkpoint() const { return folder / "checkpoint"; }
};

// Runs a component on a case's inputs: the outputs by the reference's names.
using ParityReplay = std::function<NamedTensors(const ParityCase&)>;

// One output tensor. It passes when max|actual − expected| ≤ abs_tol + rel_tol · rms(expected);
// `timesteps` and `sigmas` of a trace must be equal.
struct ParityTensor {
  std::string name;
  bool passed = false;
  double tolerance = 0.0;
  double expected_rms = 0.0;
  // Absent when the shapes differ, the tensor is missing or holds a value that is not finite.
  std::optional<double> max_abs_error;
  std::string problem;  // then the reason; empty otherwise

  // The largest error over the expected root mean square; absent when that is 0.
  std::optional<double> RelativeError() const;
};

struct ParityResult {
  std::vector<ParityTensor> tensors;  // one or more, by name
  std::vector<std::string> skipped;   // expected outputs that may be left out, and were
  bool Passed() const;
};

// Reads case.json, inputs and outputs. Throws InputError naming file, key or tensor when something
// is missing or broken, when an expected value is not finite, or when the case is one of `plumb
// measure` (it has `metric` instead of `component`).
ParityCase ReadParityCase(const std::filesystem::path& folder);

// "DiTTransformer2DModel forward", … : what ReplayParityCase knows, sorted.
std::vector<std::string> ParityComponents();

// Runs the component on one thread and compares. Throws InputError when the component or call is
// unknown (saying which are known), when nothing was left to compare, and when the checkpoint or
// an argument is not what the component needs.
ParityResult ReplayParityCase(const ParityCase& parity_case);

// The comparison alone.
ParityResult CompareParity(const ParityCase& parity_case, const NamedTensors& actual);

}  // namespace plumb
