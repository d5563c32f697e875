// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov & Hutter 2019) with a running average of the weights, and its learning rate.
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
};

// Linear warm-up, then half a cosine down to a tenth.
double LearningRate(const OptimizerSettings& settings, int64_t step);

class AveragedAdamW {
 public:
  // Trains all parameters of the modules, which must outlive it.
  AveragedAdamW(const std::vector<std::pair<std::string, torch::nn::Module*>>& modules,
                const OptimizerSettings& settings);

  // One step from the gradients that stand in the parameters; clears them.
  void Step(int64_t step);
  // Exchanges trained and averaged weights; twice gives back the first state.
  void SwapAveraged();

  // Everything that the next step depends on, by name.
  std::map<std::string, Tensor> State() const;
  void LoadState(const std::map<std::string, Tensor>& state);

 private:
  struct Slot {
    std::string name;
    at::Tensor parameter, first_moment, second_moment, average;
  };
  OptimizerSettings settings_;
  std::vector<Slot> slots_;
};

}  // namespace plumb
