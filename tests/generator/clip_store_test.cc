// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/training/internal_clip_store.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ClipStoreTest : public testing::Test {
 protected:
  ClipStoreTest() : options_(TestTraining(scratch_ / "training")) {
    options_.clips = 3;
    options_.validation_clips = 1;
  }

  // Counts what is asked of it; clips have the shapes asked for.
  ClipSource Counting() {
    return [this](uint64_t index) {
      const std::lock_guard lock(mutex_);
      asked_.push_back(index);
      const TrainingShape shape = ShapeOfClip(options_, index);
      return DiscClip({shape.width, shape.height, shape.frames, shape.fps}, index);
    };
  }
  // Clips of a source in a folder of their own, as an export; with a scene's name, two views each.
  std::filesystem::path Exported(const std::string& name,
                                 const TrainingShape& shape,
                                 int clips,
                                 const std::string& scene = "") {
    TrainOptions options = options_;
    options.clip_folder = scratch_ / name;
    options.shapes = {shape};
    options.clips = clips;
    options.validation_clips = 0;
    const auto source = [&](uint64_t index) {
      TrainingClip clip = DiscClip({shape.width, shape.height, shape.frames, shape.fps}, index);
      clip.source = scene.empty() ? fmt::format("{}-{}", name, index)
                                  : fmt::format("{}-{}", scene, index / 2);
      clip.cameras.assign(shape.frames, Camera{{shape.width, shape.height, 9, 9, 8, 8}, {}});
      return clip;
    };
    ClipStore(options, source, {});
    return options.clip_folder;
  }
  std::vector<std::string> Sources(const ClipStore& store) const {
    std::vector<std::string> sources;
    for (int64_t i = 0; i < store.size(); ++i) sources.push_back(store.source(i));
    return sources;
  }
  std::string Complaint(const ClipSource& source) {
    try {
      const ClipStore store(options_, source, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TestFolder scratch_;
  TrainOptions options_;
  std::mutex mutex_;
  std::vector<uint64_t> asked_;
};

TEST_F(ClipStoreTest, AsksForEachClipOnceAndKeepsIt) {
  const ClipStore store(options_, Counting(), {});
  EXPECT_EQ(store.size(), 4);
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, kFirstHeldOut}));
  const ClipStore again(options_, Counting(), {});
  EXPECT_EQ(asked_.size(), 4U) << "made once";
  EXPECT_EQ(again.TrainedCaptions(), store.TrainedCaptions());
  EXPECT_EQ(Sources(again), (std::vector<std::string>{"disc-0", "disc-1", "disc-2", "disc-h0"}));
  EXPECT_TRUE(at::equal(again.Pixels(2, 0, 9), store.Pixels(2, 0, 9)));
}

TEST_F(ClipStoreTest, AnInterruptedStoreGoesOn) {
  struct Killed {};
  const ClipSource counting = Counting();
  const auto dying = [&](uint64_t index) -> TrainingClip {
    if (index == 2) throw Killed();
    return counting(index);
  };
  EXPECT_THROW(ClipStore(options_, dying, {}), Killed);
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1}));
  ClipStore(options_, counting, {});
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, kFirstHeldOut}));
}

TEST_F(ClipStoreTest, AWishToStopIsHeard) {
  Progress progress;
  progress.cancelled = [] { return true; };
  const auto slow = [](uint64_t index) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return DiscClip({}, index);
  };
  EXPECT_THROW(ClipStore(options_, slow, progress), CancelledError);
}

TEST_F(ClipStoreTest, MoreClipsAreAddedAndNoneThatWasHeldOutIsTrainedOn) {
  ClipStore(options_, Counting(), {});
  options_.clips = 5;
  const ClipStore store(options_, Counting(), {});
  EXPECT_EQ(
      Sources(store),
      (std::vector<std::string>{"disc-0", "disc-1", "disc-2", "disc-3", "disc-4", "disc-h0"}));
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, kFirstHeldOut, 3, 4}));
}

TEST_F(ClipStoreTest, OneThreadOrThreeMakeTheSameFiles) {
  options_.clips = 9;
  const auto files = [&](int threads) {
    options_.render_threads = threads;
    options_.clip_folder = scratch_ / fmt::format("by-{}", threads);
    ClipStore(options_, Counting(), {});
    std::string bytes;
    for (int i = 0; i < 9; ++i) {
      bytes += FileText(options_.clip_folder / fmt::format("{:06}.safetensors", i));
    }
    return bytes + FileText(options_.clip_folder / "held_out_000000.safetensors") +
           FileText(options_.clip_folder / "clips.jsonl");
  };
  const std::string by_one = files(1);
  EXPECT_GT(by_one.size(), 10U * 9 * 16 * 16 * 3);
  EXPECT_TRUE(files(3) == by_one);
}

