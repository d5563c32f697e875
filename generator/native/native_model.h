// SPDX-License-Identifier: Apache-2.0
// The embedded engine: checkpoint folders in Diffusers layout, of two families.
//
// Plumb's own: caption, known first frames and a seed become a video, by a flow-matching diffusion
// transformer in the latent space of a causal video VAE. Rectified flow: Liu et al. 2022
// (arXiv 2209.03003); transformer: Peebles & Xie 2022 (arXiv 2212.09748).
//
// DiT, Peebles & Xie's own: a class and a seed become a picture, a video of one frame. The caption
// is the class's number or its name in the checkpoint.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/model.h"
#include "generator/native/video_request.h"

namespace plumb {

// How a checkpoint is sampled. What is not given is the family's: 20 steps of Euler's method and
// guidance 2 for Plumb's own; 50 steps of the checkpoint's own scheduler and guidance 4 for DiT.
struct NativeOptions {
  std::optional<int> steps;        // from pure noise to the clip
  std::optional<double> guidance;  // classifier-free: 1 = the caption alone, 0 = no caption
  // The share of the steps in which guidance acts; in the others the caption alone counts.
  double guidance_from = 0.0;
  double guidance_until = 1.0;
  std::string negative_prompt;  // what guidance leads away from, in place of "no caption"
  double shift = 0.0;  // time shift of the schedule; 0 = what the checkpoint's scheduler says
  // ddim, ddpm, dpm++2m, euler, heun (twice the work) or unipc; DiT: ddim or ddpm, respaced as the
  // original repository does. "": not given.
  std::string sampler;
  // DiT: which latent channels guidance acts on: "upstream" (the first three, as the original
  // repository does) or "diffusers" (all). "": not given, upstream.
  std::string guidance_channels;
  // The transformer's products, and the autoencoder of DiT, in bfloat16; float32 otherwise. Norms,
  // sums and the sampler's steps are float32 in any case.
  bool bf16 = false;

  // Throws UsageError naming the field and what it may be.
  void Validate() const;
};

// "float32" or "bfloat16", for manifests.
std::string PrecisionName(const NativeOptions& options);

// The clip that a checkpoint makes for a prompt: the nearest it can.
struct ClipShape {
  int width = 0;
  int height = 0;
  int frames = 0;       // computed: a multiple of the temporal stride plus one
  int kept_frames = 0;  // returned: the first so many of them
  double fps = 0.0;
  int known_frames =
      0;  // leading frames that are given: 0, or a multiple of the temporal stride plus one
};

// The clips that a checkpoint was trained for.
struct TrainedClip {
  int width = 0;
  int height = 0;
  int frames = 0;
  double fps = 0.0;
};

// A checkpoint folder: model_index.json, transformer/, vae/, scheduler/, and of Plumb's own family
// text_encoder/ and tokenizer/.
class NativeModel : public Model {
 public:
  virtual TrainedClip Trained() const = 0;
  // Whether captions are sentences; else each names a class.
  virtual bool ReadsSentences() const { return true; }
  // Sides of a clip are multiples of the first, frames of the second plus one.
  virtual int SizeStep() const = 0;
  virtual int FrameStep() const = 0;

  // The video that is asked for, of exactly that size, length and rate; given pixels come back
  // untouched. One thread, fixed shapes: the same bytes for the same request. Initial noise is
  // drawn in float32 from (seed, name). Throws UsageError with the nearest possible size or length
  // when it can't be made, or when memory would not suffice (kLargestClip).
  virtual Video Make(const VideoRequest& request, const Progress& progress) = 0;

  // Which clip Generate makes for the prompt: never larger than asked or than the checkpoint was
  // trained for (sides are multiples of SizeStep, the aspect is the nearest possible), the
  // checkpoint's frame rate, and enough frames for the time asked for, as far as it was trained.
  // Throws UsageError when a side is under one step.
  virtual ClipShape PlanClip(const Prompt& prompt) const = 0;

  // Model::Generate makes the video that PlanClip describes; its first `known_frames` frames are
  // the conditioning frames at that size.

  // Everything that decides a sample besides the request: weights digests, sampler settings,
  // versions.
  virtual Json Manifest() const = 0;
};

// Tokens of a clip beyond which Make refuses: attention over more takes more than a few GiB.
inline constexpr int64_t kLargestClip = 65536;

// Reads a checkpoint of any family. Throws InputError naming file and tensor or key when a file is
// missing or broken, a tensor is missing, unexpected, of another shape or not finite, or the folder
// is of a family Plumb does not know (the known ones are listed); UsageError when the options ask
// for what the family has not.
std::unique_ptr<NativeModel> LoadNativeModel(const std::filesystem::path& checkpoint,
                                             const NativeOptions& options = {});

}  // namespace plumb
