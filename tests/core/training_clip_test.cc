// SPDX-License-Identifier: Apache-2.0
#include "core/training_clip.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

CaptionedClip SmallClip() {
  std::vector<Image> frames;
  for (int i = 0; i < 3; ++i) {
    frames.emplace_back(6, 4);
    frames.back().Pixel(5, 3)[i] = static_cast<uint8_t>(10 * i + 7);
  }
  CaptionedClip clip{Video(std::move(frames), 12.5), {"A ball falls.", "It \"drops\"."}, "drop-17"};
  for (int i = 0; i < 3; ++i) {
    Camera camera;
    camera.intrinsics = {6, 4, 5.5, 5.25, 3.0, 2.0};
    camera.camera_from_world =
        Inverse(WorldFromCameraLookingAt({1.0, -3.0 + 0.1 * i, 1.2}, {0, 0, 0.3}));
    clip.cameras.push_back(camera);
  }
  return clip;
}

std::string Complaint(const Safetensors& file) {
  try {
    TrainingClipFrom(file, "set/clip");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(TrainingClipTest, ComesBackFromDiskAsItWas) {
  const TestFolder folder;
  const CaptionedClip clip = SmallClip();
  WriteSafetensors(folder / "clip.safetensors", ToSafetensors(clip));
  const CaptionedClip again =
      TrainingClipFrom(ReadSafetensors(folder / "clip.safetensors"), "clip.safetensors");
  EXPECT_EQ(again.video.frames(), clip.video.frames());
  EXPECT_EQ(again.video.fps(), 12.5);
  EXPECT_EQ(again.captions, clip.captions);
  EXPECT_EQ(again.source, "drop-17");
  ASSERT_EQ(again.cameras.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    const Camera &a = again.cameras[i], &b = clip.cameras[i];
    EXPECT_EQ(a.camera_from_world.rotation.coeffs(), b.camera_from_world.rotation.coeffs());
    EXPECT_EQ(a.camera_from_world.translation, b.camera_from_world.translation);
    EXPECT_EQ(a.intrinsics.width, 6);
    EXPECT_EQ(a.intrinsics.height, 4);
    EXPECT_EQ(a.intrinsics.fx_px, 5.5);
    EXPECT_EQ(a.intrinsics.fy_px, 5.25);
    EXPECT_EQ(a.intrinsics.cx_px, 3.0);
    EXPECT_EQ(a.intrinsics.cy_px, 2.0);
  }
}

TEST(TrainingClipTest, PartsOfAMappedFileAreThoseOfTheClip) {
  const TestFolder folder;
  const CaptionedClip clip = SmallClip();
  const std::string path = (folder / "clip.safetensors").string();
  WriteSafetensors(path, ToSafetensors(clip));
  const MappedSafetensors file = MapSafetensors(path);
  const TensorView frames = TrainingFramesFrom(file, path);
  EXPECT_EQ(frames.shape, (std::vector<int64_t>{3, 4, 6, 3}));
  const Image& last = clip.video.frame(2);
  EXPECT_TRUE(std::equal(last.rgb.begin(), last.rgb.end(), frames.bytes.end() - last.rgb.size()));
  const std::vector<Camera> cameras = TrainingCamerasFrom(file, path);
  ASSERT_EQ(cameras.size(), 3U);
  EXPECT_EQ(cameras[2].camera_from_world.translation,
            clip.cameras[2].camera_from_world.translation);
  EXPECT_EQ(cameras[2].intrinsics.fy_px, 5.25);
  WriteSafetensors(path, {{{"frames", Tensor(DType::kU8, {3, 4, 6})}}, {}});
  EXPECT_THAT([&] { TrainingFramesFrom(MapSafetensors(path), path); },
              ThrowsMessage<InputError>(HasSubstr("clip.safetensors: expected a tensor 'frames'")));
}

TEST(TrainingClipTest, CamerasMayBeUnknown) {
  CaptionedClip clip = SmallClip();
  clip.cameras.clear();
  const Safetensors file = ToSafetensors(clip);
  EXPECT_EQ(file.tensors.size(), 1U);
  EXPECT_TRUE(TrainingClipFrom(file, "x").cameras.empty());
}

TEST(TrainingClipTest, AClipNeedsACaptionAndACameraForEachFrame) {
  CaptionedClip clip = SmallClip();
  clip.cameras.pop_back();
  EXPECT_THROW(ToSafetensors(clip), CheckFailure);
  clip = SmallClip();
  clip.captions.clear();
  EXPECT_THROW(ToSafetensors(clip), CheckFailure);
}

TEST(TrainingClipTest, BrokenFilesAreRejectedByName) {
  const Safetensors good = ToSafetensors(SmallClip());
  EXPECT_EQ(Complaint(good), "");
  const auto broken = [&](auto change) {
    Safetensors file = good;
    change(file);
    return Complaint(file);
  };
  using File = Safetensors;
  EXPECT_THAT(broken([](File& file) { file.tensors.erase("frames"); }),
              AllOf(HasSubstr("set/clip"), HasSubstr("'frames'")));
  EXPECT_THAT(broken([](File& file) {
                file.tensors["frames"] = Tensor(DType::kF32, {3, 4, 6, 3});
              }),
              HasSubstr("U8"));
  EXPECT_THAT(broken([](File& file) {
                file.tensors["frames"] = Tensor(DType::kU8, {0, 4, 6, 3});
              }),
              HasSubstr("'frames'"));
  EXPECT_THAT(broken([](File& file) {
                file.tensors["cameras"] = Tensor(DType::kF64, {2, 11});
              }),
              HasSubstr("'cameras'"));
  EXPECT_THAT(broken([](File& file) { file.metadata.erase("source"); }), HasSubstr("'source'"));
  EXPECT_THAT(broken([](File& file) { file.metadata["captions"] = "[]"; }),
              HasSubstr("'captions'"));
  EXPECT_THAT(broken([](File& file) { file.metadata["captions"] = "[1]"; }),
              HasSubstr("'captions'"));
  EXPECT_THAT(broken([](File& file) { file.metadata["captions"] = "[\"a"; }),
              HasSubstr("set/clip captions"));
  EXPECT_THAT(broken([](File& file) { file.metadata["fps"] = "-1"; }), HasSubstr("'fps'"));
  EXPECT_THAT(broken([](File& file) { file.metadata["fps"] = "\"24\""; }), HasSubstr("'fps'"));
}

TEST(TrainingClipTest, TheListTellsWhatTheClipsAre) {
  const TestFolder folder;
  const CaptionedClip clip = SmallClip();
  const std::string line = ClipLine(Listed(clip, "shards/0/drop.safetensors")).dump();
  WriteText(folder / "clips.jsonl", line + "\n" + line + "\n");
  const auto clips = ReadClipList(folder.path());
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[1].file, folder / "shards/0/drop.safetensors");
  EXPECT_EQ(clips[1].source, "drop-17");
  EXPECT_EQ(clips[1].captions, clip.captions);
  EXPECT_EQ(clips[1].width, 6);
  EXPECT_EQ(clips[1].height, 4);
  EXPECT_EQ(clips[1].frames, 3);
  EXPECT_EQ(clips[1].fps, 12.5);
}

TEST(TrainingClipTest, BrokenListsAreRejectedWithTheirLine) {
  const TestFolder folder;
  const auto complaint = [&] {
    try {
      ReadClipList(folder.path());
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complaint(), HasSubstr("clips.jsonl"));
  WriteText(folder / "clips.jsonl", "");
  EXPECT_THAT(complaint(), HasSubstr("no clip"));
  Json line = ClipLine(Listed(SmallClip(), "a"));
  const std::string good = line.dump() + "\n";
  line.erase("paraphrases");
  WriteText(folder / "clips.jsonl", good + line.dump() + "\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("clips.jsonl:2"), HasSubstr("paraphrases")));
  WriteText(folder / "clips.jsonl", good + "{\n");
  EXPECT_THAT(complaint(), HasSubstr("clips.jsonl:2"));
}

}  // namespace
}  // namespace plumb
