// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSize = 96;
constexpr double kReprojection_px = 0.01;

// The truths that several tests look at.
const Truth& TruthOf(const std::string& scenario) {
  static std::map<std::string, Truth> truths;
  const auto found = truths.find(scenario);
  if (found != truths.end()) return found->second;
  return truths.emplace(scenario, MakeTruth(MakeScene(scenario, 21, 1), SmallOptions(48)))
      .first->second;
}

class PassesTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(PassesTestOfScenario, AmodalMasksHoldTheModalOnes) {
  const Truth& truth = TruthOf(GetParam());
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto amodal = truth.passes.amodal.As<uint8_t>();
  const size_t bodies = truth.scene.bodies.size();
  const size_t area = kSize * kSize;
  int outside = 0;
  for (size_t i = 0; i < instances.size(); ++i) {
    if (instances[i] == 0) continue;
    const size_t body = instances[i] - 1;
    if (truth.scene.bodies[body].role == Role::kStructure) continue;
    outside += amodal[(i / area * bodies + body) * area + i % area] == 0;
  }
  EXPECT_EQ(outside, 0);
}

TEST_P(PassesTestOfScenario, ViewsCountTheMasks) {
  const Truth& truth = TruthOf(GetParam());
  const auto instances = truth.passes.instances.As<uint8_t>();
  for (const int frame : {0, 20, 47}) {
    std::vector<double> area(truth.scene.bodies.size(), 0);
    for (int i = 0; i < kSize * kSize; ++i) {
      const int body = instances[frame * kSize * kSize + i] - 1;
      if (body >= 0) area[body] += 1;
    }
    for (size_t b = 0; b < area.size(); ++b) {
      const BodyView& view = truth.views[frame][b];
      EXPECT_EQ(view.modal_area_px, area[b]);
      EXPECT_GE(view.visible_share, 0);
      EXPECT_LE(view.visible_share, 1);
      EXPECT_EQ(view.presence == Presence::kVisible, view.visible_share >= 0.1);
    }
  }
}

TEST_P(PassesTestOfScenario, FlowReprojectsThroughTheCameras) {
  const Truth& truth = TruthOf(GetParam());
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto flow = truth.passes.flow_px.As<float>();
  double largest = 0;
  for (size_t i = 0; i < flow.size() / 2; i += 13) {
    if (instances[i] == 0) continue;
    const int frame = static_cast<int>(i) / (kSize * kSize);
    const int body = instances[i] - 1;
    const Eigen::Vector2d point(i % kSize + 0.5, i / kSize % kSize + 0.5);
    const Eigen::Vector3d x_in_body = Inverse(truth.StateAtFrame(frame, body).world_from_body) *
                                      Unproject(truth.cameras[frame], point, depth[i]);
    const Eigen::Vector3d x_in_world =
        truth.StateAtFrame(frame + 1, body).world_from_body * x_in_body;
    const Eigen::Vector2d expected = Project(truth.cameras[frame + 1], x_in_world).point_px;
    largest = std::max(largest,
                       (point + Eigen::Vector2d(flow[2 * i], flow[2 * i + 1]) - expected).norm());
  }
  EXPECT_LT(largest, kReprojection_px);
}

TEST_P(PassesTestOfScenario, ValidFlowLandsOnTheSameBody) {
  const Truth& truth = TruthOf(GetParam());
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto flow = truth.passes.flow_px.As<float>();
  const auto valid = truth.passes.flow_valid.As<uint8_t>();
  int64_t on_bodies = 0, count = 0, same = 0;
  for (size_t i = 0; i < valid.size(); ++i) {
    on_bodies += instances[i] != 0;
    if (!valid[i]) continue;
    EXPECT_NE(instances[i], 0) << "the sky has no flow";
    const int x = static_cast<int>(std::floor(i % kSize + 0.5 + flow[2 * i]));
    const int y = static_cast<int>(std::floor(i / kSize % kSize + 0.5 + flow[2 * i + 1]));
    if (x < 0 || y < 0 || x >= kSize || y >= kSize) continue;
    const size_t next = i / (kSize * kSize) + 1;
    ++count;
    same += instances[(next * kSize + y) * kSize + x] == instances[i];
  }
  // Most of what is no sky can be followed; at outlines the nearest pixel may be another body's.
  EXPECT_GT(on_bodies, 0.6 * valid.size());
  EXPECT_GT(count, 0.85 * on_bodies);
  EXPECT_GT(same, 0.98 * count);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    PassesTestOfScenario,
    ::testing::Values("drop", "collide", "incline_slide", "occluder_pass", "orbit_room"),
    [](const auto& info) { return info.param; });

TEST(PassesTest, AStillWorldBeforeAStillCameraDoesNotFlow) {
  const Truth truth = MakeTruth(LoneSphere(), SmallOptions(2));
  for (const float value : truth.passes.flow_px.As<float>()) EXPECT_NEAR(value, 0, 1e-5);
}

TEST(PassesTest, AnOccludedBallIsHiddenOnceAndComesBack) {
  const Truth& truth = TruthOf("occluder_pass");
  int ball = -1;
  for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
    if (!truth.scene.bodies[b].fixed && ball < 0) ball = static_cast<int>(b);
  }
  ASSERT_GE(ball, 0);
  int changes = 0, hidden = 0;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    const BodyView& view = truth.views[frame][ball];
    hidden += view.modal_area_px == 0;
    if (frame > 0) changes += view.presence != truth.views[frame - 1][ball].presence;
    // The whole ball is known even when nothing of it is seen.
    EXPECT_GT(view.amodal_box_px[2], 0.05 * kSize);
  }
  EXPECT_EQ(changes, 2);
  EXPECT_GE(hidden, 3);
  EXPECT_EQ(truth.views.front()[ball].presence, Presence::kVisible);
  EXPECT_EQ(truth.views.back()[ball].visible_share, 1.0);
}

TEST(PassesTest, ABodyBehindTheCameraIsOutOfView) {
  Scene scene = LoneSphere();
  Body behind = scene.bodies[0];
  behind.name = "behind";
  behind.world_from_body.translation = {0, -20, 0};
  scene.bodies.push_back(behind);
  const Truth truth = MakeTruth(scene, SmallOptions(1));
  EXPECT_EQ(truth.views[0][1].presence, Presence::kOutOfView);
  EXPECT_EQ(truth.views[0][1].visible_share, 0);
  EXPECT_TRUE(truth.views[0][1].centroid_px.allFinite());
}

}  // namespace
}  // namespace plumb
