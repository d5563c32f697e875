// SPDX-License-Identifier: Apache-2.0
#include "generator/parity/parity.h"

#include <algorithm>
#include <cmath>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "core/errors.h"
#include "generator/parity/internal_registry.h"
#include "generator/parity/internal_values.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// Outputs that a reference shows and an engine need not: intermediate values of a step.
bool MayBeSkipped(const std::string& name) {
  return name.starts_with("pred_original_sample.") || name == "alphas_cumprod" ||
         name == "latents_after_step" || name.starts_with("latents_after_step.");
}

// The schedule itself is a table that decides everything else.
bool MustBeEqual(const ParityCase& parity_case, const std::string& name) {
  return parity_case.call == "trace" && (name == "timesteps" || name == "sigmas");
}

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return values.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(values.size()));
}

std::string ShapeName(const Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.shape(), ", "));
}

ParityTensor Compared(ParityTensor result, const Tensor& expected, const Tensor& actual) {
  if (actual.shape() != expected.shape()) {
    result.problem = fmt::format("shape {} instead of {}", ShapeName(actual), ShapeName(expected));
    return result;
  }
  const std::vector<double> wanted = TensorValues(expected);
  const std::vector<double> found = TensorValues(actual);
  double largest = 0.0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!std::isfinite(found[i])) {
      result.problem = fmt::format("element {} is not finite", i);
      return result;
    }
    largest = std::max(largest, std::abs(found[i] - wanted[i]));
  }
  result.max_abs_error = largest;
  result.passed = largest <= result.tolerance;
  return result;
}

}  // namespace

std::vector<double> TensorValues(const Tensor& tensor) {
  const at::Tensor values = ToTorch(tensor).to(at::kDouble).contiguous();
  const double* begin = values.const_data_ptr<double>();
  return {begin, begin + values.numel()};
}

std::optional<double> ParityTensor::RelativeError() const {
  if (!max_abs_error || expected_rms == 0.0) return std::nullopt;
  return *max_abs_error / expected_rms;
}

bool ParityResult::Passed() const {
  return !tensors.empty() && std::all_of(tensors.begin(), tensors.end(), [](const auto& tensor) {
    return tensor.passed;
  });
}

std::vector<std::string> ParityComponents() {
  std::vector<std::string> names;
  for (const ParityEntry& entry : AllParityEntries()) {
    names.push_back(entry.component + " " + entry.call);
  }
  std::sort(names.begin(), names.end());
  return names;
}

ParityResult CompareParity(const ParityCase& parity_case, const NamedTensors& actual) {
  ParityResult result;
  for (const auto& [name, expected] : parity_case.expected) {
    const auto found = actual.find(name);
    if (found == actual.end() && MayBeSkipped(name)) {
      result.skipped.push_back(name);
      continue;
    }
    ParityTensor tensor{.name = name};
    tensor.expected_rms = RootMeanSquare(TensorValues(expected));
    if (!MustBeEqual(parity_case, name)) {
      tensor.tolerance = parity_case.abs_tol + parity_case.rel_tol * tensor.expected_rms;
    }
    if (found == actual.end()) {
      tensor.problem = "is not among the outputs";
    } else {
      tensor = Compared(std::move(tensor), expected, found->second);
    }
    result.tensors.push_back(std::move(tensor));
  }
  if (result.tensors.empty()) {
    throw InputError((parity_case.folder / "outputs.safetensors").string(),
                     "holds no tensor to compare with");
  }
  return result;
}

ParityResult ReplayParityCase(const ParityCase& parity_case) {
  at::set_num_threads(1);
  for (const ParityEntry& entry : AllParityEntries()) {
    if (entry.component == parity_case.component && entry.call == parity_case.call) {
      return CompareParity(parity_case, entry.replay(parity_case));
    }
  }
  throw InputError((parity_case.folder / "case.json").string(),
                   fmt::format("component '{}' with call '{}' is not supported; there are: {}",
                               parity_case.component,
                               parity_case.call,
                               fmt::join(ParityComponents(), ", ")));
}

}  // namespace plumb
