// SPDX-License-Identifier: Apache-2.0
#include "core/score.h"

#include <array>
#include <cmath>
#include <utility>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr std::array<std::pair<ReasonCode, std::string_view>, 15> kReasonCodes = {{
    {ReasonCode::kTooFewFrames, "too_few_frames"},
    {ReasonCode::kTooLittleTexture, "too_little_texture"},
    {ReasonCode::kNoCameraMotion, "no_camera_motion"},
    {ReasonCode::kNoParallax, "no_parallax"},
    {ReasonCode::kShotCut, "shot_cut"},
    {ReasonCode::kTooFewTracks, "too_few_tracks"},
    {ReasonCode::kNoTruth, "no_truth"},
    {ReasonCode::kNoStates, "no_states"},
    {ReasonCode::kNoConditioning, "no_conditioning"},
    {ReasonCode::kNoEvent, "no_event"},
    {ReasonCode::kNoObjects, "no_objects"},
    {ReasonCode::kObjectNotFound, "object_not_found"},
    {ReasonCode::kLawNotApplicable, "law_not_applicable"},
    {ReasonCode::kUnrelated, "unrelated"},
    {ReasonCode::kMetricFailed, "metric_failed"},
}};

std::string_view StatusName(ScoreStatus status) {
  switch (status) {
    case ScoreStatus::kMeasured:
      return "measured";
    case ScoreStatus::kNotMeasurable:
      return "not_measurable";
    case ScoreStatus::kNotTested:
      return "not_tested";
  }
  throw CheckFailure("unknown score status");
}

Direction DirectionFromJson(const Json& json) {
  for (const Direction better : {Direction::kHigher, Direction::kLower, Direction::kNone}) {
    if (ToJson(better) == json) return better;
  }
  throw CheckFailure(fmt::format("better is {}, expected higher, lower or null", json.dump()));
}

// What a score and its column have in common.
ScoreInfo InfoWithoutSummary(const Json& json) {
  ScoreInfo info;
  info.id = json.at("id").get<std::string>();
  info.unit = json.at("unit").get<std::string>();
  info.better = DirectionFromJson(json.at("better"));
  info.version = json.at("version").get<int>();
  info.headline = json.at("headline").get<bool>();
  return info;
}

// A value or a reason, never both: what does not apply must be null.
void RefuseBoth(const Json& json, bool measured) {
  for (const char* key : {"value", "low", "high", "noise_floor"}) {
    PLUMB_CHECK(measured || json.at(key).is_null(), "{} without a measured status", key);
  }
  PLUMB_CHECK(!measured || json.at("reason").is_null(), "measured, and a reason why not");
}

Score ScoreFromCheckedJson(const Json& json) {
  const ScoreInfo info = InfoWithoutSummary(json);
  const std::string status = json.at("status").get<std::string>();
  Evidence evidence;
  evidence.frames = json.at("frames").get<std::vector<int>>();
  evidence.details = json.at("evidence");
  RefuseBoth(json, status == "measured");
  if (status == "measured") {
    Score score = Score::Measured(info,
                                  json.at("value").get<double>(),
                                  json.at("low").get<double>(),
                                  json.at("high").get<double>(),
                                  std::move(evidence));
    const Json& floor = json.at("noise_floor");
    return floor.is_null() ? score : score.WithNoiseFloor(floor.get<double>());
  }
  const Reason reason{ReasonCodeFromName(json.at("reason").at("code").get<std::string>()),
                      json.at("reason").at("text").get<std::string>()};
  if (status == "not_measurable") return Score::NotMeasurable(info, reason, std::move(evidence));
  PLUMB_CHECK(status == "not_tested", "status '{}'", status);
  return Score::NotTested(info, reason);
}

}  // namespace

std::string_view DirectionName(Direction better) {
  switch (better) {
    case Direction::kHigher:
      return "higher";
    case Direction::kLower:
      return "lower";
    case Direction::kNone:
      return "";
  }
  throw CheckFailure("unknown direction");
}

Json ToJson(Direction better) {
  return better == Direction::kNone ? Json(nullptr) : Json(DirectionName(better));
}

