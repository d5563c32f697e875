// SPDX-License-Identifier: Apache-2.0
#include "scenes/reference_models.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/pictures.h"
#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kFrames = 12;
constexpr int kConditioning = 3;

// Every frame is one even level, so that frames can be told apart.
Video Ladder() {
  std::vector<Image> frames;
  for (int f = 0; f < kFrames; ++f) {
    Image image(4, 4);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(10 * f));
    frames.push_back(image);
  }
  return {frames, 24};
}

std::vector<int> Levels(const Video& video) {
  std::vector<int> levels;
  for (const Image& frame : video.frames()) levels.push_back(frame.rgb[0] / 10);
  return levels;
}

TEST(ReferenceModelsTest, FrozenRepeatsTheLastConditioningFrame) {
  EXPECT_THAT(Levels(FrozenVideo(Ladder(), kConditioning)),
              ::testing::ElementsAre(0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2));
  EXPECT_THAT(Levels(FrozenVideo(Ladder(), 0)), ::testing::Each(0));
}

TEST(ReferenceModelsTest, ReversedKeepsTheConditioningFrames) {
  EXPECT_THAT(Levels(ReversedVideo(Ladder(), kConditioning)),
              ::testing::ElementsAre(0, 1, 2, 11, 10, 9, 8, 7, 6, 5, 4, 3));
}

TEST(ReferenceModelsTest, ShuffledMovesEveryFrame) {
  const std::vector<int> levels = Levels(ShuffledVideo(Ladder(), kConditioning, 5));
  for (int f = 0; f < kFrames; ++f) EXPECT_EQ(levels[f] == f, f < kConditioning);
  std::vector<int> sorted = levels;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, Levels(Ladder()));
  EXPECT_EQ(levels, Levels(ShuffledVideo(Ladder(), kConditioning, 5)));
  EXPECT_NE(levels, Levels(ShuffledVideo(Ladder(), kConditioning, 6)));
}

TEST(ReferenceModelsTest, NoiseIsEvenAndRepeatable) {
  const Video noise = NoiseVideo(Ladder(), kConditioning, 5);
  EXPECT_EQ(noise.frames(), NoiseVideo(Ladder(), kConditioning, 5).frames());
  EXPECT_NE(noise.frames(), NoiseVideo(Ladder(), kConditioning, 6).frames());
  EXPECT_EQ(FirstFrames(noise, kConditioning).frames(),
            FirstFrames(Ladder(), kConditioning).frames());
  double sum = 0;
  for (int f = kConditioning; f < kFrames; ++f) {
    for (const uint8_t value : noise.frame(f).rgb) sum += value;
  }
  EXPECT_NEAR(sum / ((kFrames - kConditioning) * 48), 127.5, 15);
}

TEST(ReferenceModelsTest, UnrelatedFramesShowRoomsThatHaveNothingInCommon) {
  RenderOptions options;
  options.width = options.height = 24;
  options.frames = 4;
  const Truth truth = MakeTruth(MakeScene("drop", 1, 2), RenderOptions::PicturesOnly(options));
  const Video video = UnrelatedVideo(truth, 2, 5);
  EXPECT_EQ(FirstFrames(video, 2).frames(), FirstFrames(truth.video, 2).frames());
  EXPECT_EQ(video.times_s(), truth.video.times_s());
  EXPECT_NE(video.frame(2), video.frame(3));
  EXPECT_EQ(video.frames(), UnrelatedVideo(truth, 2, 5).frames());
  EXPECT_NE(video.frame(2), UnrelatedVideo(truth, 2, 6).frame(2));
  options.frames = 1;
  EXPECT_EQ(video.frame(3), MakePictures(MakeScene("orbit_room", 5, 3), options).video.frame(0));
  EXPECT_THROW(UnrelatedVideo(truth, 5, 5), CheckFailure);
}

