// SPDX-License-Identifier: Apache-2.0
// `plumb parity`: which codes it ends with, and what it prints.
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

TEST(VerbParityTest, CasesOfMetricsAreRefusedInAPlainSentence) {
  const TestFolder folder;
  WriteParityCase(folder.path(), {{"metric", "sampson"}}, {{"x", FloatTensor({1}, {1})}});
  const ProgramOutput output = RunPlumb("parity " + folder.path().string());
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("this is a case of a metric"));
}

}  // namespace
}  // namespace plumb