TEST_F(ClipStoreTest, EachClipKeepsTheShapeThatItsSeedDrew) {
  options_.shapes = {ParseTrainingShape("16x16x9@24"), ParseTrainingShape("48x32x5@12")};
  options_.clips = 12;
  const ClipStore store(options_, Counting(), {});
  int wide = 0;
  for (int64_t i = 0; i < 12; ++i) {
    const TrainingShape shape = ShapeOfClip(options_, i);
    EXPECT_EQ(store.shape(i), shape);
    EXPECT_EQ(store.Pixels(i, 0, shape.frames).sizes(),
              (std::vector<int64_t>{3, shape.frames, shape.height, shape.width}));
    wide += shape == options_.shapes[1];
  }
  EXPECT_GT(wide, 1);
  EXPECT_LT(wide, 11);
  options_.seed = 99;
  int moved = 0;
  for (int64_t i = 0; i < 12; ++i) moved += !(store.shape(i) == ShapeOfClip(options_, i));
  EXPECT_GT(moved, 0) << "another seed, other shapes";
  EXPECT_THAT(Complaint(Counting()), HasSubstr("another training"));
}

TEST_F(ClipStoreTest, EveryCaptionIsDrawnAndTheExactOneNamed) {
  const ClipStore store(options_, Counting(), {});
  const std::vector<std::string> both = store.clip(1).captions;
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(store.caption(1), both.front());
  Random random(3);
  int exact = 0;
  for (int i = 0; i < 200; ++i) exact += store.DrawCaption(1, random) == both.front();
  EXPECT_NEAR(exact, 100, 30);
  EXPECT_EQ(store.TrainedCaptions().size(), 6U) << "held-out captions teach the tokenizer nothing";
}

TEST_F(ClipStoreTest, ExportedSetsAreReadWhereTheyLieAndMixed) {
  options_.data_folders = {Exported("a", {16, 16, 9, 24}, 6),
                           Exported("b", {32, 16, 8 + 1, 12}, 3)};
  options_.clips = 100;
  options_.validation_clips = 2;
  const TrainOptions with = WithDataOfFolders(options_);
  EXPECT_EQ(with.clips, 7);
  EXPECT_EQ(with.width, 32);
  EXPECT_EQ(with.height, 16);
  EXPECT_EQ(with.fps, 12.0);
  EXPECT_EQ(with.shapes.size(), 2U);
  EXPECT_EQ(with.data["lists_sha256"].size(), 2U);
  const ClipStore store(with, Counting(), {});
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(
      Sources(store),
      (std::vector<std::string>{"a-0", "b-0", "a-1", "a-2", "b-1", "a-3", "a-4", "b-2", "a-5"}));
  EXPECT_EQ(store.Pixels(1, 0, 9).sizes(), (std::vector<int64_t>{3, 9, 16, 32}));
  ASSERT_EQ(store.Cameras(1).size(), 9U);
  EXPECT_EQ(store.Cameras(1)[0].intrinsics.width, 32);
  EXPECT_FALSE(std::filesystem::exists(options_.output / "training/clips"));
  options_.clips = 4;
  EXPECT_EQ(Sources(ClipStore(WithDataOfFolders(options_), Counting(), {})),
            (std::vector<std::string>{"a-0", "b-0", "a-1", "a-2", "b-2", "a-5"}))
      << "fewer are trained on, the same are held out";
}

// Sets of two suite seeds have a drop-0 each, of different things.
TEST_F(ClipStoreTest, ViewsAreOfOneSetsScene) {
  options_.data_folders = {Exported("a", {16, 16, 9, 24}, 4, "drop"),
                           Exported("b", {16, 16, 9, 24}, 4, "drop")};
  options_.clips = 100;
  TrainOptions with = WithDataOfFolders(options_);
  const auto others = [&](int64_t index) {
    return ClipStore(with, Counting(), {}).OtherViews(index);
  };
  using Indices = std::vector<int64_t>;
  // a, b, a, b, …; the last, of b, is held out.
  EXPECT_EQ(others(0), (Indices{2}));
  EXPECT_EQ(others(1), (Indices{3}));
  EXPECT_EQ(others(6), (Indices{4}));
  EXPECT_EQ(others(5), Indices{});
  EXPECT_EQ(others(7), (Indices{5}));
  // As a training goes on that began when names alone counted.
  with.data.erase("views");
  EXPECT_EQ(others(0), (Indices{1, 2, 3}));
}

TEST_F(ClipStoreTest, ATrainingOfSeveralSetsGoesOnAsItBegan) {
  options_.data_folders = {Exported("a", {16, 16, 9, 24}, 2, "drop"),
                           Exported("b", {16, 16, 9, 24}, 2, "drop")};
  options_.vae_steps = options_.dit_steps = 1;
  Train(options_, Counting(), {});
  const std::filesystem::path path = options_.output / "training/state.safetensors";
  const auto data = [&](const std::function<void(Json&)>& change) {
    Safetensors file = ReadSafetensors(path);
    Json state = Json::parse(file.metadata.at("state"));
    change(state["options"]["data"]);
    file.metadata["state"] = state.dump();
    WriteSafetensors(path, file);
  };
  data([](Json& data) { EXPECT_EQ(data["views"], "by set"); });
  data([](Json& data) { data.erase("views"); });  // as older versions wrote it
  EXPECT_NO_THROW(Train(options_, Counting(), {}));
  data([](Json& data) { data["lists_sha256"] = Json::array(); });
  EXPECT_THROW(Train(options_, Counting(), {}), UsageError);
  WriteSafetensors(path, {{}, {{"state", "{}"}}});
  EXPECT_THROW(Train(options_, Counting(), {}), InputError);
}