TEST(ReferenceModelsTest, RefusesMoreConditioningThanThereIs) {
  EXPECT_THROW(FrozenVideo(Ladder(), kFrames + 1), CheckFailure);
  EXPECT_THROW(ReversedVideo(Ladder(), -1), CheckFailure);
  EXPECT_EQ(ReversedVideo(Ladder(), kFrames).frames(), Ladder().frames());
}

TEST(ReferenceModelsTest, AllKeepSizeRateAndTimeStamps) {
  std::vector<double> times_s;
  for (int f = 0; f < kFrames; ++f) times_s.push_back(0.04 * f + 0.001 * f * f);
  const Video truth(Ladder().frames(), 24, times_s);
  for (const Video& video : {FrozenVideo(truth, kConditioning),
                             NoiseVideo(truth, kConditioning, 1),
                             ReversedVideo(truth, kConditioning),
                             ShuffledVideo(truth, kConditioning, 1)}) {
    EXPECT_EQ(video.times_s(), times_s);
    EXPECT_EQ(video.fps(), 24);
    EXPECT_EQ(video.width(), 4);
    EXPECT_EQ(video.height(), 4);
    EXPECT_EQ(FirstFrames(video, kConditioning).frames(),
              FirstFrames(truth, kConditioning).frames());
  }
}

TEST(ReferenceModelsTest, FrozenTwiceAndReversedTwiceAreWhatTheyShouldBe) {
  const Video frozen = FrozenVideo(Ladder(), kConditioning);
  EXPECT_EQ(FrozenVideo(frozen, kConditioning).frames(), frozen.frames());
  EXPECT_EQ(ReversedVideo(ReversedVideo(Ladder(), kConditioning), kConditioning).frames(),
            Ladder().frames());
}

TEST(ReferenceModelsTest, EveryShuffleIsOneCycleForEverySeed) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<int> levels = Levels(ShuffledVideo(Ladder(), 0, seed));
    int length = 0;
    int at = 0;
    do {
      at = levels[at];
      ++length;
    } while (at != 0 && length <= kFrames);
    EXPECT_EQ(length, kFrames) << seed;
  }
}

TEST(ReferenceModelsTest, OneFrameCannotBeShuffled) {
  EXPECT_EQ(ShuffledVideo(Ladder(), kFrames - 1, 3).frames(), Ladder().frames());
  EXPECT_THAT(Levels(ShuffledVideo(Ladder(), kFrames - 2, 3)),
              ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10));
}

TEST(ReferenceModelsTest, NoiseUsesAllLevelsAndFramesOfItsOwn) {
  std::vector<Image> frames(6, Image(64, 64));
  const Video noise = NoiseVideo(Video(frames, 24), 0, 9);
  std::vector<int> counts(256, 0);
  for (const Image& frame : noise.frames()) {
    for (const uint8_t value : frame.rgb) ++counts[value];
  }
  // 288 of each expected; five standard deviations are 85.
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 288 - 85);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 288 + 85);
  EXPECT_NE(noise.frame(0), noise.frame(1));
}

constexpr double kFps = 12;
constexpr int kBall = 1;

// A scene with its motion over kFrames frames and pictures that show nothing: enough where only the
// motion is asked.
Truth Unseen(const Scene& scene) {
  SimulateOptions options;
  options.fps = kFps;
  options.duration_s = (kFrames - 1) / kFps;
  return {scene,
          Simulate(scene, options),
          Video(std::vector<Image>(kFrames, Image(8, 8)), kFps),
          std::vector<Camera>(kFrames),
          {},
          {}};
}

Truth Seen(const Scene& scene) {
  RenderOptions options = SmallOptions(kFrames);
  options.fps = kFps;
  return MakeTruth(scene, RenderOptions::PicturesOnly(options));
}

Scene ThrownBall(const Eigen::Vector3d& gravity_mps2) {
  Scene scene = BallAboveFloor(2, 0.5);
  scene.gravity_mps2 = gravity_mps2;
  scene.bodies[kBall].velocity_mps = {0.4, -0.2, 0.3};
  return scene;
}

