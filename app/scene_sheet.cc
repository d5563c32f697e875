// SPDX-License-Identifier: Apache-2.0
#include "app/scene_sheet.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "app/picture_text.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/laws.h"
#include "core/parallel.h"
#include "scenes/catalogue.h"
#include "scenes/sabotage.h"

namespace plumb {
namespace {

constexpr int kGap_px = 4;
constexpr int kLabelHeight_px = 2 * kTextHeight_px + 8;
constexpr int kWidth_px = 1600;  // that the columns are chosen for
constexpr int kConditioningFrames = 5;
constexpr size_t kCompared = 3;  // scenarios, for the one that shows a sabotage best
constexpr int kSeedsTried = 3;   // per scenario, for a sabotage that needs a certain scene

void Paste(const Image& image, int left, int top, Image& sheet) {
  for (int y = 0; y < image.height; ++y) {
    std::copy_n(image.Pixel(0, y), 3 * image.width, sheet.Pixel(left, top + y));
  }
}

int64_t Difference(const Image& a, const Image& b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(int{a.rgb[i]} - int{b.rgb[i]});
  return sum;
}

// Of the frames after `before` up to `last` the one in which the strips differ most, the last one
// among equals.
int MostDifferent(const SheetBlock& block, int before, int last) {
  int found = last;
  int64_t most = -1;
  for (int frame = last; frame > before; --frame) {
    const int64_t difference =
        Difference(block.strips.front().frame(frame), block.strips.back().frame(frame));
    if (difference <= most) continue;
    most = difference;
    found = frame;
  }
  return found;
}

// Frames spread from the first to the last; where there are two strips, each but the first is moved
// back to where they differ most.
std::vector<int> MomentsOf(const SheetBlock& block, int moments) {
  const int last = block.strips.front().num_frames() - 1;
  std::vector<int> frames = {0};
  for (int i = 1; i < moments; ++i) {
    const int frame = i * last / (moments - 1);
    const int before = (i - 1) * last / (moments - 1);
    frames.push_back(block.strips.size() == 2 ? MostDifferent(block, before, frame) : frame);
  }
  return frames;
}

// Width and height of a block in pixels.
std::pair<int, int> SizeOf(const SheetBlock& block, int moments) {
  const Video& video = block.strips.front();
  const int strips = static_cast<int>(block.strips.size());
  return {moments * (video.width() + kGap_px),
          kLabelHeight_px + strips * (video.height() + kGap_px) + kGap_px};
}

// All labels of a sheet have one size: two pixels a dot, or one where a name is too long for that.
int LabelScale(const std::vector<SheetBlock>& blocks, int moments) {
  const bool large = std::all_of(blocks.begin(), blocks.end(), [&](const SheetBlock& block) {
    return TextWidth(block.name, 2) <= SizeOf(block, moments).first;
  });
  return large ? 2 : 1;
}

void DrawBlock(
    const SheetBlock& block, int moments, int label_scale, std::pair<int, int> at, Image& sheet) {
  auto [left, top] = at;
  DrawText(block.name, left, top + 4, label_scale, sheet);
  top += kLabelHeight_px;
  const std::vector<int> frames = MomentsOf(block, moments);
  for (const Video& video : block.strips) {
    for (int i = 0; i < moments; ++i) {
      Paste(video.frame(frames[i]), left + i * (video.width() + kGap_px), top, sheet);
    }
    top += video.height() + kGap_px;
  }
}

// The truth and the sabotage of it; nothing when the law can't be broken in the scene or shows
// nothing.
std::optional<SheetBlock> BlockOf(const Sabotage& sabotage,
                                  const Scene& scene,
                                  const RenderOptions& render,
                                  const Progress& progress) {
  RenderOptions options = render;
  options.depth = options.normals = options.flow = false;
  const Truth truth = MakeTruth(scene, options, progress);
  try {
    Video broken = MakeSabotaged(truth, sabotage, kConditioningFrames, progress).video;
    if (broken.frames() == truth.video.frames()) return std::nullopt;
    return SheetBlock{fmt::format("{} in {}", ToString(sabotage), scene.id),
                      {truth.video, std::move(broken)}};
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

// The scenarios in which a law can show, one from each third of the catalogue before the others.
std::vector<std::string> ScenariosFor(const Law& law) {
  std::vector<std::string> able;
  for (const ScenarioInfo& info : ListScenarios()) {
    if (CanShow(law, info.id)) able.emplace_back(info.id);
  }
  const size_t compared = std::min<size_t>(kCompared, able.size());
  for (size_t k = 0; k < compared; ++k) std::swap(able[k], able[k * able.size() / compared]);
  return able;
}

int64_t LargestDifference(const SheetBlock& block) {
  const int last = block.strips.front().num_frames() - 1;
  const int frame = MostDifferent(block, -1, last);
  return Difference(block.strips.front().frame(frame), block.strips.back().frame(frame));
}

// Of the first scenarios the one that shows it best; when none does, the first that does at all.
std::optional<SheetBlock> ClearBlockOf(const std::string& text,
                                       const RenderOptions& render,
                                       const Progress& progress) {
  const Sabotage sabotage = ParseSabotage(text);
  const std::vector<std::string> scenarios = ScenariosFor(FindLaw(sabotage.law));
  std::optional<SheetBlock> best;
  for (uint64_t seed = 0; seed < kSeedsTried; ++seed) {
    for (size_t k = 0; k < scenarios.size(); ++k) {
      progress.ThrowIfCancelled();
      if (best && k >= kCompared) return best;
      auto block = BlockOf(sabotage, MakeScene(scenarios[k], 0, seed), render, progress);
      if (block && (!best || LargestDifference(*block) > LargestDifference(*best))) {
        best = std::move(block);
      }
    }
    if (best) return best;
  }
  return best;
}

}  // namespace

void SceneSheetOptions::Validate() const {
  if (moments < 1 || moments > render.frames) {
    throw UsageError(
        fmt::format("--moments {}: expected 1 to the clip's {} frames", moments, render.frames));
  }
  if (columns < 0) throw UsageError(fmt::format("--columns {}: expected 0 or more", columns));
  if (threads < 1) throw UsageError(fmt::format("--threads {}: expected 1 or more", threads));
  render.Validate();
}

Image SheetOf(const std::vector<SheetBlock>& blocks, const SceneSheetOptions& options) {
  PLUMB_CHECK(!blocks.empty());
  int width = 0, height = 0;
  for (const SheetBlock& block : blocks) {
    PLUMB_CHECK(!block.strips.empty(), "{}", block.name);
    const auto [block_width, block_height] = SizeOf(block, options.moments);
    width = std::max(width, block_width + kGap_px);
    height = std::max(height, block_height);
  }
  const int fitting = options.columns > 0 ? options.columns : std::max(1, kWidth_px / width);
  const int columns = std::min(fitting, static_cast<int>(blocks.size()));
  const int rows = (static_cast<int>(blocks.size()) + columns - 1) / columns;
  Image sheet(columns * width + kGap_px, rows * height + kGap_px);
  std::fill(sheet.rgb.begin(), sheet.rgb.end(), uint8_t{255});
  const int label_scale = LabelScale(blocks, options.moments);
  for (int i = 0; i < static_cast<int>(blocks.size()); ++i) {
    const std::pair at{kGap_px + i % columns * width, kGap_px + i / columns * height};
    DrawBlock(blocks[i], options.moments, label_scale, at, sheet);
  }
  return sheet;
}

std::vector<SheetBlock> BlocksOfScenes(const std::vector<Scene>& scenes,
                                       const SceneSheetOptions& options,
                                       const Progress& progress) {
  options.Validate();
  std::vector<SheetBlock> blocks(scenes.size());
  const RenderOptions render = RenderOptions::PicturesOnly(options.render);
  const auto work = [&](int i, const Progress& quiet) {
    blocks[i] = {scenes[i].id, {MakeTruth(scenes[i], render, quiet).video}};
  };
  DoInParallel("scenes", static_cast<int>(scenes.size()), options.threads, work, progress);
  return blocks;
}

SabotageBlocks BlocksOfSabotages(const std::vector<std::string>& sabotages,
                                 const SceneSheetOptions& options,
                                 const Progress& progress) {
  options.Validate();
  std::vector<std::optional<SheetBlock>> found(sabotages.size());
  const auto work = [&](int i, const Progress& quiet) {
    found[i] = ClearBlockOf(sabotages[i], options.render, quiet);
  };
  DoInParallel("sabotages", static_cast<int>(sabotages.size()), options.threads, work, progress);
  SabotageBlocks result;
  for (size_t i = 0; i < sabotages.size(); ++i) {
    if (found[i])
      result.blocks.push_back(*std::move(found[i]));
    else
      result.left_out.push_back(sabotages[i]);
  }
  return result;
}

}  // namespace plumb
