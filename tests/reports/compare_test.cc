// SPDX-License-Identifier: Apache-2.0
#include "reports/compare.h"

#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const ScoreInfo kUp{"geometry.consistency", "share", Direction::kHigher, 1, true, ""};
const ScoreInfo kDown{"geometry.reprojection_px", "px", Direction::kLower, 1, false, ""};

// One value per scene and seed; no value stands for "not measurable".
using Values = std::vector<std::vector<std::optional<double>>>;

Results MakeRun(const std::string& name,
                const std::string& model,
                const Values& values,
                const ScoreInfo& info = kUp) {
  Results run;
  run.name = name;
  run.suite = "quick v1";
  run.suite_digest = "d1";
  run.models = {model};
  run.scores = {info};
  for (size_t scene = 0; scene < values.size(); ++scene) {
    for (size_t seed = 0; seed < values[scene].size(); ++seed) {
      Cell cell;
      cell.key = {model, fmt::format("drop-{}", scene), seed};
      cell.status = CellStatus::kDone;
      const std::optional<double> value = values[scene][seed];
      cell.scores.push_back(value ? Score::Measured(info, *value, *value, *value)
                                  : Score::NotMeasurable(info, {ReasonCode::kNoParallax, "none"}));
      run.cells.push_back(cell);
    }
  }
  return run;
}

// `scenes` scenes with one seed and the same value.
Values Constant(int scenes, double value) { return Values(scenes, {value}); }

MetricComparison CompareOne(const Results& base,
                            const Results& head,
                            const CompareOptions& options = {}) {
  const Comparison comparison =
      Compare({&base, base.models[0], ""}, {&head, head.models[0], ""}, options);
  EXPECT_EQ(comparison.metrics.size(), 1u);
  return comparison.metrics[0];
}

TEST(CompareTest, EqualRunsTieAndSaySo) {
  const Results run = MakeRun("a", "m", Constant(8, 0.7));
  const MetricComparison metric = CompareOne(run, run);
  EXPECT_EQ(metric.verdict, Verdict::kNoChange);
  EXPECT_EQ(metric.why, "all 8 pairs are exact ties");
  EXPECT_EQ(metric.difference, 0.0);
  EXPECT_EQ(metric.low, 0.0);
  EXPECT_EQ(metric.high, 0.0);
}

TEST(CompareTest, ConstantShiftHasADegenerateInterval) {
  const MetricComparison metric =
      CompareOne(MakeRun("a", "m", Constant(6, 0.5)), MakeRun("b", "m", Constant(6, 0.625)));
  EXPECT_EQ(metric.verdict, Verdict::kImproved);
  EXPECT_DOUBLE_EQ(metric.difference, 0.125);
  EXPECT_DOUBLE_EQ(metric.low, 0.125);
  EXPECT_DOUBLE_EQ(metric.high, 0.125);
  EXPECT_DOUBLE_EQ(metric.base_mean, 0.5);
  EXPECT_DOUBLE_EQ(metric.head_mean, 0.625);
  EXPECT_THAT(metric.why, HasSubstr("6 higher, 0 lower, 0 ties"));
}

TEST(CompareTest, DirectionDecidesWhatIsBetter) {
  const Results low = MakeRun("a", "m", Constant(6, 1.0), kDown);
  const Results high = MakeRun("b", "m", Constant(6, 2.0), kDown);
  EXPECT_EQ(CompareOne(low, high).verdict, Verdict::kRegressed);
  EXPECT_EQ(CompareOne(high, low).verdict, Verdict::kImproved);
}

TEST(CompareTest, SwappingTheSidesMirrorsTheInterval) {
  Values base, head;
  for (int i = 0; i < 9; ++i) {
    base.push_back({0.5 + 0.01 * i, 0.4});
    head.push_back({0.52 + 0.01 * (i % 4), 0.47});
  }
  const Results a = MakeRun("a", "m", base);
  const Results b = MakeRun("b", "m", head);
  const MetricComparison forward = CompareOne(a, b);
  const MetricComparison backward = CompareOne(b, a);
  EXPECT_DOUBLE_EQ(forward.difference, -backward.difference);
  EXPECT_NEAR(forward.low, -backward.high, 1e-12);
  EXPECT_NEAR(forward.high, -backward.low, 1e-12);
}

TEST(CompareTest, BalancedDifferencesAreNoChange) {
  Values head;
  for (int i = 0; i < 10; ++i) head.push_back({i % 2 == 0 ? 0.6 : 0.4});
  const MetricComparison metric =
      CompareOne(MakeRun("a", "m", Constant(10, 0.5)), MakeRun("b", "m", head));
  EXPECT_EQ(metric.verdict, Verdict::kNoChange);
  EXPECT_EQ(metric.why, "the interval contains 0 (5 higher, 5 lower, 0 ties)");
  EXPECT_LT(metric.low, 0.0);
  EXPECT_GT(metric.high, 0.0);
}

