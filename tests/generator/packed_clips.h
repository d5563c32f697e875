// SPDX-License-Identifier: Apache-2.0
// Clips made up by hand for the transformer, and what it says about them.
#pragma once

#include <vector>

#include "generator/native/internal_transformer.h"

namespace plumb {

// Draws all parameters anew: gates that start at zero would hide every branch.
inline void DrawAnew(torch::nn::Module& module) {
  torch::NoGradGuard no_grad;
  for (at::Tensor& parameter : module.parameters()) {
    parameter.copy_(0.3 * at::randn_like(parameter));
  }
}

inline double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

struct HandmadeClip {
  LatentGroups groups;  // `clean` holds what the network sees, noisy or not
  float timestep = 500.0F;
  at::Tensor text;  // [pieces, text_dim]

  LatentGroup& target() { return groups.front(); }
};

// A clip of the test preset: 4 channels, patches of 2 x 2.
inline HandmadeClip DrawnClip(int64_t frames, int64_t height, int64_t width) {
  return {{{.clean = at::randn({4, frames, height, width}),
            .known = at::zeros({frames, height / 2, width / 2}, torch::kBool),
            .times_s = at::arange(frames, torch::kFloat64) / 6.0}},
          500.0F,
          at::randn({5, 16})};
}

// Clips as one batch.
struct PackedBatch {
  at::Tensor tokens, timesteps;
  TokenLayout layout;
  PackedText text;
};
inline PackedBatch Packed(const std::vector<HandmadeClip>& clips, const TransformerConfig& config) {
  PackedBatch batch;
  std::vector<LatentGroups> groups;
  std::vector<at::Tensor> tokens, states;
  std::vector<float> timesteps;
  int64_t pieces = 0;
  for (const HandmadeClip& clip : clips) {
    groups.push_back(clip.groups);
    for (const LatentGroup& group : clip.groups) tokens.push_back(PatchTokens(group.clean, config));
    timesteps.push_back(clip.timestep);
    batch.text.clips.push_back({pieces, clip.text.size(0)});
    pieces += clip.text.size(0);
    states.push_back(clip.text);
  }
  batch.text.states = at::cat(states);
  batch.tokens = at::cat(tokens);
  batch.timesteps = torch::tensor(timesteps);
  batch.layout = MakeTokenLayout(config, groups);
  return batch;
}

// The velocities of every clip's target, as latents.
inline std::vector<at::Tensor> Velocities(SpacetimeTransformer& network,
                                          const std::vector<HandmadeClip>& clips) {
  const PackedBatch batch = Packed(clips, network->config);
  const at::Tensor out = network->forward({.tokens = batch.tokens,
                                           .timesteps = batch.timesteps,
                                           .layout = batch.layout,
                                           .text = batch.text,
                                           .cross = network->ReadText(batch.text)});
  std::vector<at::Tensor> velocities;
  for (size_t i = 0; i < clips.size(); ++i) {
    const TokenSpan& target = batch.layout.targets[i];
    velocities.push_back(LatentsFromTokens(out.narrow(0, target.first, target.count),
                                           clips[i].groups.front().clean.sizes(),
                                           network->config));
  }
  return velocities;
}

inline at::Tensor Velocity(SpacetimeTransformer& network, const HandmadeClip& clip) {
  return Velocities(network, {clip}).front();
}

}  // namespace plumb
