// SPDX-License-Identifier: Apache-2.0
// A native checkpoint open at its seams: a sampling that can be paused, looked at and gone on with;
// what its layers give out; what its denoiser makes of a video.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/safetensors.h"
#include "core/tensor.h"
#include "generator/native/denoising_loss.h"
#include "generator/native/native_model.h"

namespace plumb {

// What one layer of the transformer gave out in one forward pass.
struct Activation {
  std::string layer;        // one of InspectableModel::Layers
  float timestep = 0.0F;    // the level that the network was shown
  bool conditional = true;  // with the caption; else without, or with the negative prompt
  // F32 [tokens, width]: the clip's tokens by latent frame, row and column, then those of
  // references.
  Tensor values;
};
using ActivationObserver = std::function<void(const Activation&)>;

// NativeModel::Make, one evaluation of the sampler at a time. The model must outlive it.
class Trajectory {
 public:
  virtual ~Trajectory() = default;

  virtual int num_steps() const = 0;
  virtual int step() const = 0;  // steps that are over
  virtual bool Done() const = 0;
  // Throws CheckFailure when Done().
  virtual void Next() = 0;

  // "latents" F32 [1, C, T, H, W], where it stands, and what the sampler remembers: enough to go on
  // from, in another process too.
  virtual Safetensors State() const = 0;
  // Goes on from a state of the same request, to the same bytes. Throws InputError naming `place`
  // and what does not fit (sampler, number of steps, shape).
  virtual void Restore(const Safetensors& state, const std::string& place) = 0;

  // The latents as they stand, decoded: the request's video when Done(), a noisy one before.
  virtual Video Decoded() const = 0;
};

class InspectableModel : public NativeModel {
 public:
  // Layers that can be observed, in the order in which they are computed, by the names of their
  // weights: "patch_embedding", "blocks.0.attn1.to_out", "blocks.0.attn2.to_out",
  // "blocks.0.ffn_out", "blocks.0" (the sum behind the block) … "proj_out".
  virtual std::vector<std::string> Layers() const = 0;

  // From now on tells `observer` what each of these layers gives out, in every forward pass. Names
  // may hold * and ? ("blocks.*.attn1.to_out"). What is made does not change, and nothing is
  // computed for layers that nobody asked for; no layers, or a null observer: none any more. Throws
  // UsageError with the list when a name meets no layer.
  virtual void Observe(const std::vector<std::string>& layers, ActivationObserver observer) = 0;

  // The sampling of a request before its first step. Throws as Make does.
  virtual std::unique_ptr<Trajectory> Begin(const VideoRequest& request) = 0;

  // `count` timesteps, each in the middle of one of as many equal stretches between clean and
  // noise.
  virtual std::vector<double> EvenTimesteps(int count) const = 0;

  // Encodes the video, makes it noisy, asks the denoiser once a timestep. One thread, one pass at a
  // time: the same bytes whatever else is asked. Throws UsageError with the nearest possible size
  // or length when the checkpoint can't take the video, or naming the condition or the timestep
  // that is out of range.
  virtual DenoisingLosses DenoisingLoss(const Video& video,
                                        const LossCondition& condition,
                                        const LossLevels& levels) = 0;
};

// Reads a checkpoint as LoadNativeModel does.
std::unique_ptr<InspectableModel> LoadInspectableModel(const std::filesystem::path& checkpoint,
                                                       const NativeOptions& options = {});

}  // namespace plumb