// How far a body's origin is from the truth's in a frame of the extrapolation.
Eigen::Vector3d OffTruth(const Truth& truth, const Motion& motion, int frame) {
  return motion.states[frame][kBall].world_from_body.translation -
         truth.StateAtFrame(frame, kBall).world_from_body.translation;
}

TEST(ReferenceModelsTest, ConstantVelocityIsTheTruthOfWhatFliesWithoutGravity) {
  Scene scene = ThrownBall(Eigen::Vector3d::Zero());
  scene.bodies[kBall].angular_velocity_radps = {1.5, -2.0, 4.0};
  const Truth truth = Unseen(scene);
  const Motion motion = ConstantVelocityMotion(truth, kConditioning);
  ASSERT_EQ(motion.rate_hz, kFps);
  ASSERT_EQ(static_cast<int>(motion.states.size()), kFrames);
  for (int frame = 0; frame < kFrames; ++frame) {
    const BodyState expected = truth.StateAtFrame(frame, kBall);
    const BodyState& state = motion.states[frame][kBall];
    EXPECT_LT(OffTruth(truth, motion, frame).norm(), 1e-9) << frame;
    EXPECT_LT(state.world_from_body.rotation.angularDistance(expected.world_from_body.rotation),
              1e-6)
        << frame;
    EXPECT_LT((state.velocity_mps - expected.velocity_mps).norm(), 1e-9) << frame;
    EXPECT_LT((state.angular_velocity_radps - expected.angular_velocity_radps).norm(), 1e-6)
        << frame;
  }
}

// Two poses a frame T apart show the velocity of the moment half a frame before the last, so a body
// that falls is left behind by ½·g·t² and g·T/2·t.
TEST(ReferenceModelsTest, ConstantVelocityFallsBehindByHalfGravityTimesTimeSquared) {
  const Truth truth = Unseen(ThrownBall({0, 0, -2}));
  for (const int known : {2, 3, 6}) {
    const Motion motion = ConstantVelocityMotion(truth, known);
    for (int frame = known; frame < kFrames; ++frame) {
      const double t_s = (frame - known + 1) / kFps;
      const Eigen::Vector3d off_m(0, 0, t_s * t_s + t_s / kFps);
      EXPECT_LT((OffTruth(truth, motion, frame) - off_m).norm(), 1e-6) << known << " " << frame;
    }
  }
}

TEST(ReferenceModelsTest, ConstantVelocityTurnsAboutTheCentreOfMass) {
  Scene scene = ThrownBall(Eigen::Vector3d::Zero());
  Body& body = scene.bodies[kBall];
  // A box beside the body's origin, turning about an axis of symmetry.
  Shape box{ShapeKind::kBox, {0.2, 0.2, 0.4}};
  body.shape = {ShapeKind::kCompound};
  body.shape.parts = {{box, Rigid3(Eigen::Quaterniond::Identity(), {0.5, 0, 0})}};
  body.angular_velocity_radps = {0, 0, 3};
  const Truth truth = Unseen(scene);
  const Motion motion = ConstantVelocityMotion(truth, kConditioning);
  const Motion untold = ConstantVelocityMotion(truth, 1);
  // The origin goes round: a straight line would be off by a good part of the half metre.
  EXPECT_GT(OffTruth(truth, untold, kFrames - 1).norm(), 0.2);
  for (int frame = 0; frame < kFrames; ++frame) {
    EXPECT_LT(OffTruth(truth, motion, frame).norm(), 1e-5) << frame;
    const BodyState expected = truth.StateAtFrame(frame, kBall);
    EXPECT_LT((motion.states[frame][kBall].velocity_mps - expected.velocity_mps).norm(), 1e-4);
  }
}

TEST(ReferenceModelsTest, ConstantVelocityNeedsTwoFramesToSeeMotion) {
  const Truth truth = Unseen(ThrownBall({0, 0, -9.81}));
  for (const int known : {0, 1}) {
    const Motion motion = ConstantVelocityMotion(truth, known);
    for (int frame = 0; frame < kFrames; ++frame) {
      EXPECT_EQ(motion.states[frame][kBall].world_from_body.translation,
                truth.StateAtFrame(0, kBall).world_from_body.translation);
    }
  }
  EXPECT_THROW(ConstantVelocityMotion(truth, kFrames + 1), CheckFailure);
}