TEST(CompareTest, FewPairsOrScenesGiveNoVerdict) {
  const MetricComparison five =
      CompareOne(MakeRun("a", "m", Constant(5, 0.1)), MakeRun("b", "m", Constant(5, 0.9)));
  EXPECT_EQ(five.verdict, Verdict::kNotEnoughData);
  EXPECT_EQ(five.why, "5 pairs in 5 scenes; a verdict needs 6 in 6");
  EXPECT_NEAR(five.difference, 0.8, 1e-12);
  // Many seeds of two scenes are two scenes still.
  const Values base(2, std::vector<std::optional<double>>(20, 0.1));
  const Values head(2, std::vector<std::optional<double>>(20, 0.9));
  const MetricComparison two = CompareOne(MakeRun("a", "m", base), MakeRun("b", "m", head));
  EXPECT_EQ(two.pairs, 40);
  EXPECT_EQ(two.scenes, 2);
  EXPECT_EQ(two.verdict, Verdict::kNotEnoughData);
}

TEST(CompareTest, NothingMeasuredIsNeverAPass) {
  const Values none(8, {std::nullopt});
  const MetricComparison metric = CompareOne(MakeRun("a", "m", none), MakeRun("b", "m", none));
  EXPECT_EQ(metric.verdict, Verdict::kNotEnoughData);
  EXPECT_EQ(metric.pairs, 0);
  EXPECT_EQ(metric.why, "no cell is measured on both sides");
  Results empty = MakeRun("c", "m", {});
  EXPECT_EQ(CompareOne(empty, empty).verdict, Verdict::kNotEnoughData);
}

TEST(CompareTest, OneSidedCellsAreCountedNotUsed) {
  Values base = Constant(8, 0.5);
  Values head = Constant(8, 0.5);
  base[0] = {0.0};
  head[0] = {std::nullopt};
  base[1] = {std::nullopt};
  const MetricComparison metric = CompareOne(MakeRun("a", "m", base), MakeRun("b", "m", head));
  EXPECT_EQ(metric.pairs, 6);
  EXPECT_EQ(metric.only_base, 1);
  EXPECT_EQ(metric.only_head, 1);
  EXPECT_EQ(metric.verdict, Verdict::kNoChange);
}

// Ten seeds of one scene agree with each other: resampling cells would call that certain,
// resampling scenes does not.
TEST(CompareTest, ClustersWidenTheInterval) {
  Values base, head;
  for (int scene = 0; scene < 6; ++scene) {
    const double shift = scene < 4 ? 0.1 : -0.1;
    base.push_back(std::vector<std::optional<double>>(10, 0.5));
    head.push_back(std::vector<std::optional<double>>(10, 0.5 + shift));
  }
  const MetricComparison metric = CompareOne(MakeRun("a", "m", base), MakeRun("b", "m", head));
  EXPECT_EQ(metric.pairs, 60);
  EXPECT_NEAR(metric.difference, 0.2 / 6.0, 1e-12);
  EXPECT_EQ(metric.verdict, Verdict::kNoChange);
  // Of six scenes at ±0.1 a resample may hold two more at −0.1, or none: far beyond what sixty
  // cells would suggest.
  EXPECT_LE(metric.low, -0.1 / 3.0 + 1e-12);
  EXPECT_GE(metric.high, 0.1 - 1e-12);
}

TEST(CompareTest, LeastEffectThatCounts) {
  CompareOptions options;
  options.min_effect = 0.05;
  const Results base = MakeRun("a", "m", Constant(8, 0.5));
  const MetricComparison small = CompareOne(base, MakeRun("b", "m", Constant(8, 0.53)), options);
  EXPECT_EQ(small.verdict, Verdict::kNoChange);
  EXPECT_THAT(small.why, HasSubstr("smaller than the least effect that counts, 0.050"));
  EXPECT_EQ(CompareOne(base, MakeRun("b", "m", Constant(8, 0.56)), options).verdict,
            Verdict::kImproved);
}

TEST(CompareTest, OtherMetricVersionIsNotComparable) {
  ScoreInfo next = kUp;
  next.version = 2;
  const MetricComparison metric =
      CompareOne(MakeRun("a", "m", Constant(8, 0.5)), MakeRun("b", "m", Constant(8, 0.9), next));
  EXPECT_EQ(metric.verdict, Verdict::kNotComparable);
  EXPECT_EQ(metric.why, "metric version 1 in base, 2 in head");
  EXPECT_EQ(metric.pairs, 0);
}

TEST(CompareTest, OtherSuiteIsNotComparableUnlessLenient) {
  const Results base = MakeRun("a", "m", Constant(8, 0.5));
  Results head = MakeRun("b", "m", Constant(8, 0.9));
  head.suite = "quick v2";
  head.suite_digest = "d2";
  EXPECT_EQ(CompareOne(base, head).verdict, Verdict::kNotComparable);
  CompareOptions lenient;
  lenient.lenient = true;
  const Comparison comparison = Compare({&base, "m", ""}, {&head, "m", ""}, lenient);
  EXPECT_EQ(comparison.metrics[0].verdict, Verdict::kImproved);
  EXPECT_THAT(comparison.warnings, ElementsAre("other suite: quick v1 in base, quick v2 in head"));
}

