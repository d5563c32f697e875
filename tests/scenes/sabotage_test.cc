// SPDX-License-Identifier: Apache-2.0
#include "scenes/sabotage.h"

#include <cmath>
#include <map>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

constexpr int kConditioning = 5;

const Truth& TruthOf(const std::string& scenario) {
  static std::map<std::string, Truth> truths;
  const auto found = truths.find(scenario);
  if (found != truths.end()) return found->second;
  return truths.emplace(scenario, MakeTruth(MakeScene(scenario, 41, 1), SmallOptions(48)))
      .first->second;
}

Video Broken(const std::string& scenario, const std::string& text) {
  return MakeSabotaged(TruthOf(scenario), ParseSabotage(text), kConditioning).video;
}

// Mean absolute difference of two frames in levels.
double Difference(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / a.rgb.size();
}

int FirstDifference(const Video& a, const Video& b) {
  for (int f = 0; f < a.num_frames(); ++f) {
    if (!(a.frame(f) == b.frame(f))) return f;
  }
  return a.num_frames();
}

// The hidden interval of the ball in occluder_pass.
int FirstHidden(const Truth& truth) {
  for (int f = 0; f < truth.num_frames(); ++f) {
    for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
      if (truth.scene.bodies[b].role == Role::kObject && truth.views[f][b].modal_area_px == 0)
        return f;
    }
  }
  return truth.num_frames();
}

struct Case {
  std::string law;
  std::string scenario;
};
std::vector<Case> AllCases() {
  // The quick suite's laws where they can show in its scenarios.
  std::vector<Case> cases;
  for (const char* law :
       {"gravity", "restitution", "vanish", "teleport", "swap", "warp_px", "drift_px"}) {
    for (const char* scenario :
         {"drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"}) {
      if (CanShow(FindLaw(law), scenario)) cases.push_back({law, scenario});
    }
  }
  return cases;
}

class SabotageTestOfLaw : public ::testing::TestWithParam<Case> {};

TEST_P(SabotageTestOfLaw, TheNeutralAmountGivesTheTruth) {
  const Law& law = FindLaw(GetParam().law);
  Sabotage sabotage;
  sabotage.law = law.id;
  sabotage.amount = law.neutral;
  const Truth& truth = TruthOf(GetParam().scenario);
  EXPECT_EQ(MakeSabotaged(truth, sabotage, kConditioning).video.frames(), truth.video.frames());
}

TEST_P(SabotageTestOfLaw, TheDefaultAmountShowsAndKeepsTheConditioningFrames) {
  const Truth& truth = TruthOf(GetParam().scenario);
  const Video broken = Broken(GetParam().scenario, GetParam().law);
  EXPECT_EQ(broken.times_s(), truth.video.times_s());
  EXPECT_GE(FirstDifference(truth.video, broken), kConditioning);
  double largest = 0;
  for (int f = kConditioning; f < truth.num_frames(); ++f) {
    largest = std::max(largest, Difference(truth.video.frame(f), broken.frame(f)));
  }
  EXPECT_GT(largest, 0.2);
}

TEST_P(SabotageTestOfLaw, TheSameSabotageGivesTheSameBytes) {
  EXPECT_EQ(Broken(GetParam().scenario, GetParam().law).frames(),
            Broken(GetParam().scenario, GetParam().law).frames());
}

INSTANTIATE_TEST_SUITE_P(All,
                         SabotageTestOfLaw,
                         ::testing::ValuesIn(AllCases()),
                         [](const auto& info) {
                           return info.param.law + "_" + info.param.scenario;
                         });

TEST(SabotageTest, TheOnsetIsTheFirstFrameThatDiffers) {
  for (const char* text : {"gravity=0.5,onset=9", "vanish=1,onset=9", "teleport=0.4,onset=9"}) {
    EXPECT_EQ(FirstDifference(TruthOf("drop").video, Broken("drop", text)), 9) << text;
  }
  EXPECT_EQ(
      FirstDifference(TruthOf("orbit_room").video, Broken("orbit_room", "warp_px=4,onset=20")), 20);
  EXPECT_EQ(
      FirstDifference(TruthOf("orbit_room").video, Broken("orbit_room", "drift_px=2,onset=20")),
      20);
}

