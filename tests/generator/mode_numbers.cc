// SPDX-License-Identifier: Apache-2.0
// Every mode of a native checkpoint at many seeds, beside plain text-to-video of the same captions
// and seeds: the values behind the table of docs/modes.md (scripts/mode-numbers). One line per
// value: seed, mode, number, the mode's value, plain text-to-video's, apart by tabs.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/seed.h"
#include "generator/native/modes.h"
#include "scenes/catalogue.h"
#include "scenes/pictures.h"
#include "scenes/render.h"
#include "tests/generator/mode_measures.h"

namespace plumb {
namespace {

// Scenes with one coloured object.
constexpr std::array<const char*, 4> kScenarios = {"bounce", "slide_stop", "projectile", "drop"};
constexpr double kMinute_s = 60.0;

Video Part(const Video& video, int first, int count) {
  const auto start = video.frames().begin() + first;
  return {std::vector<Image>(start, start + count), video.fps()};
}

Video Joined(const Video& a, const Video& b) {
  std::vector<Image> all = a.frames();
  all.insert(all.end(), b.frames().begin(), b.frames().end());
  return {std::move(all), a.fps()};
}

// Without the words that say what the object looks like.
std::string WithoutLook(const std::string& caption) {
  static const std::set<std::string> look = {"red",
                                             "orange",
                                             "yellow",
                                             "green",
                                             "turquoise",
                                             "blue",
                                             "purple",
                                             "pink",
                                             "rubber",
                                             "wooden",
                                             "plastic",
                                             "painted",
                                             "ceramic",
                                             "glass"};
  std::istringstream stream(caption);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  // Floors and walls keep what they are made of.
  const auto is_of_place = [&](size_t i) {
    while (i < words.size() && look.contains(words[i])) ++i;
    return i < words.size() && (words[i].starts_with("floor") || words[i].starts_with("wall"));
  };
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (look.contains(words[i]) && !is_of_place(i)) continue;
    const bool bare = words[i] == "an" && i + 1 < words.size() && look.contains(words[i + 1]);
    text += (text.empty() ? "" : " ") + (bare ? "a" : words[i]);
  }
  return text;
}

// The modes at one seed.
class SeedModes {
 public:
  // Clips of `frames` frames.
  SeedModes(NativeModel& model, int seed, int frames)
      : model_(model), clip_(model.Trained()), seed_(seed) {
    clip_.frames = frames;
    const Scene scene = MakeScene(kScenarios[static_cast<size_t>(seed) % kScenarios.size()],
                                  DeriveSeed(0, "mode numbers", "scenes"),
                                  static_cast<uint64_t>(seed));
    caption_ = scene.caption;
    options_.caption = caption_;
    options_.seed = static_cast<uint64_t>(seed);
    options_.clip_frames = frames;
    options_.overlap = std::min(9, clip_.frames / 2);
    RenderOptions protocol;
    protocol.width = clip_.width;
    protocol.height = clip_.height;
    protocol.frames = 2 * clip_.frames;
    protocol.fps = clip_.fps;
    truth_.emplace(MakePictures(scene, protocol).video);
    plain_.emplace(Make(Request(caption_)));
  }

  void Run() {
    Texts();
    FirstPicture();
    Extensions();
    LoopAndConnection();
    Edits();
    SeveralShots();
  }
  void Minute();

 private:
  VideoRequest Request(const std::string& caption) const {
    VideoRequest request;
    request.seed = options_.seed;
    request.caption = caption;
    request.width = clip_.width;
    request.height = clip_.height;
    request.frames = clip_.frames;
    request.fps = clip_.fps;
    return request;
  }
  Video Make(const VideoRequest& request) { return model_.Make(request, {}); }
  void Add(const std::string& mode, const std::string& number, double made, double plain) const {
    fmt::print("{}\t{}\t{}\t{}\t{}\n", seed_, mode, number, made, plain);
  }

  void Texts();
  void FirstPicture();
  void Extensions();
  void LoopAndConnection();
  void Edits();
  void SeveralShots();

