// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.h"
#include "generator/training/internal_optimizer.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.99;
constexpr double kEpsilon = 1e-8;
constexpr double kMomentum = 0.95;
constexpr double kOrthogonalStep = 0.2;  // root mean square of a step, as AdamW's usually is

// Matrices between two layers of features: not embeddings, tables and the last layer of tokens.
bool IsHiddenMatrix(const std::string& name, const at::Tensor& parameter) {
  if (parameter.dim() < 2) return false;
  for (const char* part : {"embedding", "table", "proj_out"}) {
    if (name.find(part) != std::string::npos) return false;
  }
  return parameter.size(0) > 1 && parameter[0].numel() > 1;
}

// Euclidean norm of all of them together; 0 of none.
double NormOf(const std::vector<at::Tensor>& tensors) {
  if (tensors.empty()) return 0.0;
  return at::stack(at::_foreach_norm(tensors, 2)).to(at::kDouble).norm().item<double>();
}

// What LibTorch's fused AdamW walks over in one pass each.
struct FusedLists {
  std::vector<at::Tensor> parameters, gradients, first_moments, second_moments;

  void Add(const at::Tensor& parameter,
           const at::Tensor& gradient,
           const at::Tensor& first_moment,
           const at::Tensor& second_moment) {
    parameters.push_back(parameter);
    gradients.push_back(gradient.contiguous());
    first_moments.push_back(first_moment);
    second_moments.push_back(second_moment);
  }
};

struct FusedStep {
  int64_t step = 0;
  double rate = 0.0;
  double decay = 0.0;
  double scale = 1.0;  // of the gradients
};

// Clipping, decay, both moments and the step, in one pass over each parameter's memory.
void StepFused(FusedLists& lists, const FusedStep& how) {
  if (lists.parameters.empty()) return;
  const at::Tensor age = at::full({}, static_cast<double>(how.step + 1), at::kFloat)
                             .to(lists.parameters.front().device());
  const std::vector<at::Tensor> ages(lists.parameters.size(), age);
  at::_fused_adamw_(lists.parameters,
                    lists.gradients,
                    lists.first_moments,
                    lists.second_moments,
                    {},
                    ages,
                    how.rate,
                    kBeta1,
                    kBeta2,
                    how.decay,
                    kEpsilon,
                    /*amsgrad=*/false,
                    /*maximize=*/false,
                    at::full_like(age, 1.0 / how.scale));
}

}  // namespace

at::Tensor Orthogonalized(const at::Tensor& matrix) {
  const bool tall = matrix.size(0) > matrix.size(1);
  at::Tensor x = tall ? matrix.t() : matrix;
  x = (x / (x.norm() + 1e-7)).to(torch::kBFloat16);
  // The quintic whose five iterations push every singular value towards 1.
  constexpr double a = 3.4445, b = -4.7750, c = 2.0315;
  for (int i = 0; i < 5; ++i) {
    const at::Tensor gram = at::mm(x, x.t());
    x = at::addmm(x, at::addmm(gram, gram, gram, b, c), x, a, 1.0);
  }
  return (tall ? x.t() : x).to(matrix.scalar_type());
}

double LearningRate(const OptimizerSettings& settings, int64_t step) {
  const double peak = settings.learning_rate;
  if (step < settings.warmup_steps) {
    return peak * static_cast<double>(step + 1) / static_cast<double>(settings.warmup_steps);
  }
  const double rest =
      static_cast<double>(std::max<int64_t>(1, settings.steps - settings.warmup_steps));
  const double share = std::min(1.0, static_cast<double>(step - settings.warmup_steps) / rest);
  return peak * (0.1 + 0.45 * (1.0 + std::cos(std::numbers::pi * share)));
}

AveragedAdamW::AveragedAdamW(const std::vector<std::pair<std::string, torch::nn::Module*>>& modules,
                             const OptimizerSettings& settings)
    : settings_(settings) {
  for (const auto& [prefix, module] : modules) {
    for (const auto& parameter : module->named_parameters()) {
      const at::Tensor& value = parameter.value();
      slots_.push_back({fmt::format("{}/{}", prefix, parameter.key()),
                        value,
                        at::zeros_like(value.detach()),
                        at::zeros_like(value.detach()),
                        value.detach().clone(),
                        IsHiddenMatrix(parameter.key(), value)});
    }
  }
}

