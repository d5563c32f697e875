// SPDX-License-Identifier: Apache-2.0
// The clips of exported sets: `plumb scenes export --tensors`, or the clip folder of another
// training.
#pragma once

#include <vector>

#include "generator/training/train.h"

namespace plumb {

// The clips of the data folders in the order of a training: `clips` to train on, then those that
// are held out. Throws as WithDataOfFolders does.
std::vector<ListedClip> ExportedClips(const TrainOptions& options);

// What of a clip is used: frames beyond a multiple of 4, plus 1, are left out.
TrainingShape UsedShape(const ListedClip& clip);

}  // namespace plumb