TEST(CompareTest, ScoresOfOneSideOnly) {
  const Results base = MakeRun("a", "m", Constant(8, 0.5), kUp);
  const Results head = MakeRun("b", "m", Constant(8, 0.5), kDown);
  const Comparison comparison = Compare({&base, "m", ""}, {&head, "m", ""});
  ASSERT_EQ(comparison.metrics.size(), 2u);
  EXPECT_EQ(comparison.metrics[0].why, "only base has this score");
  EXPECT_EQ(comparison.metrics[1].why, "only head has this score");
  EXPECT_EQ(comparison.metrics[0].only_base, 8);
}

TEST(CompareTest, NewlyFailingAndFixedCells) {
  Results base = MakeRun("a", "m", Constant(8, 0.5));
  Results head = base;
  head.name = "b";
  head.cells[2].status = CellStatus::kFailed;
  head.cells[3].status = CellStatus::kMissing;
  base.cells[5].status = CellStatus::kFailed;
  head.cells.pop_back();
  const Comparison comparison = Compare({&base, "m", ""}, {&head, "m", ""});
  EXPECT_THAT(comparison.newly_failing, ElementsAre("drop-2/0 m", "drop-3/0 m"));
  EXPECT_THAT(comparison.fixed, ElementsAre("drop-5/0 m"));
  EXPECT_THAT(comparison.warnings, ElementsAre("1 cell of base not planned in head"));
  // Scores of a cell that failed are not values, whatever is still stored in it.
  EXPECT_EQ(comparison.metrics[0].pairs, 4);
}

TEST(CompareTest, MachineAndVersionDifferencesAreWarnings) {
  Results base = MakeRun("a", "m", Constant(8, 0.5));
  Results head = base;
  base.machine["cpu"] = "one";
  head.machine["cpu"] = "two";
  base.versions["plumb"] = head.versions["plumb"] = "0.1.0";
  const Comparison comparison = Compare({&base, "m", ""}, {&head, "m", ""});
  EXPECT_THAT(comparison.warnings, ElementsAre("other machine: cpu: one in base, two in head"));
}

TEST(CompareTest, TwoModelsOfOneRunWithTheirLabels) {
  const Results run = SampleResults();
  const Comparison comparison = Compare({&run, "oracle", ""}, {&run, "frozen", "still"});
  EXPECT_EQ(comparison.base, "sample run · oracle");
  EXPECT_EQ(comparison.head, "still");
  EXPECT_THAT(comparison.newly_failing, IsEmpty());
  for (const MetricComparison& metric : comparison.metrics) {
    const bool geometry = metric.info.id.starts_with("geometry.");
    EXPECT_EQ(metric.verdict, geometry ? Verdict::kNotEnoughData : Verdict::kRegressed)
        << metric.info.id;
  }
}

TEST(CompareTest, SameSeedSameNumbers) {
  const Results run = SampleResults();
  CompareOptions options;
  options.resamples = 500;
  const auto once = [&] {
    return ToJson(Compare({&run, "oracle", ""}, {&run, "native:checkpoints/tiny", ""}, options));
  };
  EXPECT_EQ(once().dump(), once().dump());
  const std::string first = once().dump();
  options.seed = 1;
  EXPECT_NE(once().dump(), first);
}

TEST(CompareTest, APlainValueIsShownAndNotJudged) {
  const ScoreInfo plain{"dynamics.gravity_mps2", "m/s2", Direction::kNone, 1, false, ""};
  const Results low = MakeRun("a", "m", Constant(8, 4.9), plain);
  const Results high = MakeRun("b", "m", Constant(8, 9.8), plain);
  for (const MetricComparison& metric : {CompareOne(low, high), CompareOne(high, low)}) {
    EXPECT_EQ(metric.verdict, Verdict::kNotJudged);
    EXPECT_THAT(metric.why, HasSubstr("neither way is better"));
    EXPECT_NEAR(std::abs(metric.difference), 4.9, 1e-12);
  }
  EXPECT_EQ(CompareOne(low, low).verdict, Verdict::kNotJudged);
  const Results few = MakeRun("c", "m", Constant(1, 9.8), plain);
  EXPECT_EQ(CompareOne(few, few).verdict, Verdict::kNotEnoughData);
}

TEST(CompareTest, RefusesWhatMakesNoSense) {
  const Results run = SampleResults();
  EXPECT_THROW(Compare({&run, "nobody", ""}, {&run, "oracle", ""}), UsageError);
  EXPECT_THROW(Compare({nullptr, "oracle", ""}, {&run, "oracle", ""}), CheckFailure);
  const auto refused = [](auto change) {
    CompareOptions options;
    change(options);
    EXPECT_THROW(options.Validate(), UsageError);
  };
  refused([](CompareOptions& options) { options.resamples = 10; });
  refused([](CompareOptions& options) { options.level = 1.0; });
  refused([](CompareOptions& options) { options.min_pairs = 0; });
  refused([](CompareOptions& options) { options.min_scenes = 0; });
  refused([](CompareOptions& options) { options.min_effect = -1.0; });
}

}  // namespace
}  // namespace plumb
