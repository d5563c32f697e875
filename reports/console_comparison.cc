// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

#include "reports/console.h"
#include "reports/text.h"
#include "reports/text_table.h"

namespace plumb {
namespace {

constexpr int kVerdictWidth = 17;  // the longest verdict and two spaces

std::string VerdictText(const MetricComparison& metric, bool colour) {
  const std::string_view name = VerdictName(metric.verdict);
  if (metric.verdict == Verdict::kRegressed) return Red(name, colour);
  if (metric.verdict == Verdict::kImproved) return Green(name, colour);
  return std::string(name);
}

std::string Signed(double value) { return (value > 0.0 ? "+" : "") + FormatNumber(value); }

// "improved   geometry.consistency  0.871 → 0.912  +0.041 [+0.012, +0.070]  24 pairs, 12 scenes"
std::string ComparisonLine(const MetricComparison& metric, int id_width, bool colour) {
  const std::string_view verdict = VerdictName(metric.verdict);
  const std::string id = CleanText(metric.info.id);
  std::string line = VerdictText(metric, colour) +
                     std::string(kVerdictWidth - verdict.size(), ' ') + id +
                     std::string(std::max(0, id_width - DisplayWidth(id)) + 2, ' ');
  if (metric.pairs == 0) return line + "–";
  return line + fmt::format("{} → {}  {} [{}, {}]  {}, {}",
                            FormatNumber(metric.base_mean),
                            FormatNumber(metric.head_mean),
                            Signed(metric.difference),
                            Signed(metric.low),
                            Signed(metric.high),
                            Counted(metric.pairs, "pair"),
                            Counted(metric.scenes, "scene"));
}

// The reason, and below it what could not be paired.
std::string WhyLines(const MetricComparison& metric, const ConsoleOptions& options) {
  const std::string indent(kVerdictWidth, ' ');
  const int width = std::max(20, options.width - kVerdictWidth);
  std::string lines = indent + Dim(Shortened(metric.why, width), options.colour) + '\n';
  if (metric.only_base + metric.only_head > 0) {
    const std::string unpaired = fmt::format(
        "measured only in base {}, only in head {}", metric.only_base, metric.only_head);
    lines += indent + Dim(unpaired, options.colour) + '\n';
  }
  return lines;
}

}  // namespace

std::string ConsoleComparison(const Comparison& comparison, const ConsoleOptions& options) {
  std::string out =
      fmt::format("base  {}\nhead  {}\n\n", CleanText(comparison.base), CleanText(comparison.head));
  const int limit = options.list_limit;
  int id_width = 0;
  for (const MetricComparison& metric : comparison.metrics) {
    id_width = std::max(id_width, DisplayWidth(CleanText(metric.info.id)));
  }
  std::map<Verdict, int> counts;
  for (const MetricComparison& metric : comparison.metrics) {
    out += ComparisonLine(metric, id_width, options.colour) + '\n';
    out += WhyLines(metric, options);
    ++counts[metric.verdict];
  }
  std::string summary;
  for (const auto& [verdict, count] : counts) {
    summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, VerdictName(verdict));
  }
  out += '\n' + Bold(summary.empty() ? "nothing to compare" : summary, options.colour) + '\n';
  return out +
         RenderList(
             {"newly failing", comparison.newly_failing, limit}, options.width, options.colour) +
         RenderList({"fixed", comparison.fixed, limit}, options.width, options.colour) +
         RenderList({"warnings", comparison.warnings, limit}, options.width, options.colour);
}

}  // namespace plumb
