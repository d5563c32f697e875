// SPDX-License-Identifier: Apache-2.0
// What a training makes so far, beside the truth.
#include <algorithm>

#include "generator/native/native_model.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

constexpr int kGapPx = 2;
constexpr int kMostFrames = 9;  // of a row

Video TruthOf(const ListedClip& clip) {
  return TrainingClipFrom(ReadSafetensors(clip.file), clip.file.string()).video;
}

Video SampleOf(NativeModel& model, const TrainingRun& run, int64_t index, const Video& truth) {
  Prompt prompt;
  prompt.cell_id = fmt::format("{}/sheet", run.clips.source(index));
  prompt.caption = run.clips.caption(index);
  prompt.conditioning_frames = {truth.frame(0)};
  prompt.cameras = run.clips.Cameras(index);
  prompt.width = truth.width();
  prompt.height = truth.height();
  prompt.frames = run.clips.shape(index).frames;
  prompt.fps = truth.fps();
  prompt.seed = run.options.seed;
  // Not to be stopped half-way: the weights in the modules are the averaged ones now.
  return model.Generate(prompt, {.report = run.progress.report});
}

// Evenly spaced frames of a video side by side; the same moments for every video of a length.
void PasteRow(const Video& video, int frames, int top, Image& sheet) {
  const int columns = std::min(frames, kMostFrames);
  for (int column = 0; column < columns; ++column) {
    const int frame = columns == 1 ? 0 : column * (frames - 1) / (columns - 1);
    const Image& image = video.frame(std::min(frame, video.num_frames() - 1));
    const int left = column * (image.width + kGapPx);
    for (int y = 0; y < image.height; ++y) {
      std::copy_n(image.Pixel(0, y), 3 * image.width, sheet.Pixel(left, top + y));
    }
  }
}

struct Pair {
  Video truth;
  Video sample;
  int frames;  // of the truth that count

  int width() const {
    return std::min(frames, kMostFrames) * (std::max(truth.width(), sample.width()) + kGapPx);
  }
  int height() const { return truth.height() + sample.height() + 3 * kGapPx; }
};

Image SheetOf(const std::vector<Pair>& pairs) {
  int width = 0, height = 0;
  for (const Pair& pair : pairs) {
    width = std::max(width, pair.width());
    height += pair.height();
  }
  Image sheet(width, height);
  std::fill(sheet.rgb.begin(), sheet.rgb.end(), uint8_t{255});
  int top = 0;
  for (const Pair& pair : pairs) {
    PasteRow(pair.truth, pair.frames, top, sheet);
    PasteRow(pair.sample, pair.frames, top + pair.truth.height() + kGapPx, sheet);
    top += pair.height();
  }
  return sheet;
}

}  // namespace

Image SampleSheet(const TrainingRun& run) {
  const std::filesystem::path folder = run.options.output / "training/sampled";
  WriteNetworks(folder, run.networks);
  const std::unique_ptr<NativeModel> model = LoadNativeModel(folder);
  std::vector<Pair> pairs;
  for (const int64_t index : ValidationClips(run.options)) {
    if (static_cast<int>(pairs.size()) == run.options.sample_clips) break;
    const Video truth = TruthOf(run.clips.clip(index));
    const Video sample = SampleOf(*model, run, index, truth);
    pairs.push_back({truth, sample, run.clips.shape(index).frames});
  }
  at::set_num_threads(run.options.threads);  // the model set its own
  return SheetOf(pairs);
}

}  // namespace plumb