TEST_F(ClipStoreTest, SetsThatCannotBeTrainedOnSayWhy) {
  const auto complaint = [&] {
    try {
      WithDataOfFolders(options_);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::filesystem::path set = Exported("a", {16, 16, 9, 24}, 1);
  options_.data_folders = {set};
  EXPECT_THAT(complaint(), HasSubstr("1 clips, 1 of which"));
  const std::string line = FileText(set / "clips.jsonl");
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = line;
    text.replace(text.find(from), from.size(), to);
    WriteText(set / "clips.jsonl", text);
    return complaint();
  };
  EXPECT_THAT(changed("000000.safetensors", "video.mp4"), HasSubstr("--tensors"));
  EXPECT_THAT(changed("\"width\":16", "\"width\":40"), HasSubstr("40x16"));
}

TEST_F(ClipStoreTest, PixelsAreTheFramesFromMinusOneToOne) {
  const ClipStore store(options_, Counting(), {});
  const Video video = DiscClip({}, 1).video;
  const at::Tensor pixels = store.Pixels(1, 3, 5);
  EXPECT_EQ(pixels.sizes(), (std::vector<int64_t>{3, 5, 16, 16}));
  EXPECT_EQ(pixels.scalar_type(), at::kFloat);
  for (const auto& [frame, column, row] : {std::tuple{0, 0, 0}, std::tuple{4, 15, 7}}) {
    for (int channel = 0; channel < 3; ++channel) {
      const int byte = Image(video.frame(3 + frame)).Pixel(column, row)[channel];
      EXPECT_FLOAT_EQ(pixels[channel][frame][row][column].item<float>(), byte / 127.5F - 1.0F);
    }
  }
}

TEST_F(ClipStoreTest, AClipsFileThatWasDamagedIsNamed) {
  const ClipStore store(options_, Counting(), {});
  const std::filesystem::path path = options_.output / "training/clips/000001.safetensors";
  const Safetensors sound = ReadSafetensors(path);
  const auto expect_refused = [&](const std::string& message) {
    const auto refused = ThrowsMessage<InputError>(HasSubstr("000001.safetensors: " + message));
    EXPECT_THAT([&] { store.Pixels(1, 0, 9); }, refused);
    EXPECT_THAT([&] { store.Cameras(1); }, refused);
  };
  Safetensors damaged = sound;
  damaged.tensors.erase("frames");
  WriteSafetensors(path, damaged);
  expect_refused("expected a tensor 'frames'");
  damaged.tensors.emplace("frames", Tensor(DType::kU8, {5, 16, 16, 3}));
  WriteSafetensors(path, damaged);
  expect_refused("tensor 'frames' has shape [5, 16, 16, 3], clips.jsonl says 9 frames of 16x16");
  damaged = sound;
  damaged.tensors.insert_or_assign("cameras", Tensor(DType::kF64, {9, 10}));
  WriteSafetensors(path, damaged);
  EXPECT_NO_THROW(store.Pixels(1, 0, 9));
  EXPECT_THAT([&] { store.Cameras(1); },
              ThrowsMessage<InputError>(HasSubstr("000001.safetensors: tensor 'cameras' must")));
  WriteText(path, "short");
  expect_refused("");
  std::filesystem::remove(path);
  expect_refused("");
}

TEST_F(ClipStoreTest, ClipsLieWhereTheyArePut) {
  options_.clip_folder = options_.output / "elsewhere";
  const ClipStore store(options_, Counting(), {});
  EXPECT_TRUE(std::filesystem::exists(options_.output / "elsewhere/held_out_000000.safetensors"));
  EXPECT_FALSE(std::filesystem::exists(options_.output / "training/clips"));
}

TEST_F(ClipStoreTest, ClipsOfOtherOptionsAreNotMixedIn) {
  ClipStore(options_, Counting(), {});
  options_.data = {{"scenes", "other"}};
  EXPECT_THAT(Complaint(Counting()),
              AllOf(HasSubstr("training/clips"), HasSubstr("another training")));
}

TEST_F(ClipStoreTest, AClipOfAnotherShapeIsNamedWithBothShapes) {
  DiscWorld wide;
  wide.width = 32;
  EXPECT_THAT(Complaint(DiscSource(wide)),
              AllOf(HasSubstr("clip 0 (disc-0)"), HasSubstr("32x16"), HasSubstr("16x16")));
  DiscWorld slow;
  slow.fps = 12.0;
  EXPECT_THAT(Complaint(DiscSource(slow)), AllOf(HasSubstr("12"), HasSubstr("24")));
}

}  // namespace
}  // namespace plumb
