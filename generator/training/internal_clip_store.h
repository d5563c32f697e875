// SPDX-License-Identifier: Apache-2.0
// The clips of a training on disk, each a safetensors file of its native shape: made once from a
// source, or those of an exported set.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "core/seed.h"
#include "generator/training/train.h"

namespace plumb {

// The options with what the exported sets decide: number of clips, their shapes, the digests of
// the lists as `data`. Unchanged without data folders. Throws InputError naming the clip that can't
// be trained on, UsageError when there are too few.
TrainOptions WithDataOfFolders(const TrainOptions& options);

// Clips 0 … clips-1 are trained on, clips … clips+validation_clips-1 are held out.
class ClipStore {
 public:
  // Options as WithDataOfFolders gives them. Makes the clips that the folder lacks; clips made
  // before an interruption stay. Throws UsageError when the folder holds clips of other options,
  // InputError when the source gives a clip of another shape.
  ClipStore(const TrainOptions& options, const ClipSource& source, const Progress& progress);

  int64_t size() const { return static_cast<int64_t>(clips_.size()); }
  const ListedClip& clip(int64_t index) const { return clips_[index]; }
  const std::string& source(int64_t index) const { return clips_[index].source; }
  // What of the clip is used: frames are a multiple of 4, plus 1.
  TrainingShape shape(int64_t index) const;
  // The exact caption; the exact one or one in other words, evenly drawn.
  const std::string& caption(int64_t index) const { return clips_[index].captions.front(); }
  const std::string& DrawCaption(int64_t index, Random& random) const;
  // The other trained clips of the same set and source: its scene, seen by another camera.
  std::vector<int64_t> OtherViews(int64_t index) const;
  // Every caption of every clip that is trained on.
  std::vector<std::string> TrainedCaptions() const;

  // Both throw InputError naming the clip's file when that is gone or not what the list says.
  // Frames first … first+count-1 of a clip: F32 [3, count, H, W] in −1 … 1.
  at::Tensor Pixels(int64_t index, int64_t first, int64_t count) const;
  // All used frames' cameras; none where nobody knows.
  std::vector<Camera> Cameras(int64_t index) const;

 private:
  std::vector<ListedClip> clips_;
  std::map<std::string, std::vector<int64_t>> views_;  // other views, by file
  int64_t trained_ = 0;
};

}  // namespace plumb