  NativeModel& model_;
  TrainedClip clip_;
  int seed_;
  std::string caption_;
  ModeOptions options_;
  std::optional<Video> truth_;  // twice as long as a clip
  std::optional<Video> plain_;  // text to video
};

// Text and picture can't be compared with text-to-video, which they are: with no text instead.
void SeedModes::Texts() {
  const Video silent = Make(Request(""));
  const Image& wanted = truth_->frame(0);
  Add("text → video",
      "palette distance to the caption's scene (beside: no caption)",
      PaletteDistance(plain_->frame(0), wanted),
      PaletteDistance(silent.frame(0), wanted));
  VideoRequest request = Request(caption_);
  request.frames = 1;
  const Video picture = Make(request);
  request.caption = "";
  Add("single image",
      "palette distance to the caption's scene (beside: no caption)",
      PaletteDistance(picture.frame(0), wanted),
      PaletteDistance(Make(request).frame(0), wanted));
}

void SeedModes::FirstPicture() {
  VideoRequest request = Request(caption_);
  request.given = {{.frame = 0, .image = truth_->frame(0)}};
  std::vector<Image> pasted = plain_->frames();
  pasted[0] = truth_->frame(0);
  Add("image → video",
      "seam after the picture",
      SeamError(Make(request), 1),
      SeamError({pasted, clip_.fps}, 1));
}

void SeedModes::Extensions() {
  const Video start = Part(*truth_, 0, clip_.frames);
  const int fresh = clip_.frames - options_.overlap;
  std::vector<Image> frames;
  ExtendForward(model_,
                start,
                clip_.frames + fresh,
                options_,
                [&](const Image& frame) { frames.push_back(frame); },
                {});
  Add("extend forward",
      "seam",
      SeamError({frames, clip_.fps}, clip_.frames),
      SeamError(Joined(start, Part(*plain_, 0, fresh)), clip_.frames));
  const Video back = ExtendBackward(model_, start, fresh, options_, {});
  Add("extend backward",
      "seam",
      SeamError(back, fresh),
      SeamError(Joined(Part(*plain_, clip_.frames - fresh, fresh), start), fresh));
}

void SeedModes::LoopAndConnection() {
  const Video start = Part(*truth_, 0, clip_.frames);
  const auto worse = [&](const Video& loop) {
    return std::max(SeamError(loop, clip_.frames), LoopSeamError(loop));
  };
  const Video loop = Loop(model_, start, options_, {});
  const int between = loop.num_frames() - clip_.frames;
  Add("seamless loop",
      "worse of both seams",
      worse(loop),
      worse(Joined(start, Part(*plain_, 0, between))));
  // The same scene later, with the frames between left out.
  const int half = clip_.frames / 2;
  const Video first = Part(*truth_, 0, half), second = Part(*truth_, half + between, half);
  const auto worst = [&](const Video& both) {
    return std::max(SeamError(both, half), SeamError(both, both.num_frames() - half));
  };
  Add("connect two videos",
      "worse of both seams",
      worst(Connect(model_, first, second, options_, {})),
      worst(Joined(Joined(first, Part(*plain_, 0, between)), second)));
}

void SeedModes::Edits() {
  const Video video = Part(*truth_, 0, clip_.frames);
  std::vector<uint8_t> mask(static_cast<size_t>(clip_.width) * clip_.height, 0);
  const int half = clip_.width / 2 / model_.SizeStep() * model_.SizeStep();
  for (int y = 0; y < clip_.height; ++y) std::fill_n(mask.begin() + y * clip_.width, half, 1);
  std::vector<Image> pasted = plain_->frames();
  for (int i = 0; i < clip_.frames; ++i) {
    for (int y = 0; y < clip_.height; ++y) {
      std::copy_n(video.frame(i).Pixel(0, y), 3 * half, pasted[i].Pixel(0, y));
    }
  }
  Add("masked edit",
      "change across the mask's edge over the video's own",
      EdgeError(EditMasked(model_, video, mask, options_, {}), video, mask),
      EdgeError({pasted, clip_.fps}, video, mask));
  const auto away = [&](const Video& made) {
    double sum = 0.0;
    for (int i = 0; i < clip_.frames; ++i) sum += MeanDifference(made.frame(i), video.frame(i));
    return sum / clip_.frames;
  };
  Add("SDEdit, strength 0.5",
      "difference from the video, levels",
      away(Redraw(model_, video, 0.5, options_, {})),
      away(*plain_));
}

// The second shot tells of another event and does not say what the thing looks like.
void SeedModes::SeveralShots() {
  const Scene other = MakeScene(kScenarios[static_cast<size_t>(seed_ + 1) % kScenarios.size()],
                                DeriveSeed(0, "mode numbers", "shots"),
                                static_cast<uint64_t>(seed_));
  const std::string second = WithoutLook(other.caption);
  const std::vector<Video> shots =
      Shots(model_, {caption_, second}, {truth_->frame(0)}, Request(""), {});
  VideoRequest request = Request(second);
  request.name = "generate/shot 1";
  const ColouredObject wanted = LookOf(Part(*truth_, 0, 1));
  const ColouredObject shown = LookOf(shots[1]), plain = LookOf(Make(request));
  Add("shots, same characters",
      "hue distance from the reference",
      HueDistance(shown, wanted),
      HueDistance(plain, wanted));
  Add("shots, same characters",
      "distance of the outlines",
      ShapeDistance(shown, wanted),
      ShapeDistance(plain, wanted));
  Add("shots, same characters",
      "ln of the size ratio",
      SizeDistance(shown, wanted),
      SizeDistance(plain, wanted));
}

// Mean over all seams; beside it clips of the same caption, one after the other.
void SeedModes::Minute() {
  const int frames = static_cast<int>(std::lround(kMinute_s * clip_.fps));
  const int known = (options_.overlap - 1) / model_.FrameStep() * model_.FrameStep() + 1;
  std::vector<Image> all;
  ExtendForward(
      model_, *plain_, frames, options_, [&](const Image& frame) { all.push_back(frame); }, {});
  double made = 0.0, plain = 0.0;
  int seams = 0;
  const Video whole(std::move(all), clip_.fps);
  for (int at = clip_.frames; at < frames; at += clip_.frames - known) {
    const int first = at - clip_.frames / 2;
    made += SeamError(Part(whole, first, std::min(clip_.frames, frames - first)), clip_.frames / 2);
    ++seams;
  }
  for (int i = 1; i <= 4; ++i) {
    VideoRequest request = Request(caption_);
    request.name = fmt::format("generate/clip {}", i);
    plain += SeamError(Joined(*plain_, Make(request)), clip_.frames);
  }
  Add("60 s, chained", "mean of all seams (beside: clips in a row)", made / seams, plain / 4);
}

int Run(int argc, char** argv) {
  if (argc != 6) throw UsageError("usage: mode_numbers CHECKPOINT SEED MINUTE(0|1) STEPS FRAMES");
  NativeOptions sampling;
  sampling.steps = std::atoi(argv[4]);
  const auto model = LoadNativeModel(argv[1], sampling);
  SeedModes modes(*model, std::atoi(argv[2]), std::atoi(argv[5]));
  modes.Run();
  if (std::atoi(argv[3]) > 0) modes.Minute();
  return 0;
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  try {
    return plumb::Run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "mode_numbers: {}\n", error.what());
    return 2;
  }
}
