// SPDX-License-Identifier: Apache-2.0
#include "app/scene_check.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SceneCheckOptions Options(int seeds) {
  SceneCheckOptions options;
  options.scenarios = {"drop", "bounce"};
  options.seeds = seeds;
  options.pictures = CheckPictures::kNever;
  return options;
}

TEST(SceneCheckTest, ARowHasTheSeedThatComesNearestToTheBound) {
  const SceneCheckTable table = CheckScenes(Options(4));
  EXPECT_EQ(table.scenes, 8);
  ASSERT_FALSE(table.rows.empty());
  for (const SceneCheckRow& row : table.rows) {
    const double error = std::abs(row.worst.measured - row.worst.expected);
    for (uint64_t seed = 0; seed < 4; ++seed) {
      const Scene scene = MakeScene(row.scenario, 0, seed);
      for (const LawCheck& check : CheckMotion(scene, Simulate(scene, {}))) {
        if (check.name != row.worst.name || check.tolerance <= 0) continue;
        EXPECT_LE(std::abs(check.measured - check.expected) / check.tolerance,
                  error / row.worst.tolerance + 1e-12)
            << row.scenario << " " << check.name << " " << seed;
        if (seed == row.seed) {
          EXPECT_EQ(check.measured, row.worst.measured);
        }
      }
    }
  }
}

TEST(SceneCheckTest, ThreadsChangeNothing) {
  SceneCheckOptions options = Options(3);
  const std::string one = TableText(CheckScenes(options));
  options.threads = 2;
  EXPECT_EQ(TableText(CheckScenes(options)), one);
  EXPECT_THAT(one, HasSubstr("quantity"));
  EXPECT_THAT(one, HasSubstr("bound"));
}

TEST(SceneCheckTest, PicturesAddChecks) {
  SceneCheckOptions options = Options(1);
  const size_t without = CheckScenes(options).rows.size();
  options.pictures = CheckPictures::kAlways;
  options.render.width = options.render.height = 32;
  EXPECT_GT(CheckScenes(options).rows.size(), without);
}

TEST(SceneCheckTest, AFailedQuantityIsCounted) {
  SceneCheckTable table;
  LawCheck over;
  over.name = "fall time";
  over.expected = 1;
  over.measured = std::nan("");
  over.tolerance = 0.1;
  LawCheck within = over;
  within.measured = 1;
  within.passed = true;
  table.rows = {{"drop", within, 0, 20, 0}, {"bounce", over, 3, 20, 2}};
  EXPECT_EQ(table.failed_rows(), 1);
  EXPECT_THAT(TableText(table), HasSubstr("FAIL  bounce"));
  EXPECT_THAT(TableText(table), HasSubstr("2 of 20"));
  EXPECT_THAT(TableText(table), Not(HasSubstr("FAIL  drop")));
  const Json json = ToJson(table);
  EXPECT_EQ(json["checks"][0]["passed"], true);
  EXPECT_EQ(json["checks"][1]["passed"], false);
  EXPECT_TRUE(json["checks"][1]["measured"].is_null());
}

TEST(SceneCheckTest, SenselessOptionsAreUsageErrors) {
  SceneCheckOptions options = Options(0);
  EXPECT_THROW(options.Validate(), UsageError);
  options = Options(1);
  options.threads = 0;
  EXPECT_THROW(options.Validate(), UsageError);
  options = Options(1);
  options.scenarios = {"bounse"};
  EXPECT_THROW(options.Validate(), UsageError);
}

}  // namespace
}  // namespace plumb