TEST(ReferenceModelsTest, ConstantVelocityKeepsStillBodiesToTheLastBit) {
  const Truth truth = Unseen(ThrownBall({0, 0, -9.81}));
  for (const std::vector<BodyState>& states : ConstantVelocityMotion(truth, 2).states) {
    const Rigid3& floor = truth.scene.bodies[0].world_from_body;
    EXPECT_EQ(states[0].world_from_body.translation, floor.translation);
    EXPECT_EQ(states[0].world_from_body.rotation.coeffs(), floor.rotation.coeffs());
  }
}

TEST(ReferenceModelsTest, ConstantVelocityShowsConditioningFramesAndStillScenesAsTheyAre) {
  Scene scene = ThrownBall({0, 0, -9.81});
  const Truth falling = Seen(scene);
  const Video video = ConstantVelocityVideo(falling, kConditioning);
  EXPECT_EQ(video.times_s(), falling.video.times_s());
  for (int frame = 0; frame < kConditioning; ++frame) {
    EXPECT_EQ(video.frame(frame), falling.video.frame(frame));
  }
  EXPECT_NE(video.frame(kFrames - 1), falling.video.frame(kFrames - 1));
  EXPECT_EQ(video.frames(), ConstantVelocityVideo(falling, kConditioning).frames());
  // Known to the end there is nothing left to make up; a scene at rest stays as it is.
  EXPECT_EQ(ConstantVelocityVideo(falling, kFrames).frames(), falling.video.frames());
  scene.bodies[kBall].fixed = true;
  scene.bodies[kBall].velocity_mps.setZero();
  const Truth still = Seen(scene);
  EXPECT_EQ(ConstantVelocityVideo(still, kConditioning).frames(), still.video.frames());
}

TEST(ReferenceModelsTest, ConstantVelocityGoesOnUnderAMovingCamera) {
  Scene scene = ThrownBall({0, 0, -9.81});
  scene.bodies[kBall].fixed = true;
  scene.bodies[kBall].velocity_mps.setZero();
  scene.camera.motion = CameraMotion::kDolly;
  scene.camera.travel_m = {0.5, 0, 0};
  const Truth truth = Seen(scene);
  EXPECT_NE(truth.video.frame(0), truth.video.frame(kFrames - 1));
  EXPECT_EQ(ConstantVelocityVideo(truth, 1).frames(), truth.video.frames());
}

TEST(ReferenceModelsTest, ConstantVelocityKnowsNothingOfLaterEvents) {
  Scene scene = ThrownBall(Eigen::Vector3d::Zero());
  scene.duration_s = 2;
  const Truth whole = Seen(scene);
  SceneEvent gone;
  gone.kind = SceneEventKind::kRemove;
  gone.body = "ball";
  gone.time_s = (kConditioning + 1) / kFps;
  scene.events = {gone};
  const Truth removed = Seen(scene);
  EXPECT_NE(removed.video.frame(kFrames - 1), whole.video.frame(kFrames - 1));
  EXPECT_EQ(ConstantVelocityVideo(removed, kConditioning).frames(),
            ConstantVelocityVideo(whole, kConditioning).frames());
  // What had gone by then stays away.
  scene.events[0].time_s = 1 / kFps;
  const Truth early = Seen(scene);
  EXPECT_EQ(ConstantVelocityVideo(early, kConditioning).frames(), early.video.frames());
}

TEST(ReferenceModelsTest, ConstantVelocityStopsWhenAsked) {
  Progress stop;
  stop.cancelled = [] { return true; };
  EXPECT_THROW(ConstantVelocityVideo(Seen(ThrownBall({0, 0, -2})), 2, stop), CancelledError);
}

}  // namespace
}  // namespace plumb