Json ToJson(const ScoreInfo& info) {
  return {{"id", info.id},
          {"unit", info.unit},
          {"better", ToJson(info.better)},
          {"version", info.version},
          {"headline", info.headline},
          {"summary", info.summary}};
}

ScoreInfo ScoreInfoFromJson(const Json& json) {
  ScoreInfo info = InfoWithoutSummary(json);
  info.summary = json.at("summary").get<std::string>();
  return info;
}

std::string_view ReasonCodeName(ReasonCode code) {
  return kReasonCodes[static_cast<size_t>(code)].second;
}

ReasonCode ReasonCodeFromName(std::string_view name) {
  for (const auto& [code, text] : kReasonCodes) {
    if (text == name) return code;
  }
  throw CheckFailure(fmt::format("unknown reason code '{}'", name));
}

Score Score::Measured(
    const ScoreInfo& info, double value, double low, double high, Evidence evidence) {
  PLUMB_CHECK(std::isfinite(value) && std::isfinite(low) && std::isfinite(high),
              "{}: {} [{}, {}]",
              info.id,
              value,
              low,
              high);
  PLUMB_CHECK(low <= value && value <= high, "{}: {} outside [{}, {}]", info.id, value, low, high);
  Score score;
  score.info_ = info;
  score.status_ = ScoreStatus::kMeasured;
  score.value_ = value;
  score.low_ = low;
  score.high_ = high;
  score.evidence_ = std::move(evidence);
  return score;
}

Score Score::NotMeasurable(const ScoreInfo& info, Reason reason, Evidence evidence) {
  PLUMB_CHECK(!reason.text.empty(), "{}: a reason needs a text", info.id);
  Score score;
  score.info_ = info;
  score.status_ = ScoreStatus::kNotMeasurable;
  score.reason_ = std::move(reason);
  score.evidence_ = std::move(evidence);
  return score;
}

Score Score::NotTested(const ScoreInfo& info, Reason reason) {
  Score score = NotMeasurable(info, std::move(reason));
  score.status_ = ScoreStatus::kNotTested;
  return score;
}

double Score::value() const {
  PLUMB_CHECK(measured(), "{}", info_.id);
  return value_;
}

double Score::low() const {
  PLUMB_CHECK(measured(), "{}", info_.id);
  return low_;
}

double Score::high() const {
  PLUMB_CHECK(measured(), "{}", info_.id);
  return high_;
}

const Reason& Score::reason() const {
  PLUMB_CHECK(!measured(), "{}", info_.id);
  return reason_;
}

Score Score::WithNoiseFloor(double noise_floor) const {
  PLUMB_CHECK(measured() && std::isfinite(noise_floor), "{}", info_.id);
  Score score = *this;
  score.noise_floor_ = noise_floor;
  return score;
}

Json ToJson(const Score& score) {
  Json json;
  json["id"] = score.id();
  json["status"] = StatusName(score.status());
  json["value"] = score.measured() ? Json(score.value()) : Json(nullptr);
  json["low"] = score.measured() ? Json(score.low()) : Json(nullptr);
  json["high"] = score.measured() ? Json(score.high()) : Json(nullptr);
  json["unit"] = score.info().unit;
  json["better"] = ToJson(score.info().better);
  json["headline"] = score.info().headline;
  json["reason"] = nullptr;
  if (!score.measured()) {
    json["reason"] = {{"code", ReasonCodeName(score.reason().code)}, {"text", score.reason().text}};
  }
  json["noise_floor"] = score.noise_floor() ? Json(*score.noise_floor()) : Json(nullptr);
  json["version"] = score.info().version;
  json["evidence"] = score.evidence().details;
  json["frames"] = score.evidence().frames;
  return json;
}

Score ScoreFromJson(const Json& json, const std::string& place) {
  try {
    return ScoreFromCheckedJson(json);
  } catch (const Json::exception& error) {
    throw InputError(place, std::string("no valid score: ") + error.what());
  } catch (const CheckFailure& error) {
    throw InputError(place, std::string("no valid score: ") + error.what());
  }
}

}  // namespace plumb