TEST(SabotageTest, AnOnsetInsideTheConditioningFramesIsMovedBehindThem) {
  EXPECT_EQ(FirstDifference(TruthOf("drop").video, Broken("drop", "gravity=0,onset=2")),
            kConditioning);
}

TEST(SabotageTest, TheRestOfTheWorldStaysAsItIs) {
  // A ball that falls more slowly changes nothing in the corners of the picture.
  const Truth& truth = TruthOf("bounce");
  const Video broken = Broken("bounce", "gravity=0.5");
  for (int f = 0; f < truth.num_frames(); ++f) {
    for (const int x : {0, 95}) {
      EXPECT_EQ(truth.video.frame(f).Pixel(x, 0)[0], broken.frame(f).Pixel(x, 0)[0]);
    }
  }
}

TEST(SabotageTest, VanishBehindTheOccluderStartsWhenTheObjectIsHidden) {
  const Truth& truth = TruthOf("occluder_pass");
  const int hidden = FirstHidden(truth);
  ASSERT_LT(hidden, truth.num_frames());
  const Video broken = Broken("occluder_pass", "vanish");
  // Nothing is seen of it while it is hidden but a shadow; later it is missing.
  EXPECT_GE(FirstDifference(truth.video, broken), hidden);
  EXPECT_GT(Difference(truth.video.frame(47), broken.frame(47)), 0.5);
}

TEST(SabotageTest, AShareOfVanishCountsFromTheEnd) {
  const Truth& truth = TruthOf("drop");
  EXPECT_EQ(FirstDifference(truth.video, Broken("drop", "vanish=0.5")), 48 - 22);
  EXPECT_EQ(FirstDifference(truth.video, Broken("drop", "vanish=1")), kConditioning);
}

TEST(SabotageTest, AFullSwapGivesEachTheOthersLook) {
  const Truth& truth = TruthOf("collide");
  const Video broken = Broken("collide", "swap");
  std::vector<int> objects;
  for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
    if (truth.scene.bodies[b].role == Role::kObject) objects.push_back(static_cast<int>(b));
  }
  ASSERT_EQ(objects.size(), 2u);
  // The mean colours of both masks change places.
  const int frame = 30;
  const auto mean = [&](const Video& video, int body) {
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    const auto instances = truth.passes.instances.As<uint8_t>();
    int count = 0;
    for (int i = 0; i < 96 * 96; ++i) {
      if (instances[frame * 96 * 96 + i] != body + 1) continue;
      for (int c = 0; c < 3; ++c) sum[c] += video.frame(frame).rgb[3 * i + c];
      ++count;
    }
    return Eigen::Vector3d(sum / count);
  };
  for (int k = 0; k < 2; ++k) {
    const Eigen::Vector3d now = mean(broken, objects[k]);
    EXPECT_LT((now - mean(truth.video, objects[1 - k])).norm(),
              (now - mean(truth.video, objects[k])).norm());
  }
}

TEST(SabotageTest, LargerDosesMoveThePictureFurther) {
  const Truth& truth = TruthOf("orbit_room");
  for (const char* law : {"warp_px", "drift_px"}) {
    double last = 0;
    for (const char* amount : {"=0.25", "=1", "=4"}) {
      const Video broken = Broken("orbit_room", std::string(law) + amount);
      const double moved = Difference(truth.video.frame(8), broken.frame(8));
      EXPECT_GT(moved, last) << law << amount;
      last = moved;
    }
  }
}

TEST(SabotageTest, NamesWhatIsWrong) {
  const auto message = [](const std::string& scenario, const std::string& text) {
    try {
      Broken(scenario, text);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const std::string ball = TruthOf("bounce").scene.bodies.back().name;
  EXPECT_THAT(message("bounce", "gravity=0.5,body=" + ball.substr(0, ball.size() - 1)),
              HasSubstr("did you mean '" + ball + "'"));
  EXPECT_THAT(message("drop", "vanish=2"), HasSubstr("expected 0 to 1"));
  EXPECT_THAT(message("drop", "restitution=-1"), HasSubstr("restitution"));
  EXPECT_THAT(message("drop", "swap=1"), HasSubstr("no second object"));
}

}  // namespace
}  // namespace plumb
