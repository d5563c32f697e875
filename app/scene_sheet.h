// SPDX-License-Identifier: Apache-2.0
// Many scenes at a glance: strips of frames under their names, side by side in one picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/scene.h"
#include "core/video.h"
#include "scenes/render.h"

namespace plumb {

// A name and the strips under it, one below the other.
struct SheetBlock {
  std::string name;
  std::vector<Video> strips;
};

struct SceneSheetOptions {
  int moments = 4;  // frames of each strip, first and last included
  int columns = 0;  // of blocks; 0: as many as fit in 1600 pixels
  int threads = 1;
  RenderOptions render;

  // Throws UsageError naming the option that makes no sense.
  void Validate() const;
};

// Blocks in rows, read from the left; strips are the frames of the clips spread evenly in time. Of
// two strips each moment but the first is moved back to the frame in which they differ most.
// Throws CheckFailure for no block.
Image SheetOf(const std::vector<SheetBlock>& blocks, const SceneSheetOptions& options);

// One block for each scene. Pictures alone are rendered.
std::vector<SheetBlock> BlocksOfScenes(const std::vector<Scene>& scenes,
                                       const SceneSheetOptions& options,
                                       const Progress& progress = {});

// One block for each sabotage ("gravity=0.5", the law's name alone for its default amount): the
// truth above, the sabotage below. The scene is, of three spread over the catalogue in which the
// law can show, the one that differs most, or else the first that differs at all. Sabotages that no
// scene can take are named in `left_out`.
struct SabotageBlocks {
  std::vector<SheetBlock> blocks;
  std::vector<std::string> left_out;
};
SabotageBlocks BlocksOfSabotages(const std::vector<std::string>& sabotages,
                                 const SceneSheetOptions& options,
                                 const Progress& progress = {});

}  // namespace plumb
