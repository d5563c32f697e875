// SPDX-License-Identifier: Apache-2.0
// When laws break, and what the frames then show, where that is known exactly.
#include <cmath>
#include <map>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/sabotage.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

constexpr int kConditioning = 4;
constexpr int kFrames = 48;

const Truth& TruthOf(const std::string& scenario) {
  static std::map<std::string, Truth> truths;
  const auto found = truths.find(scenario);
  if (found != truths.end()) return found->second;
  RenderOptions options = SmallOptions(kFrames);
  options.width = options.height = 64;
  return truths.emplace(scenario, MakeTruth(MakeScene(scenario, 41, 1), options)).first->second;
}

SabotagedVideo Broken(const std::string& scenario, const std::string& text) {
  return MakeSabotaged(TruthOf(scenario), ParseSabotage(text), kConditioning);
}

std::string Refusal(const std::string& scenario, const std::string& text) {
  try {
    Broken(scenario, text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

int FirstObject(const Scene& scene) {
  for (size_t b = 0; b < scene.bodies.size(); ++b) {
    if (scene.bodies[b].role == Role::kObject) return static_cast<int>(b);
  }
  return -1;
}

// Time at which two objects hit each other first.
double MeetingTime(const Truth& truth) {
  for (const ContactEvent& contact : truth.motion.contacts) {
    if (truth.scene.bodies[contact.body_a].role == Role::kObject &&
        truth.scene.bodies[contact.body_b].role == Role::kObject) {
      return contact.time_s;
    }
  }
  return -1;
}

TEST(MomentsTest, AClockTwiceAsFastShowsEverySecondFrame) {
  const Truth& truth = TruthOf("drop");
  const Video broken = Broken("drop", "time_warp=2,onset=6").video;
  for (int f = 6; 5 + 2 * (f - 5) < kFrames; ++f) {
    EXPECT_EQ(broken.frame(f), truth.video.frame(5 + 2 * (f - 5))) << f;
  }
}

TEST(MomentsTest, AClockThatStandsStillShowsOneFrame) {
  const Video broken = Broken("collide", "time_warp=0,onset=6").video;
  for (int f = 6; f < kFrames; ++f) EXPECT_EQ(broken.frame(f), TruthOf("collide").video.frame(5));
}

TEST(MomentsTest, WhatFreezesInTheAirStopsForTheTimeAskedFor) {
  const Truth& truth = TruthOf("drop");
  const auto& [video, record] = Broken("drop", "freeze_mid_air=0.25,onset=6");
  ASSERT_EQ(record.onset_frame, 6);
  for (int f = 6; f < 11; ++f) EXPECT_EQ(video.frame(f), truth.video.frame(5)) << f;
  EXPECT_NE(video.frame(12), truth.video.frame(5));
  EXPECT_THAT(Refusal("collide", "freeze_mid_air"), HasSubstr("does not fly"));
}

TEST(MomentsTest, WithoutAnyMomentumLeftBothStandStill) {
  const auto& [video, record] = Broken("collide", "momentum=1");
  const double met_s = MeetingTime(TruthOf("collide"));
  ASSERT_GT(met_s, 0);
  EXPECT_NEAR(record.onset_frame, met_s * 24, 1.1);
  // But for the trembling of bodies at rest.
  const auto moved = [&](const Video& shown) {
    const Video first({shown.frame(record.onset_frame + 2)}, 24);
    const auto regions = RegionsThatDiffer(first, Video({shown.frame(kFrames - 1)}, 24));
    return regions.empty() ? 0 : regions[0].changed_px;
  };
  EXPECT_LT(moved(video), 60);
  EXPECT_GT(moved(TruthOf("collide").video), 120);
}

TEST(MomentsTest, WithoutAnyEnergyLeftTheBallStaysDown) {
  const auto& [video, record] = Broken("bounce", "energy_gain=-1");
  ASSERT_GT(record.first_frame, 0);
  EXPECT_EQ(video.frame(kFrames - 1), video.frame(kFrames - 2));
  EXPECT_NE(TruthOf("bounce").video.frame(kFrames - 1), TruthOf("bounce").video.frame(kFrames - 2));
}

TEST(MomentsTest, TheStruckReactLateOrEarly) {
  const double met_s = MeetingTime(TruthOf("collide"));
  const SabotageRecord late = Broken("collide", "late_contact=0.25").record;
  const SabotageRecord early = Broken("collide", "early_reaction=0.25").record;
  EXPECT_EQ(late.body, early.body);
  EXPECT_NE(late.body, TruthOf("collide").scene.bodies[FirstObject(TruthOf("collide").scene)].name);
  EXPECT_NEAR(late.onset_frame, met_s * 24, 1.1);
  EXPECT_NEAR(early.onset_frame, std::max(4.0, (met_s - 0.25) * 24), 1.1);
}

TEST(MomentsTest, ALateReactionIsTheTruthsOwnLater) {
  // Six frames late: what the struck ball shows is its truth six frames before.
  const Truth& truth = TruthOf("collide");
  const auto& [video, record] = Broken("collide", "late_contact=0.25");
  const int body = FindBody(truth.scene, record.body);
  ASSERT_GE(body, 0);
  const int frame = kFrames - 8;
  const Eigen::Vector4d box = truth.views[frame - 6][body].amodal_box_px;
  int same = 0;
  int count = 0;
  for (int y = box.y() + 1; y < box.y() + box.w() - 1; ++y) {
    for (int x = box.x() + 1; x < box.x() + box.z() - 1; ++x, ++count) {
      const uint8_t* a = truth.video.frame(frame - 6).Pixel(x, y);
      same += std::equal(a, a + 3, video.frame(frame).Pixel(x, y));
    }
  }
  ASSERT_GT(count, 20);
  EXPECT_GT(same, 0.8 * count);
}

TEST(MomentsTest, VanishBehindWaitsForTheOccluderAndOpenDoesNot) {
  const Truth& truth = TruthOf("occluder_pass");
  const int ball = FirstObject(truth.scene);
  const SabotageRecord behind = Broken("occluder_pass", "vanish=behind").record;
  EXPECT_EQ(truth.views[behind.onset_frame][ball].modal_area_px, 0);
  EXPECT_GT(truth.views[behind.onset_frame - 1][ball].modal_area_px, 0);
  const SabotageRecord open = Broken("occluder_pass", "vanish=open").record;
  EXPECT_GE(truth.views[open.onset_frame][ball].visible_share, 0.99);
  EXPECT_LT(open.onset_frame, behind.onset_frame);
  EXPECT_EQ(open.body, truth.scene.bodies[ball].name);
  EXPECT_THAT(Refusal("drop", "vanish=behind"), HasSubstr("nothing hides"));
}

TEST(MomentsTest, OfAppearTheShareCountsFromTheEnd) {
  const SabotageRecord record = Broken("drop", "appear=0.5").record;
  EXPECT_EQ(record.onset_frame, kFrames - (kFrames - kConditioning) / 2);
  EXPECT_EQ(record.first_frame, record.onset_frame);
  EXPECT_EQ(record.last_frame, kFrames - 1);
}

TEST(MomentsTest, ACutComesHalfWayAndChangesEverything) {
  const SabotageRecord record = Broken("orbit_room", "cut").record;
  EXPECT_EQ(record.onset_frame, (kConditioning + kFrames) / 2);
  for (const ChangedRegion& region : record.regions) EXPECT_GT(region.changed_px, 0.9 * 64 * 64);
}

TEST(MomentsTest, AnotherColourStaysWithinTheObject) {
  const Truth& truth = TruthOf("drop");
  const int body = FirstObject(truth.scene);
  const SabotageRecord record = Broken("drop", "mutate_colour=1").record;
  ASSERT_FALSE(record.regions.empty());
  for (const ChangedRegion& region : record.regions) {
    const Eigen::Vector4d box = truth.views[region.frame][body].amodal_box_px;
    EXPECT_GE(region.left_px, box.x() - 2);
    EXPECT_GE(region.top_px, box.y() - 2);
    EXPECT_LE(region.left_px + region.width_px, box.x() + box.z() + 2);
    EXPECT_LE(region.top_px + region.height_px, box.y() + box.w() + 2);
  }
}

TEST(MomentsTest, ACopyOrANewcomerIsSeenWhole) {
  const Truth& truth = TruthOf("collide");
  const int body = FirstObject(truth.scene);
  for (const char* text : {"duplicate=1", "appear=1", "count_drift=2"}) {
    const SabotageRecord record = Broken("collide", text).record;
    ASSERT_EQ(record.first_frame, kConditioning) << text;
    // Its shadow counts as well.
    EXPECT_GT(record.regions[0].changed_px, truth.views[kConditioning][body].modal_area_px) << text;
  }
}

TEST(MomentsTest, NewcomersComeOneByOne) {
  const auto& [video, record] = Broken("collide", "count_drift=2");
  // Two a second at 24 frames a second: one every twelve frames, and nothing in between.
  const auto grown_px = [&](int frame) {
    const Video before({video.frame(frame - 1)}, 24);
    const auto regions = RegionsThatDiffer(before, Video({video.frame(frame)}, 24));
    return regions.empty() ? 0 : regions[0].changed_px;
  };
  for (const int frame : {kConditioning + 12, kConditioning + 24}) {
    EXPECT_GT(grown_px(frame), 1.3 * grown_px(frame - 1)) << frame;
    EXPECT_GT(grown_px(frame), 1.3 * grown_px(frame + 1)) << frame;
  }
}

// Walls lean about the level of the camera's target: what is there stays, what is above slides.
TEST(MomentsTest, AShearedBackgroundStaysWhereTheCameraLooks) {
  const Truth& truth = TruthOf("static_room");
  const Video broken = Broken("static_room", "shear_background=1").video;
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto depth_m = truth.passes.depth_m.As<float>();
  constexpr int kFrame = kConditioning + 12;
  double level = 0, level_count = 0, above = 0, above_count = 0;
  for (int i = 0; i < 64 * 64; ++i) {
    const int body = instances[kFrame * 64 * 64 + i] - 1;
    if (body < 0 || truth.scene.bodies[body].role != Role::kStructure) continue;
    const Eigen::Vector2d centre(i % 64 + 0.5, i / 64 + 0.5);
    const double z = Unproject(truth.cameras[kFrame], centre, depth_m[kFrame * 64 * 64 + i]).z();
    double difference = 0;
    for (int c = 0; c < 3; ++c) {
      difference +=
          std::abs(truth.video.frame(kFrame).rgb[3 * i + c] - broken.frame(kFrame).rgb[3 * i + c]);
    }
    const double off_m = z - truth.scene.camera.target_m.z();
    if (std::abs(off_m) < 0.08) {
      level += difference;
      ++level_count;
    } else if (off_m > 0.6) {
      above += difference;
      ++above_count;
    }
  }
  ASSERT_GT(level_count, 20);
  ASSERT_GT(above_count, 20);
  EXPECT_LT(level / level_count, 0.4 * above / above_count);
}

TEST(MomentsTest, RegionsAreTheBoxesAroundWhatDiffers) {
  std::vector<Image> frames(3, Image(20, 10));
  const Video truth(frames, 24);
  frames[1].Pixel(4, 2)[0] = 1;
  frames[1].Pixel(9, 7)[2] = 1;
  const std::vector<ChangedRegion> regions = RegionsThatDiffer(truth, Video(frames, 24));
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions[0].frame, 1);
  EXPECT_EQ(regions[0].left_px, 4);
  EXPECT_EQ(regions[0].top_px, 2);
  EXPECT_EQ(regions[0].width_px, 6);
  EXPECT_EQ(regions[0].height_px, 6);
  EXPECT_EQ(regions[0].changed_px, 2);
}

}  // namespace
}  // namespace plumb
