// SPDX-License-Identifier: Apache-2.0
#include "app/generate/sheet_frames.h"

#include <algorithm>

#include "app/contact_sheet.h"
#include "core/check.h"

namespace plumb {

SheetFrames::SheetFrames(int cells) : cells_(cells) { PLUMB_CHECK(cells > 1, "{} cells", cells); }

void SheetFrames::Add(const Image& frame) {
  if (count_ % stride_ == 0) kept_.push_back(frame);
  ++count_;
  last_ = {frame};
  if (static_cast<int>(kept_.size()) <= 8 * cells_) return;
  // Too many: every other one goes.
  size_t to = 0;
  for (size_t from = 0; from < kept_.size(); from += 2) std::swap(kept_[to++], kept_[from]);
  kept_.resize(to);
  stride_ *= 2;
}

std::vector<Image> SheetFrames::Spread() const {
  PLUMB_CHECK(count_ > 0, "no frame");
  std::vector<Image> spread;
  const int cells = std::min(cells_, count_);
  for (int i = 0; i + 1 < cells; ++i) {
    const int frame = i * (count_ - 1) / (cells - 1);
    const int index = (frame + stride_ / 2) / stride_;
    spread.push_back(kept_[std::min(index, static_cast<int>(kept_.size()) - 1)]);
  }
  spread.push_back(last_.front());
  return spread;
}

Image GenerationSheet(const std::vector<SheetFrames>& videos) {
  PLUMB_CHECK(!videos.empty(), "no video");
  ContactSheetOptions options;
  std::vector<Image> frames;
  for (const SheetFrames& video : videos) {
    const std::vector<Image> spread = video.Spread();
    if (videos.size() > 1) options.columns = static_cast<int>(spread.size());
    frames.insert(frames.end(), spread.begin(), spread.end());
  }
  options.cells = static_cast<int>(frames.size());
  return ContactSheet({std::move(frames), 1.0}, options);
}

int SheetCells(int videos) { return videos > 1 ? 8 : ContactSheetOptions().cells; }

}  // namespace plumb
