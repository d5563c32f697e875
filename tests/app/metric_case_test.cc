// SPDX-License-Identifier: Apache-2.0
// The committed cases (made by tests/metrics/published/make_metric_cases.py with evo and NumPy) and
// those that stand beside the checkout; a case must be able to fail.
#include "app/published/metric_case.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::vector<fs::path> CasesIn(const fs::path& folder) {
  std::vector<fs::path> cases;
  if (!fs::exists(folder)) return cases;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (IsMetricCase(entry.path())) cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

fs::path OwnCases() { return SourceFolder() / "tests/metrics/published/cases"; }

void ExpectPasses(const fs::path& folder) {
  for (const MetricCaseValue& value : ReplayMetricCase(folder).values) {
    EXPECT_TRUE(value.passed) << folder << " " << value.name << " is " << value.actual.value_or(NAN)
                              << ", expected " << value.expected.value_or(NAN) << " "
                              << value.problem;
    EXPECT_EQ(value.actual.has_value(), value.problem.empty()) << value.name;
  }
}

TEST(MetricCaseTest, TheCommittedCasesPass) {
  std::set<std::string> metrics;
  for (const fs::path& folder : CasesIn(OwnCases())) {
    ExpectPasses(folder);
    metrics.insert(ReplayMetricCase(folder).metric);
  }
  EXPECT_THAT(
      metrics,
      IsSupersetOf({"trajectory", "camera_path", "gvgc", "tsed", "sampson", "syscon3d_sparse"}));
}

TEST(MetricCaseTest, TheSharedCasesPass) {
  const auto cases = CasesIn(SourceFolder() / "../shared/parity");
  if (cases.empty()) GTEST_SKIP() << "no cases beside the checkout";
  for (const fs::path& folder : cases) ExpectPasses(folder);
}

// A copy of a case with `from` replaced in its case.json.
void CopyWith(const std::string& name, const fs::path& to, const Json& patch) {
  fs::copy(OwnCases() / name, to, fs::copy_options::recursive);
  Json content = Json::parse(FileText(to / "case.json"));
  content.merge_patch(patch);
  std::ofstream(to / "case.json") << content.dump();
}

bool Passes(const std::string& name, const Json& patch) {
  const TestFolder folder;
  CopyWith(name, folder / "case", patch);
  return ReplayMetricCase(folder / "case").Passed();
}

TEST(MetricCaseTest, AnotherNumberFails) {
  EXPECT_TRUE(Passes("traj-one-pose", Json::object()));
  EXPECT_FALSE(Passes("traj-one-pose", {{"expected", {{"associated_pairs", 1.001}}}}));
  EXPECT_TRUE(Passes(
      "traj-one-pose",
      {{"expected", {{"associated_pairs", 1.001}}}, {"tolerance", {{"associated", 0.002}}}}));
}

TEST(MetricCaseTest, UndefinedAndDefinedAreNeverEqual) {
  // (merge_patch takes null for "remove", so that undefined is expected by text.)
  const TestFolder folder;
  CopyWith("traj-one-pose", folder / "case", Json::object());
  Json content = Json::parse(FileText(folder / "case/case.json"));
  content["expected"]["associated_pairs"] = nullptr;
  std::ofstream(folder / "case/case.json") << content.dump();
  EXPECT_FALSE(ReplayMetricCase(folder / "case").Passed());
  EXPECT_FALSE(Passes("traj-one-pose", {{"expected", {{"rpe_trans/d1/none/rmse", 0.0}}}}));
  EXPECT_FALSE(Passes("traj-one-pose", {{"expected", {{"no_such_value", 0.0}}}}));
}

TEST(MetricCaseTest, ValuesWithAParameterInTheirNameAreComputedOnDemand) {
  EXPECT_TRUE(Passes("traj-identical",
                     {{"expected", {{"rpe_trans/d13/none/n", 3}, {"rpe_rot_deg/d39_all/n", 1}}}}));
  EXPECT_TRUE(Passes("tsed-noise", {{"expected", {{"consistent_pairs/te100_tm55", 1}}}}));
}

std::string Rejection(const fs::path& folder) {
  try {
    ReplayMetricCase(folder);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(MetricCaseTest, ABrokenCaseIsRefusedByFileAndKey) {
  const auto refused = [](const Json& patch) {
    const TestFolder folder;
    CopyWith("traj-one-pose", folder / "case", patch);
    return Rejection(folder / "case");
  };
  EXPECT_THAT(refused({{"metric", "trajectry"}}), HasSubstr("did you mean 'trajectory'"));
  EXPECT_THAT(refused({{"inputs", {{"truht", "a.tum"}}}}), HasSubstr("did you mean 'truth'"));
  EXPECT_THAT(refused({{"inputs", {{"truth", "gone.tum"}}}}), HasSubstr("gone.tum: is no file"));
  EXPECT_THAT(refused({{"expected", "much"}}), HasSubstr("'expected': expected an object"));
  EXPECT_THAT(refused({{"tolerance", {{"default", "small"}}}}), HasSubstr("'default'"));
  EXPECT_THAT(refused({{"settings", {{"t_max_diff", -1}}}}), HasSubstr("'t_max_diff'"));
  EXPECT_THAT(Rejection("/no/such"), HasSubstr("case.json: can't be opened"));
  EXPECT_FALSE(IsMetricCase("/no/such"));
}

}  // namespace
}  // namespace plumb
