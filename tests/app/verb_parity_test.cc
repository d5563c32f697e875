// SPDX-License-Identifier: Apache-2.0
// `plumb parity`: which codes it ends with, and what it prints.
#include <fstream>

#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"
#include "tests/generator/parity/parity_case.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(VerbParityTest, ACaseIsNeeded) {
  EXPECT_EQ(RunPlumb("parity").code, 2);
  const ProgramOutput absent = RunPlumb("parity /no/such/case");
  EXPECT_EQ(absent.code, 4);
  EXPECT_THAT(absent.err, HasSubstr("/no/such/case: is no folder"));
}

TEST(VerbParityTest, AnUnknownComponentIsRefusedByName) {
  const TestFolder folder;
  WriteParityCase(folder.path(), PlainCase(), {{"sample", FloatTensor({1}, {1})}});
  const ProgramOutput output = RunPlumb("parity " + folder.path().string());
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, AllOf(HasSubstr("'NoSuchModel'"), HasSubstr("there are: ")));
  const ProgramOutput as_json = RunPlumb("parity --json " + folder.path().string());
  EXPECT_EQ(as_json.code, 4);
  const Json found = Json::parse(as_json.out)["cases"][0];
  EXPECT_EQ(found["status"], "rejected");
  EXPECT_EQ(found["component"], "NoSuchModel");
  EXPECT_THAT(found["reason"].get<std::string>(), HasSubstr("not supported"));
  EXPECT_TRUE(found["tensors"].empty());
}

TEST(VerbParityTest, CasesOfMetricsAreReplayedBesideThoseOfComponents) {
  const std::string cases = (SourceFolder() / "tests/metrics/published/cases").string();
  const ProgramOutput passed = RunPlumb("parity " + cases + "/gvgc-no-matrix");
  EXPECT_EQ(passed.code, 0) << passed.err;
  EXPECT_THAT(passed.out, AllOf(HasSubstr("gvgc, arXiv 2402.17403"), HasSubstr("1 passed")));
  EXPECT_THAT(passed.out, HasSubstr("undefined          expected undefined          pass"));
  const TestFolder folder;
  std::ofstream(folder / "case.json") << R"({"metric": "sampson", "inputs": {}, "expected": {}})";
  const ProgramOutput rejected = RunPlumb("parity --json " + folder.path().string());
  EXPECT_EQ(rejected.code, 4);
  EXPECT_EQ(Json::parse(rejected.out)["cases"][0]["status"], "rejected");
}

}  // namespace
}  // namespace plumb
