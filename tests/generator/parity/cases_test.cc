// SPDX-License-Identifier: Apache-2.0
// Every case in cases/ beside this file, and those that stand beside the checkout.
#include <algorithm>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/parity/parity.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::vector<fs::path> CasesIn(const fs::path& folder) {
  std::vector<fs::path> cases;
  if (!fs::is_directory(folder)) return cases;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path description = entry.path() / "case.json";
    if (fs::exists(description) &&
        FileText(description).find("\"component\"") != std::string::npos) {
      cases.push_back(entry.path());
    }
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

fs::path Committed() { return SourceFolder() / "tests/generator/parity/cases"; }

bool IsKnown(const ParityCase& parity_case) {
  const std::vector<std::string> known = ParityComponents();
  const std::string name = parity_case.component + " " + parity_case.call;
  return std::find(known.begin(), known.end(), name) != known.end();
}

void ExpectPass(const fs::path& folder) {
  const ParityResult result = ReplayParityCase(ReadParityCase(folder));
  for (const ParityTensor& tensor : result.tensors) {
    EXPECT_TRUE(tensor.passed) << folder << " " << tensor.name << ": "
                               << tensor.max_abs_error.value_or(-1) << " above " << tensor.tolerance
                               << " " << tensor.problem;
  }
}

TEST(CasesTest, EveryCommittedCasePasses) {
  int lineage = 0;  // traces are replayed by TraceTest
  for (const fs::path& folder : CasesIn(Committed())) {
    if (folder.filename().string().starts_with("trace-")) continue;
    ++lineage;
    ExpectPass(folder);
  }
  EXPECT_EQ(lineage, 12);
}

// The case is at fault, so the others of a run still count.
TEST(CasesTest, ALoopThatCannotBeRunIsTheCasesError) {
  const ParityCase sound = ReadParityCase(Committed() / "dit-loop-ddpm-upstream");
  const auto complaint = [](const ParityCase& parity_case) -> std::string {
    try {
      ReplayParityCase(parity_case);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, Json>>{{"num_inference_steps", 0},
                                                 {"num_inference_steps", 1001},
                                                 {"num_inference_steps", 2.7},
                                                 {"num_inference_steps", 1e30},
                                                 {"guidance_scale", "much"},
                                                 {"guidance_channels", 3},
                                                 {"guidance_channels", "some"},
                                                 {"sampler", "heun"},
                                                 {"smapler", "ddim"},
                                                 {"class_labels", {11, 3}}}) {
    ParityCase broken = sound;
    broken.args[key] = value;
    EXPECT_THAT(complaint(broken), HasSubstr("case.json")) << key << " " << value;
  }
  ParityCase broken = sound;
  broken.inputs.at("noise.0") = Tensor(DType::kF32, {2, 4, 64});
  EXPECT_THAT(complaint(broken), HasSubstr("tensor 'noise.0' has shape [2, 4, 64]"));
}

TEST(CasesTest, CasesBesideTheCheckoutPass) {
  const std::vector<fs::path> cases = CasesIn(DataFolder().parent_path() / "parity");
  if (cases.empty()) GTEST_SKIP() << "no cases beside the checkout";
  for (const fs::path& folder : cases) {
    if (IsKnown(ReadParityCase(folder))) ExpectPass(folder);
  }
}

TEST(CasesTest, ToleranceIsTenTimesTheErrorOfTheReferenceInFloat32) {
  for (const fs::path& folder : CasesIn(Committed())) {
    const Json description = Json::parse(FileText(folder / "case.json"));
    double error = 1.2e-7;
    for (const auto& [name, value] : description["float32_reference_error"].items()) {
      error = std::max(error, value.get<double>());
    }
    // Rounded up to two digits, which adds a tenth at most.
    EXPECT_LE(description["rel_tol"], 11.0 * error) << folder;
    EXPECT_EQ(description["abs_tol"], 0.0) << folder;
  }
}

// A case that a wrong output passes is worth nothing: each tensor, moved by a thousandth of its
// size or by twice its tolerance where that is more, fails.
TEST(CasesTest, EveryCaseRefusesOutputsThatAreALittleOff) {
  for (const fs::path& folder : CasesIn(Committed())) {
    const ParityCase parity_case = ReadParityCase(folder);
    const ParityResult exact = CompareParity(parity_case, parity_case.expected);
    EXPECT_TRUE(exact.Passed()) << folder;
    for (const ParityTensor& tensor : exact.tensors) {
      if (parity_case.expected.at(tensor.name).dtype() != DType::kF32) continue;
      NamedTensors moved = parity_case.expected;
      moved.at(tensor.name).As<float>()[0] +=
          static_cast<float>(std::max(1e-3 * tensor.expected_rms, 2.0 * tensor.tolerance));
      EXPECT_FALSE(CompareParity(parity_case, moved).Passed()) << folder << " " << tensor.name;
    }
  }
}

TEST(CasesTest, CommittedCasesStaySmall) {
  uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(Committed())) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  EXPECT_LT(bytes, uintmax_t{3} << 20);
}

}  // namespace
}  // namespace plumb
