// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "generator/parity/parity.h"
#include "tests/generator/parity/parity_case.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class ReadCaseTest : public ::testing::Test {
 protected:
  fs::path Write(const Json& description) const {
    return WriteParityCase(folder_.path(), description, {{"sample", FloatTensor({1}, {2})}});
  }
  TestFolder folder_;
};

TEST_F(ReadCaseTest, EveryFieldComesThrough) {
  Json description = PlainCase();
  description["args"] = {{"guidance_scale", 3.0}};
  description["notes"] = "anything else is a note";
  const ParityCase parity_case = ReadParityCase(Write(description));
  EXPECT_EQ(parity_case.component, "NoSuchModel");
  EXPECT_EQ(parity_case.call, "forward");
  EXPECT_EQ(parity_case.reference, "nobody 1.0");
  EXPECT_EQ(parity_case.abs_tol, 0.0);
  EXPECT_EQ(parity_case.rel_tol, 1e-3);
  EXPECT_EQ(parity_case.args["guidance_scale"], 3.0);
  EXPECT_EQ(parity_case.inputs.at("sample").As<float>()[0], 1);
  EXPECT_EQ(parity_case.expected.at("sample").As<float>()[0], 2);
  EXPECT_EQ(parity_case.Checkpoint(), folder_.path() / "checkpoint");
}

TEST_F(ReadCaseTest, EveryBrokenKeyIsNamed) {
  const std::vector<std::tuple<const char*, Json, const char*>> cases = {
      {"component", nullptr, "is missing"},
      {"component", 3, "expected a text"},
      {"component", "", "a name"},
      {"call", nullptr, "is missing"},
      {"reference", nullptr, "is missing"},
      {"abs_tol", nullptr, "is missing"},
      {"rel_tol", -1e-3, "a number of 0 or more"},
      {"rel_tol", "small", "number"},
      {"args", Json::array({1}), "args"}};
  for (const auto& [key, value, message] : cases) {
    Json description = PlainCase();
    description[key] = value;
    const fs::path folder = Write(description);
    EXPECT_THAT([&] { ReadParityCase(folder); },
                ThrowsMessage<InputError>(
                    AllOf(HasSubstr("case.json"), HasSubstr(key), HasSubstr(message))))
        << key << " " << value;
  }
}

TEST_F(ReadCaseTest, CasesOfMetricsBelongElsewhere) {
  const fs::path folder = Write({{"metric", "sampson"}, {"inputs", Json::object()}});
  EXPECT_THAT([&] { ReadParityCase(folder); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("plumb measure"), HasSubstr("'metric'"))));
}

TEST_F(ReadCaseTest, MissingAndBrokenFilesAreNamed) {
  EXPECT_THAT([&] { ReadParityCase(folder_ / "absent"); },
              ThrowsMessage<InputError>(HasSubstr("is no folder")));
  EXPECT_THAT([&] { ReadParityCase(folder_.path()); },
              ThrowsMessage<InputError>(HasSubstr("case.json: cannot be opened")));
  for (const char* file : {"case.json", "inputs.safetensors", "outputs.safetensors"}) {
    const fs::path folder = Write(PlainCase());
    WriteText(folder / file, "{");
    EXPECT_THAT([&] { ReadParityCase(folder); }, ThrowsMessage<InputError>(HasSubstr(file)));
    fs::remove(folder / file);
    EXPECT_THAT([&] { ReadParityCase(folder); }, ThrowsMessage<InputError>(HasSubstr(file)));
  }
}

TEST_F(ReadCaseTest, ExpectedValuesAreFinite) {
  const fs::path folder =
      WriteParityCase(folder_.path(),
                      PlainCase(),
                      {{"sample", FloatTensor({2}, {0, std::numeric_limits<float>::quiet_NaN()})}});
  EXPECT_THAT([&] { ReadParityCase(folder); },
              ThrowsMessage<InputError>(AllOf(
                  HasSubstr("outputs.safetensors"), HasSubstr("'sample'"), HasSubstr("finite"))));
}

}  // namespace
}  // namespace plumb