void AveragedAdamW::Step(int64_t step) {
  torch::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  for (const Slot& slot : slots_) {
    if (slot.parameter.grad().defined()) gradients.push_back(slot.parameter.grad());
  }
  const double norm = NormOf(gradients);
  if (!std::isfinite(norm)) {
    throw UsageError(
        fmt::format("training diverged: the gradient of step {} is not finite. Begin anew in "
                    "another folder, with a learning rate below {:g} or a longer warm-up",
                    step,
                    settings_.learning_rate));
  }
  const double scale = std::min(1.0, settings_.gradient_clip / (norm + 1e-6));
  FusedLists decayed, spared;
  for (Slot& slot : slots_) {
    const at::Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    if (settings_.muon && slot.hidden_matrix) {
      StepOrthogonally(slot, gradient.mul_(scale), step);
    } else {
      FusedLists& lists = slot.parameter.dim() > 1 ? decayed : spared;
      lists.Add(slot.parameter, gradient, slot.first_moment, slot.second_moment);
    }
  }
  const double rate = LearningRate(settings_, step);
  StepFused(decayed, {step, rate, settings_.weight_decay, scale});
  StepFused(spared, {step, rate, 0.0, scale});
  const double age = static_cast<double>(step + 1);
  const double ema = std::min(settings_.ema_decay, (1.0 + age) / (10.0 + age));
  for (Slot& slot : slots_) {
    slot.parameter.mutable_grad().reset();
    slot.average.lerp_(slot.parameter, 1.0 - ema);
  }
}

void AveragedAdamW::StepOrthogonally(Slot& slot, const at::Tensor& gradient, int64_t step) const {
  const double rate = LearningRate(settings_, step);
  slot.first_moment.lerp_(gradient, 1.0 - kMomentum);
  const at::Tensor ahead = gradient.lerp(slot.first_moment, kMomentum);
  const at::Tensor direction = Orthogonalized(ahead.flatten(1));
  const double longer = static_cast<double>(std::max(direction.size(0), direction.size(1)));
  slot.parameter.mul_(1.0 - rate * settings_.weight_decay);
  slot.parameter.sub_(direction.view_as(slot.parameter),
                      rate * kOrthogonalStep * std::sqrt(longer));
}

void AveragedAdamW::SwapAveraged() {
  torch::NoGradGuard no_grad;
  for (Slot& slot : slots_) {
    const at::Tensor trained = slot.parameter.clone();
    slot.parameter.copy_(slot.average);
    slot.average.copy_(trained);
  }
}

void AveragedAdamW::Freeze(const std::string& prefix) {
  torch::NoGradGuard no_grad;
  for (Slot& slot : slots_) {
    if (slot.name.rfind(prefix, 0) != 0) continue;
    slot.parameter.copy_(slot.average);
    slot.parameter.set_requires_grad(false);
  }
}

std::map<std::string, Tensor> AveragedAdamW::State() const {
  std::map<std::string, Tensor> state;
  for (const Slot& slot : slots_) {
    state.emplace("parameter/" + slot.name, FromTorch(slot.parameter.cpu()));
    state.emplace("first/" + slot.name, FromTorch(slot.first_moment.cpu()));
    state.emplace("second/" + slot.name, FromTorch(slot.second_moment.cpu()));
    state.emplace("average/" + slot.name, FromTorch(slot.average.cpu()));
  }
  return state;
}

void AveragedAdamW::LoadState(const std::map<std::string, Tensor>& state,
                              const std::string& place) {
  torch::NoGradGuard no_grad;
  const auto load = [&](at::Tensor target, const std::string& name) {
    const auto found = state.find(name);
    const bool fits = found != state.end() &&
                      at::IntArrayRef(found->second.shape()) == target.sizes() &&
                      ScalarTypeOf(found->second.dtype()) == target.scalar_type();
    if (!fits) {
      throw InputError(place,
                       fmt::format("tensor '{}' of the training's state is missing, or of another "
                                   "shape or type than its parameter",
                                   name));
    }
    target.copy_(ToTorch(found->second));
  };
  for (Slot& slot : slots_) {
    load(slot.parameter, "parameter/" + slot.name);
    load(slot.first_moment, "first/" + slot.name);
    load(slot.second_moment, "second/" + slot.name);
    load(slot.average, "average/" + slot.name);
  }
}

}  // namespace plumb
