// SPDX-License-Identifier: Apache-2.0
// Frames per second of rendering with every pass, 256 x 256, two threads, for each scenario of the
// catalogue; the same in three sizes; simulation. At the end the catalogue's median and extremes.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

constexpr int kThreads = 2;

RenderOptions EveryPassAt(int side_px) {
  RenderOptions options;
  options.frames = 48;
  options.width = options.height = side_px;
  options.threads = kThreads;
  return RenderOptions::EveryPass(options);
}

// Gives back what earlier scenes took and lets the kernel count the most memory anew.
void ForgetMostMemory() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

double MostMemory_mb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

// Counters: `fps` by the clock on the wall; `cpu_ms`, the processor time of all threads for one
// frame; `fps_by_cpu`, what two processors with nothing else to do would reach at most.
void TimeRender(benchmark::State& state, const std::string& scenario, int side_px) {
  const Scene scene = MakeScene(scenario, 1, 1);
  const RenderOptions options = EveryPassAt(side_px);
  ForgetMostMemory();
  const Motion motion = MakeTruth(scene, options).motion;
  const double memory_mb = MostMemory_mb();
  const std::clock_t start = std::clock();
  for (auto _ : state) benchmark::DoNotOptimize(Render(scene, motion, options));
  const double cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const double frames = static_cast<double>(options.frames * state.iterations());
  state.counters["fps"] = benchmark::Counter(frames, benchmark::Counter::kIsRate);
  state.counters["cpu_ms"] = 1000 * cpu_s / frames;
  state.counters["fps_by_cpu"] = kThreads * frames / cpu_s;
  state.counters["memory_mb"] = memory_mb;
}

void BenchSimulate(benchmark::State& state, const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 1, 1);
  for (auto _ : state) benchmark::DoNotOptimize(Simulate(scene, {}));
}
BENCHMARK_CAPTURE(BenchSimulate, bounce, "bounce")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchSimulate, incline_slide, "incline_slide")->Unit(benchmark::kMillisecond);

const std::string kRender = "Render/";
const std::string kSize = "Size/";

void RegisterRenders() {
  const auto add = [](const std::string& name, const std::string& scenario, int side_px) {
    benchmark::RegisterBenchmark(name.c_str(), TimeRender, scenario, side_px)
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  };
  for (const ScenarioInfo& info : ListScenarios()) {
    add(kRender + std::string(info.id), std::string(info.id), 256);
  }
  for (const int side_px : {128, 256, 512}) {
    add(kSize + std::to_string(side_px), "orbit_room", side_px);
  }
}

// Prints, besides every line, what they come to.
class CatalogueReporter : public benchmark::ConsoleReporter {
 public:
  CatalogueReporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.error_occurred || run.run_type != Run::RT_Iteration) continue;
      const std::string name = run.run_name.function_name;
      if (name.starts_with(kRender)) rendered_.push_back({name.substr(kRender.size()), run});
      if (name.starts_with(kSize)) sizes_.push_back({name.substr(kSize.size()), run});
    }
  }

  void Finalize() override {
    ConsoleReporter::Finalize();
    if (!rendered_.empty()) {
      PrintTable();
      fmt::print("\n{} scenarios, 256x256, every pass, {} threads\n", rendered_.size(), kThreads);
      PrintSpread("frames/s", "fps", true);
      PrintSpread("frames/s by processor time", "fps_by_cpu", true);
      PrintSpread("most memory, MB", "memory_mb", false);
    }
    for (const Named& size : sizes_) {
      const double pixels = std::pow(std::stod(size.name), 2);
      fmt::print("{}x{}: {:.1f} ns of processor time a pixel\n",
                 size.name,
                 size.name,
                 1e6 * Value(size, "cpu_ms") / pixels);
    }
  }

 private:
  struct Named {
    std::string name;
    Run run;
  };
  static double Value(const Named& entry, const char* counter) {
    return entry.run.counters.at(counter).value;
  }

  // As docs/speed.md has it.
  void PrintTable() const {
    fmt::print(
        "\n| scenario | ms of processor time a frame | frames/s by it | frames/s | MB |\n"
        "|---|---|---|---|---|\n");
    for (const Named& entry : rendered_) {
      fmt::print("| `{}` | {:.1f} | {:.0f} | {:.0f} | {:.0f} |\n",
                 entry.name,
                 Value(entry, "cpu_ms"),
                 Value(entry, "fps_by_cpu"),
                 Value(entry, "fps"),
                 Value(entry, "memory_mb"));
    }
  }

  // The median and the worst of a counter over the catalogue.
  void PrintSpread(const char* what, const char* counter, bool more_is_better) {
    std::vector<Named> sorted = rendered_;
    std::sort(sorted.begin(), sorted.end(), [&](const Named& a, const Named& b) {
      return more_is_better ? Value(a, counter) < Value(b, counter)
                            : Value(a, counter) > Value(b, counter);
    });
    const size_t half = sorted.size() / 2;
    const double median =
        (Value(sorted[half], counter) + Value(sorted[(sorted.size() - 1) / 2], counter)) / 2;
    fmt::print("{:28} median {:6.1f}   worst {:6.1f} ({})\n",
               what,
               median,
               Value(sorted.front(), counter),
               sorted.front().name);
  }

  std::vector<Named> rendered_;
  std::vector<Named> sizes_;
};

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  plumb::RegisterRenders();
  plumb::CatalogueReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return 0;
}
