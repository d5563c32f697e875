// SPDX-License-Identifier: Apache-2.0
// Training clips on disk: made once, read many times, one safetensors file a clip.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "generator/training/train.h"

namespace plumb {

class ClipStore {
 public:
  // Makes the clips that the folder lacks; clips made before an interruption stay. Throws
  // UsageError when the folder holds clips of other options, InputError when the source gives a
  // clip of another shape.
  ClipStore(const TrainOptions& options, const ClipSource& source, const Progress& progress);

  int64_t size() const { return static_cast<int64_t>(captions_.size()); }
  const std::string& caption(int64_t index) const { return captions_[index]; }
  const std::vector<std::string>& captions() const { return captions_; }
  const std::vector<std::string>& sources() const { return sources_; }

  // Frames first … first+count-1 of a clip: F32 [3, count, H, W] in −1 … 1.
  at::Tensor Pixels(int64_t index, int64_t first, int64_t count) const;

 private:
  std::filesystem::path Path(int64_t index) const;
  std::filesystem::path folder_;
  std::vector<std::string> captions_;
  std::vector<std::string> sources_;
};

}  // namespace plumb
