// SPDX-License-Identifier: Apache-2.0
// A checkpoint folder as a model: what native_model.cc samples with and inspectable_model.cc looks
// into.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/errors.h"
#include "generator/native/inspectable_model.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/internal_clip_plan.h"
#include "generator/native/internal_draw_noise.h"
#include "generator/native/internal_given_pixels.h"
#include "generator/native/internal_sampling_transformer.h"
#include "generator/native/internal_shared_parts.h"
#include "generator/schedulers/internal_sampler.h"
#include "generator/weights/internal_weights.h"

namespace plumb {

// A caption as every block reads it; the same at every step.
struct Condition {
  PackedText text;
  std::vector<CrossStates> cross;
};

class DiffusersFolderModel : public InspectableModel {
 public:
  DiffusersFolderModel(const std::filesystem::path& checkpoint, const NativeOptions& options)
      : checkpoint_(checkpoint),
        options_(WithDefaults(options)),
        networks_(ReadNetworks(checkpoint)),
        transformer_(networks_.transformer, options_.bf16 ? at::kBFloat16 : at::kFloat) {
    for (const std::string weights : {kVaeWeights, kTransformerWeights, kTextEncoderWeights}) {
      const std::filesystem::path folder = std::filesystem::path(weights).parent_path();
      for (const auto& file : OpenWeights(PartFile(checkpoint, weights)).files) {
        digests_[(folder / file.filename()).string()] = FileDigest(file);
      }
    }
    digests_[kTokenizerModel] = FileDigest(PartFile(checkpoint, kTokenizerModel));
  }

  TrainedClip Trained() const override {
    const IndexConfig& index = networks_.config.index;
    return {index.width, index.height, index.frames, index.fps};
  }
  int SizeStep() const override { return networks_.config.SizeStep(); }
  int FrameStep() const override { return static_cast<int>(networks_.config.vae.TemporalStride()); }
  ClipShape PlanClip(const Prompt& prompt) const override { return PlanClipFor(prompt, Limits()); }

  Video Make(const VideoRequest& request, const Progress& progress) override;
  Video Generate(const Prompt& prompt, const Progress& progress) override;
  Json Manifest() const override;

  std::vector<std::string> Layers() const override;
  void Observe(const std::vector<std::string>& layers, ActivationObserver observer) override;
  std::unique_ptr<Trajectory> Begin(const VideoRequest& request) override;
  std::vector<double> EvenTimesteps(int count) const override;
  DenoisingLosses DenoisingLoss(const Video& video,
                                const LossCondition& condition,
                                const LossLevels& levels) override;

  // All that sampling a request needs. Throws as Make does.
  struct Task {
    SamplerInput input;
    Denoiser denoiser;
  };
  Task TaskOf(const VideoRequest& request, const Progress& progress = {});
  Video VideoOf(const at::Tensor& latents, const VideoRequest& request);

 private:
  // What the family takes where nothing is given. Throws UsageError on what it hasn't.
  static NativeOptions WithDefaults(NativeOptions options);
  ClipLimits Limits() const { return {Trained(), SizeStep(), FrameStep()}; }
  double Shift() const {
    return options_.shift > 0 ? options_.shift : networks_.config.scheduler.shift;
  }
  std::vector<int64_t> LatentShape(const VideoRequest& request) const;
  at::Tensor Encode(const std::vector<Image>& images);
  // Latents of the whole clip where something is given, zeros elsewhere: [1, C, T, H, W].
  at::Tensor GivenLatents(const GivenPixels& given, const at::Tensor& known);
  LatentGroups Groups(const VideoRequest& request,
                      const at::Tensor& clean,
                      const at::Tensor& known);
  Condition Read(const std::string& caption);
  Denoiser MakeDenoiser(const VideoRequest& request, const LatentGroups& groups);
  SamplerInput Sampling(const VideoRequest& request,
                        const at::Tensor& clean,
                        const at::Tensor& known) const;
  std::vector<Image> Decode(const at::Tensor& latents);
  // Hands what is observed to the observer, beside the level of the pass.
  LayerWatch WatchOf(float timestep, bool conditional) const;

  std::filesystem::path checkpoint_;
  NativeOptions options_;
  Networks networks_;
  SamplingTransformer transformer_;  // has the weights of the one in networks_
  Json digests_ = Json::object();
  std::set<std::string> observed_;  // layers that somebody looks at
  ActivationObserver observer_;
};

// bool [1, 1, T, H, W] of latent cells from [T, rows, columns] of tokens.
at::Tensor KnownCells(const at::Tensor& known, const TransformerConfig& config);

}  // namespace plumb
