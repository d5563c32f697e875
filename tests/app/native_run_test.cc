// SPDX-License-Identifier: Apache-2.0
// `plumb run` with a native checkpoint, from the outside.
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/app/generate_fixture.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuite = R"(schema: 1
name: small
seed: 3
protocol: {width: 32, height: 32, frames: 9, fps: 24, conditioning_frames: 1}
scenes:
  - {scenario: drop, seeds: [1, 2, 3]}
  - {scenario: collide, seeds: [1]}
families: [permanence]
)";

class NativeRunTest : public TrainedForAMoment {
 protected:
  // What a run makes and measures.
  struct Outcome {
    std::map<std::string, std::string> samples;  // bytes by path, which is named by their content
    Json results;
  };
  static Outcome Run(int workers, int threads) {
    WriteText(Path("small.yaml"), kSuite);
    const std::string out = Path(fmt::format("run-{}-{}", workers, threads));
    const ProgramOutput run =
        RunShell(fmt::format("NO_COLOR=1 OMP_NUM_THREADS={} {} run {} --model native:{} "
                             "--workers {} --no-report --out {}",
                             threads,
                             PlumbProgram(),
                             Path("small.yaml"),
                             Checkpoint(),
                             workers,
                             out));
    Outcome outcome;
    for (const auto& entry : fs::recursive_directory_iterator(out + "/samples")) {
      if (entry.path().filename() != "sample.mkv") continue;
      outcome.samples[fs::relative(entry.path(), out)] = FileText(entry.path());
    }
    outcome.results = Json::parse(RunPlumb("report " + out + " --format json --repeatable").out);
    for (const Json& cell : outcome.results["cells"]) EXPECT_EQ(cell["status"], "done") << run.err;
    return outcome;
  }
};

TEST_F(NativeRunTest, OneWorkerOrTwoWithOneThreadOrTwoMakeTheSameSamples) {
  const Outcome one = Run(1, 1);
  EXPECT_EQ(one.samples.size(), 4U) << "a sample for every scene, none like another";
  const Outcome two = Run(2, 2);
  EXPECT_TRUE(two.samples == one.samples);
  EXPECT_EQ(two.results, one.results);
}

}  // namespace
}  // namespace plumb
