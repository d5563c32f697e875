// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov & Hutter 2019; LibTorch's fused kernel, one pass over each parameter) with a
// running average of the weights, and its learning rate.
// Hidden matrices may take Muon's orthogonalised momentum instead (Jordan et al. 2024,
// kellerjordan.github.io/posts/muon), scaled so that one learning rate suits both (Liu et al. 2025,
// arXiv 2502.16982, section 2.2).
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "core/safetensors.h"

namespace plumb {

struct OptimizerSettings {
  double learning_rate = 1e-3;  // at the top of the schedule
  int64_t steps = 1;            // of the whole stage
  int64_t warmup_steps = 0;
  double weight_decay = 0.01;  // of matrices; vectors (norms, biases) are spared
  double gradient_clip = 1.0;  // largest global norm of the gradient
  double ema_decay = 0.999;
  bool muon = false;  // hidden matrices by orthogonalised momentum
};

// Nearly the orthogonal factor U·Vᵀ of a matrix U·S·Vᵀ, by five Newton-Schulz steps in bfloat16:
// singular values come out between 0.6 and 1.3 unless they are tiny beside the largest.
at::Tensor Orthogonalized(const at::Tensor& matrix);

// Linear warm-up, then half a cosine down to a tenth.
double LearningRate(const OptimizerSettings& settings, int64_t step);

class AveragedAdamW {
 public:
  // Trains all parameters of the modules, which must outlive it.
  AveragedAdamW(const std::vector<std::pair<std::string, torch::nn::Module*>>& modules,
                const OptimizerSettings& settings);

  // One step from the gradients that stand in the parameters; clears them. Throws UsageError, and
  // changes nothing, when they are not finite: the settings are too bold.
  void Step(int64_t step);
  // Exchanges trained and averaged weights; twice gives back the first state.
  void SwapAveraged();

  // From here on the parameters whose names begin so ("text_encoder/") are their averages and stay.
  void Freeze(const std::string& prefix);

  // Everything that the next step depends on, by name.
  std::map<std::string, Tensor> State() const;
  // Throws InputError naming `place`, the file, and the tensor that is missing or does not fit.
  void LoadState(const std::map<std::string, Tensor>& state, const std::string& place);

 private:
  struct Slot {
    std::string name;
    at::Tensor parameter, first_moment, second_moment, average;
    bool hidden_matrix;
  };
  void StepOrthogonally(Slot& slot, const at::Tensor& gradient, int64_t step) const;
  OptimizerSettings settings_;
  std::vector<Slot> slots_;
};

}  // namespace plumb
