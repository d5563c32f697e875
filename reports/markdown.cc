// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "reports/summary_text.h"
#include "reports/text.h"

namespace plumb {
namespace {

constexpr size_t kListLimit = 50;

std::string Row(const std::vector<std::string>& fields) {
  std::string row = "|";
  for (const std::string& field : fields) row += ' ' + field + " |";
  return row + '\n';
}

std::string Rule(size_t columns) {
  std::string rule = "| --- |";
  for (size_t i = 1; i < columns; ++i) rule += " ---: |";
  return rule + '\n';
}

std::string SummaryField(const ModelScore& summary) {
  std::string notes = BoundsText(summary);
  for (const auto& [reason, count] : summary.reasons) {
    if (summary.mean) break;
    notes += fmt::format("{}{} × {}", notes.empty() ? "" : ", ", ForMarkdown(reason), count);
  }
  return MeanText(summary) + (notes.empty() ? "" : "<br>" + notes);
}

std::string HeadlineTable(const Results& results) {
  std::vector<std::string> head = {"model"};
  std::set<std::string> shown;
  for (const ScoreInfo& info : ColumnsOf(results)) {
    head.push_back(ForMarkdown(info.id));
    shown.insert(info.id);
  }
  const std::vector<ModelScore> summaries = Summarise(results);
  std::string out = Row(head) + Rule(head.size());
  for (const std::string& model : results.models) {
    std::vector<std::string> fields = {ForMarkdown(model)};
    for (const ModelScore& summary : summaries) {
      if (summary.model == model && shown.contains(summary.info.id))
        fields.push_back(SummaryField(summary));
    }
    out += Row(fields);
  }
  return out;
}

std::string List(const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string out = fmt::format("\n**{}**\n\n", title);
  for (size_t i = 0; i < std::min(kListLimit, lines.size()); ++i) {
    out += "* " + ForMarkdown(lines[i]) + '\n';
  }
  if (lines.size() > kListLimit) {
    out += fmt::format("* … and {} more\n", lines.size() - kListLimit);
  }
  return out;
}

}  // namespace

std::string MarkdownTable(const Results& results) {
  std::vector<std::string> broken, left_out;
  for (const Cell& cell : results.cells) {
    if (cell.status == CellStatus::kDone) continue;
    broken.push_back(fmt::format(
        "{}: {} {}: {}", ToString(cell.key), CellStatusName(cell.status), cell.stage, cell.reason));
  }
  for (const LeftOut& left : results.left_out) {
    left_out.push_back(fmt::format("{}, {}: {}", left.model, left.scene, left.reason));
  }
  return fmt::format(
             "**{}**, {}\n\n", ForMarkdown(results.name), Counted(results.cells.size(), "cell")) +
         HeadlineTable(results) + List("Failed and missing", broken) +
         List("Worse than 95 % of the clips of intact worlds", BeyondThreshold(results)) +
         List("Left out of the plan", left_out);
}

std::string MarkdownComparison(const Comparison& comparison) {
  std::string out = fmt::format(
      "**{}** → **{}**\n\n", ForMarkdown(comparison.base), ForMarkdown(comparison.head));
  const std::vector<std::string> head = {
      "score", "verdict", "base", "head", "difference", "95 % interval", "pairs", "why"};
  out += Row(head) + Rule(head.size());
  for (const MetricComparison& metric : comparison.metrics) {
    const bool known = metric.pairs > 0;
    const auto number = [&](double value) { return known ? FormatNumber(value) : "–"; };
    out += Row({ForMarkdown(metric.info.id),
                std::string(VerdictName(metric.verdict)),
                number(metric.base_mean),
                number(metric.head_mean),
                number(metric.difference),
                known ? number(metric.low) + " … " + number(metric.high) : "–",
                fmt::format("{}", metric.pairs),
                ForMarkdown(metric.why)});
  }
  return out + List("Newly failing", comparison.newly_failing) + List("Fixed", comparison.fixed) +
         List("Warnings", comparison.warnings);
}

}  // namespace plumb
