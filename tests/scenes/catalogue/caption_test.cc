// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Body Thing(const std::string& name, const std::string& material) {
  Body body;
  body.name = name;
  body.material.name = material;
  return body;
}

CameraPath Path(CameraMotion motion) {
  CameraPath path;
  path.motion = motion;
  return path;
}

TEST(CaptionTest, TheMaterialStandsBetweenColourAndNoun) {
  EXPECT_EQ(Describe(Thing("red ball", "rubber")), "a red rubber ball");
  EXPECT_EQ(Describe(Thing("orange toy car", "wooden")), "an orange wooden toy car");
  EXPECT_EQ(Describe(Thing("cork ring", "cork")), "a cork ring");
  EXPECT_EQ(DescribeThe(Thing("red ball", "rubber")), "the red rubber ball");
}

TEST(CaptionTest, ListsAndNumbers) {
  EXPECT_EQ(Enumerate({}), "");
  EXPECT_EQ(Enumerate({"a"}), "a");
  EXPECT_EQ(Enumerate({"a", "b"}), "a and b");
  EXPECT_EQ(Enumerate({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(NumberWord(3), "three");
  EXPECT_EQ(NumberWord(12), "twelve");
  EXPECT_EQ(NumberWord(13), "13");
}

TEST(CaptionTest, ASteadyCameraIsToldByItsMotion) {
  EXPECT_EQ(DescribeCamera(Path(CameraMotion::kStatic)).does, "does not move");
  CameraPath arc = Path(CameraMotion::kArc);
  arc.sweep_rad = 0.3;
  EXPECT_THAT(DescribeCamera(arc).does, EndsWith("to the right"));
  arc.sweep_rad = -0.3;
  arc.there_and_back = true;
  EXPECT_THAT(DescribeCamera(arc).does, EndsWith("to the left and back again"));
  // A turn about the upward axis takes the view to the left.
  CameraPath yaw = Path(CameraMotion::kYaw);
  yaw.sweep_rad = 0.3;
  EXPECT_THAT(DescribeCamera(yaw).does, HasSubstr("turns to the left"));
}

TEST(CaptionTest, ATravelIsNamedByItsLargestPartSeenFromTheCamera) {
  CameraPath path = Path(CameraMotion::kDolly);  // looks along +y
  path.travel_m = {0.2, 1, 0};
  EXPECT_EQ(DescribeCamera(path).does, "travels forwards");
  path.travel_m = {0.2, -1, 0};
  EXPECT_EQ(DescribeCamera(path).does, "travels backwards");
  path.travel_m = {2, -1, 0};
  EXPECT_EQ(DescribeCamera(path).does, "travels to the right");
  path.travel_m = {0, 0, -1};
  EXPECT_EQ(DescribeCamera(path).does, "travels downwards");
}

TEST(CaptionTest, AHandIsMentioned) {
  CameraPath path = Path(CameraMotion::kStatic);
  path.sway_m = 0.01;
  EXPECT_THAT(DescribeCamera(path).does, HasSubstr("by hand"));
  EXPECT_THAT(DescribeCamera(path).does, Not(HasSubstr("does not move")));
}

SceneWords BallWords() {
  return {"a tiled floor",
          {"a red rubber ball hangs in the air", "there hangs a red rubber ball in the air"},
          "the ball falls",
          {}};
}

TEST(CaptionTest, TellsTheSameInFiveDifferentSentencesAndTheOutcomeApart) {
  Scene scene;
  Tell(scene, BallWords());
  EXPECT_EQ(scene.caption,
            "On a tiled floor, a red rubber ball hangs in the air. The camera does not move.");
  EXPECT_EQ(scene.outcome, "The ball falls.");
  ASSERT_GE(scene.paraphrases.size(), 3u);
  std::set<std::string> all(scene.paraphrases.begin(), scene.paraphrases.end());
  all.insert(scene.caption);
  EXPECT_EQ(all.size(), scene.paraphrases.size() + 1);
  for (const std::string& text : all) {
    for (const char* part : {"red rubber ball", "in the air", "tiled floor", "camera"}) {
      EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_THAT(text, Not(HasSubstr("falls")));
    EXPECT_THAT(text, EndsWith("."));
    EXPECT_TRUE(std::isupper(text.front())) << text;
  }
}

TEST(CaptionTest, ACaptionThatIsThereStays) {
  Scene scene;
  scene.caption = "As it was.";
  Tell(scene, BallWords());
  EXPECT_EQ(scene.caption, "As it was.");
  EXPECT_FALSE(scene.paraphrases.empty());
}

TEST(CaptionTest, ACameraMayBeToldByTheScenario) {
  Scene scene;
  SceneWords words = BallWords();
  words.camera = {"looks away and back", "turns off and returns"};
  Tell(scene, words);
  EXPECT_THAT(scene.caption, HasSubstr("The camera looks away and back."));
  EXPECT_THAT(scene.paraphrases.front(), HasSubstr("turns off and returns"));
}

TEST(CaptionTest, OneTellingIsNotEnough) {
  Scene scene;
  SceneWords words = BallWords();
  words.tellings.pop_back();
  EXPECT_THROW(Tell(scene, words), CheckFailure);
  EXPECT_THROW(Capitalised(""), CheckFailure);
}

}  // namespace
}  // namespace plumb
