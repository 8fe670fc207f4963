#include "metrics/rule_file.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "core/files.h"
#include "metrics/rule_term.h"

namespace bench {
namespace {

constexpr std::string_view kForm = "ID: if FIELD OP VALUE [and ...] then FIELD OP VALUE [and ...]";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view kBlanks = " \t\r";
  for (size_t begin = text.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

bool good_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

struct Implication {
  std::vector<RuleTerm> premise, check;
};

bool all_hold(const std::vector<RuleTerm>& terms, const Trace& trace, size_t row) {
  return std::all_of(terms.begin(), terms.end(),
                     [&](const RuleTerm& term) { return term.holds(trace, row); });
}

// words = ID: if FIELD OP VALUE [and FIELD OP VALUE] ... then ...
Rule parse_rule(const std::vector<std::string_view>& words, const RulePlace& place) {
  const auto expect = [&](size_t at, bool right, std::string_view what) {
    if (right) return;
    fail(Kind::config, "{}:{}: \"{}\" stands where {} would be right; a rule is {}", place.file, place.line,
         at < words.size() ? words[at] : "the end of the line", what, kForm);
  };
  Rule rule;
  rule.id = words[0].substr(0, words[0].size() - 1);
  expect(0, words[0].back() == ':' && good_id(rule.id), "an ID of letters, digits, - _ . and a colon");
  expect(1, words.size() > 1 && words[1] == "if", "if");
  rule.kinds = {TraceKind::flows, TraceKind::packets};
  Implication parts;
  auto* terms = &parts.premise;
  for (size_t at = 2;; at += 4) {
    expect(words.size(), at + 2 < words.size(), "FIELD OP VALUE");
    terms->push_back(parse_term(words[at], words[at + 1], words[at + 2], place, rule.columns, rule.kinds));
    const size_t next = at + 3;
    if (next == words.size() && terms == &parts.check) break;
    const bool first = terms == &parts.premise;
    const bool turn = first && next < words.size() && words[next] == "then";
    expect(next, turn || (next < words.size() && words[next] == "and"), first ? "and or then" : "and");
    if (turn) terms = &parts.check;
  }
  if (rule.kinds.empty()) {
    fail(Kind::config, "{}:{}: {} needs a column of packets and one of flow records; one kind would be right",
         place.file, place.line, rule.id);
  }
  rule.text = fmt::format("{}", fmt::join(words.begin() + 1, words.end(), " "));
  rule.count = [parts](const RuleInput& in) {
    return count_records(
        in, [&](const Trace& trace, size_t row) { return all_hold(parts.premise, trace, row); },
        [&](const Trace& trace, size_t row) { return all_hold(parts.check, trace, row); });
  };
  return rule;
}

}  // namespace

std::vector<Rule> parse_rules(std::string_view text, const std::string& file) {
  std::vector<Rule> rules;
  size_t line_number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    line = line.substr(0, line.find('#'));
    const auto words = words_of(line);
    if (words.empty()) continue;
    Rule rule = parse_rule(words, {file, line_number});
    const auto same_id = [&](const Rule& other) { return other.id == rule.id; };
    const auto& known = built_in_rules();
    if (std::any_of(rules.begin(), rules.end(), same_id) || rule.id == kAnyRule ||
        std::any_of(known.begin(), known.end(), same_id)) {
      fail(Kind::config, "{}:{}: there is a rule {} already; another ID would be right", file, line_number,
           rule.id);
    }
    rules.push_back(std::move(rule));
  }
  if (rules.empty())
    fail(Kind::config, "{}: holds no rule; one or more lines {} would be right", file, kForm);
  return rules;
}

std::vector<Rule> read_rules(const std::filesystem::path& path) {
  return parse_rules(read_text_file(path), path.string());
}

}  // namespace bench
