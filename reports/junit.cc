// SPDX-License-Identifier: Apache-2.0
#include "reports/junit.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/text.h"

namespace plumb {
namespace {

// Test cases of one suite, counted while they are written.
struct SuiteXml {
  std::string name;
  std::string cases;
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0.0;
};

std::string Wrapped(const std::vector<SuiteXml>& suites, const std::string& name) {
  SuiteXml all;
  std::string body;
  for (const SuiteXml& suite : suites) {
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
    all.skipped += suite.skipped;
    body += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\">\n{}  </testsuite>\n",
        ForXml(suite.name),
        suite.tests,
        suite.failures,
        suite.errors,
        suite.skipped,
        suite.seconds,
        suite.cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}</testsuites>\n",
      ForXml(name),
      all.tests,
      all.failures,
      all.errors,
      all.skipped,
      body);
}

std::string Outcome(std::string_view element, std::string_view type, std::string_view message) {
  return fmt::format(
      "      <{} type=\"{}\" message=\"{}\"/>\n", element, ForXml(type), ForXml(message));
}

std::string ScoreText(const Score& score) {
  if (score.measured()) {
    return fmt::format("{} [{}, {}]", score.value(), score.low(), score.high());
  }
  return std::string(ReasonCodeName(score.reason().code)) + ": " + score.reason().text;
}

std::string Properties(const Cell& cell) {
  std::string out;
  for (const Score& score : cell.scores) {
    out += fmt::format("        <property name=\"{}\" value=\"{}\"/>\n",
                       ForXml(score.id()),
                       ForXml(ScoreText(score)));
  }
  return out.empty() ? "" : "      <properties>\n" + out + "      </properties>\n";
}

bool AnyMeasured(const Cell& cell) {
  return std::any_of(
      cell.scores.begin(), cell.scores.end(), [](const Score& score) { return score.measured(); });
}

std::string ReasonsText(const Cell& cell) {
  std::string out;
  for (const Score& score : cell.scores) {
    if (!out.empty()) out += "; ";
    out += score.id() + " " + ScoreText(score);
  }
  return out.empty() ? "no score was asked for" : out;
}

void AddCase(SuiteXml& suite, std::string_view name, double seconds, const std::string& body) {
  ++suite.tests;
  suite.seconds += seconds;
  suite.cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n{}",
                             ForXml(suite.name),
                             ForXml(name),
                             seconds,
                             body);
  suite.cases += "    </testcase>\n";
}

void AddCell(SuiteXml& suite, const Cell& cell) {
  double seconds = 0.0;
  for (const auto& [stage, time] : cell.stage_seconds) {
    // "score geometry" and its like are parts of "score".
    if (!stage.starts_with("score ")) seconds += time;
  }
  const std::string name = fmt::format("{}/{}", cell.key.scene, cell.key.seed);
  std::string body = Properties(cell);
  if (cell.status != CellStatus::kDone) {
    ++suite.errors;
    const std::string type =
        cell.stage.empty() ? std::string(CellStatusName(cell.status)) : cell.stage;
    body += Outcome("error", type, cell.reason.empty() ? "no reason recorded" : cell.reason);
  } else if (!AnyMeasured(cell)) {
    ++suite.skipped;
    body += fmt::format("      <skipped message=\"{}\"/>\n", ForXml(ReasonsText(cell)));
  }
  AddCase(suite, name, seconds, body);
}

}  // namespace

std::string JUnitXml(const Results& results) {
  std::vector<SuiteXml> suites;
  for (const std::string& model : results.models) {
    SuiteXml suite;
    suite.name = model;
    for (const Cell& cell : results.cells) {
      if (cell.key.model == model) AddCell(suite, cell);
    }
    for (const LeftOut& left : results.left_out) {
      if (left.model != model) continue;
      ++suite.skipped;
      AddCase(suite,
              left.scene,
              0.0,
              fmt::format("      <skipped message=\"{}\"/>\n", ForXml(left.reason)));
    }
    suites.push_back(std::move(suite));
  }
  return Wrapped(suites, results.name);
}

std::string JUnitXml(const std::vector<GateOutcome>& gates, const std::string& name) {
  SuiteXml suite;
  suite.name = name;
  for (const GateOutcome& gate : gates) {
    std::string body;
    if (gate.status == GateStatus::kFailed) {
      ++suite.failures;
      body = Outcome("failure", "gate", gate.text);
    } else if (gate.status == GateStatus::kSkipped) {
      ++suite.skipped;
      body = fmt::format("      <skipped message=\"{}\"/>\n", ForXml(gate.text));
    } else {
      body = fmt::format("      <system-out>{}</system-out>\n", ForXml(gate.text));
    }
    AddCase(suite, gate.name, 0.0, body);
  }
  return Wrapped({suite}, name);
}

std::vector<GateOutcome> GatesOf(const Comparison& comparison) {
  std::vector<GateOutcome> gates;
  for (const MetricComparison& metric : comparison.metrics) {
    GateOutcome gate;
    gate.name = metric.info.id;
    gate.text = fmt::format("{}: {}", VerdictName(metric.verdict), metric.why);
    const bool decided = metric.verdict == Verdict::kImproved ||
                         metric.verdict == Verdict::kRegressed ||
                         metric.verdict == Verdict::kNoChange;
    if (decided) {
      gate.status =
          metric.verdict == Verdict::kRegressed ? GateStatus::kFailed : GateStatus::kPassed;
    }
    gates.push_back(std::move(gate));
  }
  for (const std::string& cell : comparison.newly_failing) {
    gates.push_back({cell, GateStatus::kFailed, "done in base, failed or missing in head"});
  }
  return gates;
}

}  // namespace plumb
